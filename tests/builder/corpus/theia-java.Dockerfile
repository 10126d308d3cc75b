FROM openjdk:17
COPY --link --from=node:20 /usr/local/bin/node /usr/local/bin/
ENV JAVA_HOME="/usr/local/openjdk-17"
ENV PATH "$PATH:$JAVA_HOME/bin"
