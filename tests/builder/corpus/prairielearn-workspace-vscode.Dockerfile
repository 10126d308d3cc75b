FROM debian:12
RUN apt-get update && apt-get -y install curl && \
    curl -fsSL https://example.org/install.sh | sh
RUN mkdir -p /home/coder/.local/share/code-server/User && \
    echo '{"extensions.autoUpdate": false, "a": "b\n"}' \
      > /home/coder/.local/share/code-server/User/settings.json
EXPOSE 8080
USER 1001
ENTRYPOINT ["code-server", "--auth", "none", "--disable-telemetry", "/home/coder"]
