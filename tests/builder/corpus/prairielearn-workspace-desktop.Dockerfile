FROM debian:12 AS novnc
ADD novnc.tar.gz /opt/
FROM debian:12
COPY --from=novnc --chown=1001:1001 /opt/novnc /opt/novnc
COPY --from=0 /etc/passwd /tmp/passwd
RUN --mount=type=tmpfs,target=/tmp/build \
    apt-get update && apt-get install -y xfce4
EXPOSE 8080
CMD ["supervisord", "-n"]
