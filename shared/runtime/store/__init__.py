"""Documents in MongoDB.

Asked only what scales: by ``_id``, by a unique key, or by a window bounded at both ends on an
index; writes filter on ``_id`` and plain equality. So it runs on any MongoDB, on FerretDB, and on
the embedded store.
"""

from shared.runtime.store.archive import MongoArchived
from shared.runtime.store.database import MongoStore
from shared.runtime.store.documents import MongoDocuments
from shared.runtime.store.looks import MongoLooks
from shared.runtime.store.notes import MongoNotes, Own
from shared.runtime.store.quarantine import MongoQuarantine
from shared.runtime.store.shape import Shape

__all__ = [
    "MongoArchived",
    "MongoDocuments",
    "MongoLooks",
    "MongoNotes",
    "MongoQuarantine",
    "MongoStore",
    "Own",
    "Shape",
]
