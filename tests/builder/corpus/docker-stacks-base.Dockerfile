# The base of all notebooks.
ARG ROOT_IMAGE=debian:12
FROM $ROOT_IMAGE
LABEL maintainer="Lab team <lab@example.org>"
ARG NB_USER="jovyan"
ARG NB_UID="1000"
# A pipe fails with its first program.
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
USER root
ENV DEBIAN_FRONTEND="noninteractive"
RUN apt-get update --yes && \
    # - security updates first
    apt-get upgrade --yes && \
    apt-get install --yes --no-install-recommends \
    # - bzip2 is necessary to extract the installer
    bzip2 \
    locales \
    tini && \
    apt-get clean && rm -rf /var/lib/apt/lists/* && \
    echo "C.UTF-8 UTF-8" > /etc/locale.gen
ENV CONDA_DIR=/opt/conda \
    SHELL=/bin/bash \
    NB_USER="${NB_USER}" \
    LC_ALL=C.UTF-8
ENV PATH="${CONDA_DIR}/bin:${PATH}" \
    HOME="/home/${NB_USER}"
COPY fix-permissions /usr/local/bin/fix-permissions
RUN chmod a+rx /usr/local/bin/fix-permissions
RUN sed -i.bak -e 's/^%admin/#%admin/' /etc/sudoers || true && \
    useradd --no-log-init --create-home --shell /bin/bash --uid "${NB_UID}" "${NB_USER}"
USER ${NB_UID}
ENTRYPOINT ["tini", "-g", "--"]
CMD ["start.sh"]
WORKDIR "${HOME}"
