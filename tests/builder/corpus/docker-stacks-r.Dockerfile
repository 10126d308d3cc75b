FROM quay.io/school/minimal-notebook AS r
USER root
RUN apt-get update && apt-get install -y fonts-dejavu gfortran gcc
USER $NB_UID
RUN mamba install -y 'r-base' 'r-caret' && mamba clean --all -f -y \
 && R -e "IRkernel::installspec()"
