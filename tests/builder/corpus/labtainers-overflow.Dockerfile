FROM debian:12
ARG DEBIAN_FRONTEND=noninteractive
RUN dpkg --add-architecture i386 ; apt-get update \
  ; apt-get install -y gcc gcc-multilib gdb xxd
RUN echo 'kernel.randomize_va_space=0' \
      >> /etc/sysctl.d/99-lab.conf
COPY --chown=1000:1000 stack.c call_shellcode.c exploit.c /home/student/
RUN gcc -m32 -z execstack -fno-stack-protector -o /home/student/stack /home/student/stack.c
USER 1000
STOPSIGNAL SIGKILL
ENTRYPOINT ["/bin/bash", "-l"]
