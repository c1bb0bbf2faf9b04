# FerretDB and the PostgreSQL it stands on, in one container: a test's own store.
# The base holds PostgreSQL 18 with DocumentDB; the context a fresh database (data/), the
# program and ferretdb.sh. `containers.py` makes both.
ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY --chown=65534:65534 data /var/lib/ferretdb/data
COPY ferretdb ferretdb.sh /opt/ferretdb/
RUN chown 65534:65534 /var/lib/ferretdb && chmod 700 /var/lib/ferretdb/data
USER 65534:65534
WORKDIR /var/lib/ferretdb
CMD ["sh", "/opt/ferretdb/ferretdb.sh"]
