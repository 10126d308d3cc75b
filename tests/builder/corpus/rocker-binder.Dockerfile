FROM rocker/binder:4.4.1
## Arguments of the build
ARG NB_USER
ARG NB_UID
COPY --chown=${NB_USER} . ${HOME}
USER root
RUN echo "Checking for 'apt.txt'..." \
        ; if test -f "apt.txt" ; then \
        apt-get update --fix-missing > /dev/null\
        && xargs -a apt.txt apt-get install --yes \
        && apt-get clean > /dev/null \
        ; fi
USER ${NB_USER}
RUN if [ -f install.R ]; then R --quiet -f install.R; fi
