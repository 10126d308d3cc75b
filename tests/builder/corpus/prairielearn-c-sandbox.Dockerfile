FROM debian:12 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked \
    apt-get update && apt-get install -y gcc
RUN gcc -O2 -static sandbox.c -o /sandbox
FROM scratch
COPY --from=build /sandbox /
ENTRYPOINT ["/sandbox"]
