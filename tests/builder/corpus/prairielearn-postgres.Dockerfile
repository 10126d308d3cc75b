FROM postgres:16
ENV POSTGRES_PASSWORD=$none
COPY *.sql /docker-entrypoint-initdb.d/
VOLUME /var/lib/postgresql/data
VOLUME "/backup" "/logs"
