# Apache Kafka, one node, configured by KAFKA_... variables as the official image is.
# The context holds the jars (libs/) and kafka.sh; `containers.py` puts them there.
ARG BASE_IMAGE=eclipse-temurin:21-jre
FROM ${BASE_IMAGE}
COPY libs /opt/kafka/libs
COPY kafka.sh /opt/kafka/kafka.sh
RUN mkdir -p /var/lib/kafka/data && chown -R 65534:65534 /var/lib/kafka
USER 65534:65534
WORKDIR /var/lib/kafka
CMD ["sh", "/opt/kafka/kafka.sh"]
