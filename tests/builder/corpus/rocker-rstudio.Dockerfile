FROM rocker/r-ver:4.4.1
ENV S6_VERSION="v2.1.0.2" RSTUDIO_VERSION="2024.04.2+764" DEFAULT_USER="rstudio"
COPY scripts/ /rocker_scripts
RUN /rocker_scripts/install_rstudio.sh && \
 /rocker_scripts/install_pandoc.sh
EXPOSE 8787
CMD ["/init"]
