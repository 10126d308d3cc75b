FROM debian:12 AS victim
RUN apt-get update && apt-get install -y python3
COPY server.py /srv/
HEALTHCHECK NONE
STOPSIGNAL 9
CMD python3 /srv/server.py --port=8000

FROM debian:12 AS attacker
RUN apt-get update && apt-get install -y hping3
CMD [ "sleep", "infinity" ]
