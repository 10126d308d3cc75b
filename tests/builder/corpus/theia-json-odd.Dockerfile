FROM debian:12
RUN ["/bin/echo", "a", "b \"quoted\" c", "\u00e9"]
CMD [ ]
ENTRYPOINT ["sh","-c","echo \"$0\""]
RUN [ -d /x ] || mkdir /x
RUN ["single quotes make it", 'a shell word'] || true
