ARG NODE_VERSION=20
FROM node:${NODE_VERSION}
ARG LLVM=16
RUN wget -O - https://example.org/llvm-snapshot.gpg.key | apt-key add - && \
    echo "deb http://example.org/bookworm/ llvm-toolchain-bookworm-$LLVM main" > /etc/apt/sources.list.d/llvm.list
ENV PATH=$PATH:/usr/lib/llvm-$LLVM/bin
