#!/bin/sh
# Run PostgreSQL, then FerretDB; end both in good order when asked.
set -eu
bin=/usr/lib/postgresql/18/bin
rm -f data/postmaster.pid    # of a container that was killed: nobody else is in here
$bin/postgres -D data -p 5432 -c default_statistics_target=10 &
postgres=$!
until $bin/pg_isready -q -h 127.0.0.1; do
    kill -0 "$postgres"
    sleep 0.1
done
/opt/ferretdb/ferretdb --postgresql-url=postgres://postgres@127.0.0.1:5432/postgres \
    --listen-addr=":$PORT" --state-dir=. --debug-addr=- --no-auth --telemetry=disable \
    --log-level=WARN &
ferretdb=$!
trap 'kill "$ferretdb"; wait "$ferretdb"; kill -INT "$postgres"; wait "$postgres"; exit 0' TERM INT
wait "$ferretdb"
