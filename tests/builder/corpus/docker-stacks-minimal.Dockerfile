ARG OWNER=school
ARG BASE_IMAGE=quay.io/$OWNER/base-notebook
FROM $BASE_IMAGE
USER root
RUN apt-get update --yes && \
    apt-get install --yes --no-install-recommends \
    git nano-tiny tzdata unzip vim-tiny \
    # git over ssh
    openssh-client \
    # `less` is needed to run help in R
    less && \
    apt-get clean
RUN update-alternatives --install /usr/bin/nano nano /bin/nano-tiny 10
USER ${NB_UID}
COPY setup-scripts/ /opt/setup-scripts/
