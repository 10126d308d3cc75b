ARG DEBIAN_IMAGE=debian:12
FROM ${DEBIAN_IMAGE}
ARG UID=1010
ARG USER=crownlabs
ENV USER=${USER} UID=${UID} HOME=/home/${USER}
RUN useradd -ms /bin/bash -u ${UID} $USER
RUN apt-get update && apt-get install --no-install-recommends -y \
      tigervnc-standalone-server \
      xfce4-session \
    && rm -rf /var/lib/apt/lists/*
COPY --chmod=755 start.sh /start.sh
USER ${UID}
ENTRYPOINT ["/start.sh"]
