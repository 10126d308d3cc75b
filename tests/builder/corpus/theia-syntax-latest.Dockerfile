#syntax=docker/dockerfile:latest
FROM debian:12
COPY --link docs/*.md /x/
COPY --chmod=644 . /y/
