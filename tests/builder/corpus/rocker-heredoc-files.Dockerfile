# syntax=docker/dockerfile:1
FROM debian:12
COPY <<install.R <<"start.sh" /opt/
install.packages("ggplot2", Ncpus = 4)
cat("FROM", "RUN", "\n")
install.R
#!/bin/sh
# $HOME is not expanded here: the end is quoted.
exec R --no-save "$HOME"
start.sh
RUN sh /opt/start.sh
