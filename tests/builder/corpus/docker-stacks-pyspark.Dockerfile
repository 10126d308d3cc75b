FROM quay.io/school/scipy-notebook
ARG openjdk_version="17"
ARG spark_version
USER root
RUN apt-get update && apt-get install -y "openjdk-${openjdk_version}-jre-headless"
COPY --chmod=0755 setup_spark.py /opt/setup-scripts/
RUN /opt/setup-scripts/setup_spark.py \
    --spark-version="${spark_version}" \
    --hadoop-version=3
ENV SPARK_OPTS="--driver-java-options=-Xms1024M --driver-java-options=-Xmx4096M"
