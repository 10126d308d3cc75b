FROM	debian:12
RUN	apt-get update	&& \
	apt-get install -y	make
ENV	A=1
  WORKDIR /indented
	RUN echo indented with a tab
