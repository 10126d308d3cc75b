FROM debian:12
LABEL org.opencontainers.image.title="Theia" \
      org.opencontainers.image.description="An editor \
in two lines" \
      multi.word='one two'
LABEL single value
