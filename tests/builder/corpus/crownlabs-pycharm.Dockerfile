FROM crownlabs/vnc-base:latest
USER root
SHELL ["/bin/bash", "-euxo", "pipefail", "-c"]
RUN <<-"PYCHARM"
	for file in a b; do
		echo "$file" | tee -a /list
	done
	PYCHARM
USER 1010
