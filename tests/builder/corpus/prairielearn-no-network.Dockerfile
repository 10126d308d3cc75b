FROM debian:12
RUN --network=none make -C /work test || true
RUN --network=default apt-get update
