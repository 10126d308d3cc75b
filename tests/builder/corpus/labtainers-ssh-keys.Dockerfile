FROM debian:12
RUN apt-get update && apt-get install -y openssh-server sudo
RUN mkdir -p /run/sshd && sed -i 's/^#\?PermitRootLogin.*/PermitRootLogin no/' /etc/ssh/sshd_config
RUN <<MOTD cat > /etc/motd
Welcome to the lab.
FROM here on, RUN nothing as root.
MOTD
EXPOSE 22/tcp
CMD ["/usr/sbin/sshd", "-D", "-e"]
