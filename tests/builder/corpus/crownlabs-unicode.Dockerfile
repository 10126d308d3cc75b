FROM debian:12
LABEL titre="Travaux pratiques d’été : «réseaux»"
RUN echo "é à ü 漢字" > /été.txt
COPY données/ /données/
