# escape=`
FROM debian:12
SHELL ["bash", "-c"]
RUN echo C:\lab && `
    echo a\b `
    && echo done
COPY a.txt C:\work\
WORKDIR C:\work
