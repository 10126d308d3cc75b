FROM amazonlinux:2023
RUN dnf install -y python3.11 && \
    dnf clean all \
    && ln -s /usr/bin/python3.11 /usr/local/bin/python
RUN python -m pip install -r /requirements.txt # all of them
RUN useradd ag
ENV TINI_VERSION v0.19.0
