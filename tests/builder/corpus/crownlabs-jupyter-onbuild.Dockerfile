FROM debian:12
ONBUILD ARG COURSE
ONBUILD COPY --chown=1010 requirements.txt /tmp/
ONBUILD RUN pip install -r /tmp/requirements.txt
ONBUILD USER 1010
CMD ["jupyter", "lab"]
