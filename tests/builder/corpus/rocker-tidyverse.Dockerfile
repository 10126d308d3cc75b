FROM rocker/rstudio:4.4.1
RUN install2.r --error --skipinstalled -n -1 \
	tidyverse devtools rmarkdown \
	&& rm -rf /tmp/downloaded_packages
