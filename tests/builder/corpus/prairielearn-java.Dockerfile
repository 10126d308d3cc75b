FROM eclipse-temurin:21-jdk
COPY <<EOF /tests/run.sh
#!/bin/sh
exec java -cp /grader:/student Main
EOF
RUN chmod +x /tests/run.sh && javac --version
