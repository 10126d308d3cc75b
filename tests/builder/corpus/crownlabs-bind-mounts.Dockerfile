FROM debian:12
RUN apt-get update && \
    apt-get install -y \
      # nothing yet

      vim
RUN --mount=type=bind,target=/src \
    --mount=type=ssh \
    ls
