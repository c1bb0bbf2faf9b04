#!/bin/sh
# Write the KAFKA_... variables as properties, format the log the first time, and run.
set -eu
echo "log.dirs=/var/lib/kafka/data" > server.properties
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
    printf '%s=%s\n' "$(printf %s "$name" | tr 'A-Z_' 'a-z.')" "$value"
done >> server.properties

# As the process of `deploy/engines/kafka.py` runs, for trials and tests: the optimizing compiler
# would take half of what a broker spends in its first minutes.
kafka() {
    exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:disable \
        -Dorg.apache.logging.log4j.level=WARN -cp '/opt/kafka/libs/*' "$@"
}
[ -f data/meta.properties ] ||
    (kafka kafka.tools.StorageTool format --ignore-formatted -t "$CLUSTER_ID" -c server.properties)
kafka kafka.Kafka server.properties
