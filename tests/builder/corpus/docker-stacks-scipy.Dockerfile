FROM quay.io/school/minimal-notebook
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN mamba install --yes \
    'altair' \
    'pandas[version=">2"]' \
    'scipy' && \
    mamba clean --all -f -y && \
    fix-permissions "${CONDA_DIR}"
WORKDIR /tmp
ENV XDG_CACHE_HOME="/home/${NB_USER}/.cache/"
RUN MPLBACKEND=Agg python -c "import matplotlib.pyplot"
WORKDIR "${HOME}"
