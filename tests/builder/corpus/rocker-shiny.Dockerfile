FROM rocker/r-ver
RUN \
  apt-get update && \
  apt-get install -y gdebi-core
COPY shiny-server.conf /etc/shiny-server/
EXPOSE 3838
USER shiny:shiny
CMD exec shiny-server 2>&1
