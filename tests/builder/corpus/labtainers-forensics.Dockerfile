FROM debian:12
RUN apt-get update && apt-get install -y sleuthkit file \
    && apt-get clean \
    \
    && rm -rf /var/lib/apt/lists/*

# The image of a disk, unpacked by ADD.
ADD disk.tar.xz /evidence/
ENV EVIDENCE /evidence
RUN ls -l $EVIDENCE
