ARG registry=docker.io/library
ARG base=debian
FROM ${registry}/${base}:12 as network
RUN apt-get update && apt-get install -y quagga || true

FROM network as router
EXPOSE 2601-2605
RUN printf '%s\n' \
      'hostname router' \
      'password lab' \
      > /etc/router.conf

FROM network
COPY --from=router /etc/router.conf /etc/router.conf
ONBUILD COPY lab.conf /etc/lab.conf
ONBUILD RUN test -s /etc/lab.conf
