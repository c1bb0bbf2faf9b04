"""The servers under Kentongan: a Kafka-protocol broker and a MongoDB-protocol store.

Three kinds, one way to hold them (`Engine`): embedded ones that come with pip, real ones
(Apache Kafka, FerretDB on PostgreSQL) as processes or containers, and those somebody else
runs and whose address is given. `choose` says which are used; `python -m deploy.engines`
gets and runs the real ones.
"""
