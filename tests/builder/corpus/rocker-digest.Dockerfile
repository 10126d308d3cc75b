FROM debian@sha256:b877a1a3fdf02469440f1768cf69c9771338a875b7add5e80c45b756c92ac20a AS pinned
FROM --platform=$BUILDPLATFORM debian:12
ARG TARGETPLATFORM
COPY --from=pinned /etc/os-release /
