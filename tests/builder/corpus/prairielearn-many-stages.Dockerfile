FROM debian:12 AS a
RUN echo a > /a
FROM a AS b
RUN echo b > /b
FROM b AS c
COPY --from=a /a /from-a
FROM scratch
COPY --from=c / /
