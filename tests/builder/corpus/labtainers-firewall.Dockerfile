# A gateway between two networks, where students write the rules.
FROM debian:12-slim
LABEL description="Firewall lab: gateway"
ARG lab=firewall
ARG user_name=student
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update && apt-get install -y --no-install-recommends \
    iptables \
    iproute2 \
    # students read packets
    tcpdump \
 && rm -rf /var/lib/apt/lists/*
RUN useradd -ms /bin/bash $user_name && echo "$user_name:$user_name" | chpasswd
ADD $lab/sys_tar/sys.tar /
ADD system/$lab.tar.gz /
USER $user_name
WORKDIR /home/$user_name
CMD ["/usr/sbin/init"]
