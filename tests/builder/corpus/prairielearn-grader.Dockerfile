FROM debian:12
ARG CACHEBUST=2024-08-01-12-00
RUN apt-get update && apt-get install -y --no-install-recommends gcc make valgrind
COPY grader/ /grader/
RUN /bin/bash /grader/install.sh
ENV PYTHONPATH=/grade/serverFilesCourse/:/grade/tests/
CMD /grader/run.sh
