"""The database of one service at one node."""

from __future__ import annotations

from shared.runtime.document import State
from shared.runtime.ports import Tally
from shared.runtime.store.archive import MongoArchived
from shared.runtime.store.documents import MongoDocuments
from shared.runtime.store.driver import Client, PyMongoError
from shared.runtime.store.notes import MongoNotes
from shared.runtime.store.quarantine import MongoQuarantine
from shared.runtime.store.shape import Shape


class MongoStore:
    """The database of one service at one node."""

    def __init__(self, uri: str, node: str, service: str) -> None:
        """Connect lazily; nothing is sent before the first question."""
        self.client: Client = Client(
            uri,
            w="majority",
            journal=True,
            retryWrites=False,  # our guards make a repeat safe, and the embedded store slow with it
            serverSelectionTimeoutMS=5_000,
            connectTimeoutMS=5_000,
            socketTimeoutMS=20_000,
            maxPoolSize=16,
            appname=f"kentongan-{service}",
        )
        self.database = self.client[f"kentongan_{node}_{service}"]
        self.notes = MongoNotes(self.database["notes"])
        self.quarantine = MongoQuarantine(self.database["waiting"], self.database["passed"])

    def documents(
        self, name: str, shape: Shape[State], tally: Tally | None = None
    ) -> MongoDocuments[State]:
        """Give the documents of one collection, and of the archive where their shape has one."""
        if shape.closed is None:
            return MongoDocuments(self.database[name], shape)
        archive = self.database["archive"]
        return MongoArchived(self.database[name], archive, shape, tally or Tally())

    async def answers(self) -> bool:
        """Say whether the store answers."""
        try:
            await self.client.admin.command("ping")
        except PyMongoError:
            return False
        return True

    def close(self) -> None:
        """Let go of every connection."""
        self.client.close()
