FROM debian:12
ENV JUPYTER_PORT=8888
EXPOSE $JUPYTER_PORT
COPY start-notebook.sh start-singleuser.sh /usr/local/bin/
COPY jupyter_server_config.py docker_healthcheck.py /etc/jupyter/
HEALTHCHECK --interval=3s --timeout=1s --start-period=3s --retries=3 \
    CMD /etc/jupyter/docker_healthcheck.py || exit 1
CMD ["start-notebook.sh"]
