FROM debian:12
RUN echo "saved by an editor on Windows"
CMD bash
