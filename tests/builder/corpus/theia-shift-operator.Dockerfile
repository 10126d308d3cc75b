FROM debian:12
RUN echo $((1<<4)) && echo "a << b"
RUN cat <<< "here string"
ENV X="<<EOF"
LABEL y='<<EOF'
