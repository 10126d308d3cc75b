FROM debian:12
RUN apt-get update && \
    apt-get install -y nmap
# A comment between.
RUN echo one \
    two
COPY <<EOF /etc/lab
line one
RUN line two
EOF
CMD ["bash"]
