FROM rocker/verse
RUN set -e; for package in libgdal-dev libproj-dev "libudunits2-dev"; do \
      apt-get install -y --no-install-recommends $package; \
    done # the shell's own comment
RUN R -q -e 'install.packages(c("sf", "terra"), repos = Sys.getenv("CRAN"))'
