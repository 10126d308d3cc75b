FROM debian:12
RUN set -eux; \
	apt-get update; \
	apt-get install -y openssl python3; \
	rm -r /var/lib/apt/lists/*
COPY <<-EOT /usr/local/bin/lab-help
	#!/bin/sh
	echo "openssl enc -aes-128-cbc -e -in plain.txt -out cipher.bin"
EOT
RUN chmod +x /usr/local/bin/lab-help
WORKDIR /home/student
