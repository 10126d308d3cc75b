FROM debian:12
MAINTAINER teacher
ENV APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data \
    APACHE_LOG_DIR=/var/log/apache2
RUN apt-get update; \
    apt-get install -y apache2 php libapache2-mod-php; \
    a2enmod rewrite
COPY ["my site/index.php", "/var/www/html/"]
VOLUME ["/var/log/apache2"]
EXPOSE 80 443/tcp
HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f http://localhost/ || exit 1
CMD ["apachectl", "-D", "FOREGROUND"]
