"""Who looked at what of a complaint, when and for what purpose; only ever added to."""

from __future__ import annotations

import secrets
from datetime import datetime

from pymongo import ASCENDING

from shared.contracts.fact import instant
from shared.runtime.looking import Look
from shared.runtime.store.driver import Collection, answering, index


class MongoLooks:
    """The record of looks (catatan akses), by complaint."""

    def __init__(self, rows: Collection) -> None:
        """Keep looks in a collection."""
        self._rows = rows

    async def prepare(self) -> None:
        """Make the index that is missing. Raises Away."""
        await index(self._rows, "place")

    async def add(self, look: Look) -> None:
        """Write down a look, durably, before anything is shown. Raises Away."""
        # Two looks of one moment are two.
        place = f"{look.complaint}/{instant(look.at)}/{secrets.token_hex(4)}"
        row = {
            "_id": place,
            "place": place,
            "complaint": look.complaint,
            "about": look.about,
            "by": look.by,
            "agency": look.agency,
            "purpose": look.purpose,
            "at": instant(look.at),
        }
        async with answering():
            await self._rows.insert_one(row)

    async def of(self, complaint: str, after: str, limit: int) -> list[Look]:
        """Give who looked at what of a complaint after a place, oldest first. Raises Away."""
        window = {"$gt": f"{complaint}/{after}", "$lt": f"{complaint}/~"}
        async with answering():
            cursor = self._rows.find({"place": window}).sort("place", ASCENDING).limit(limit)
            rows = await cursor.to_list(None)
        return [
            Look(
                complaint=row["complaint"],
                about=row.get("about") or row["attachment"],  # as it was called before
                by=row["by"],
                agency=row["agency"],
                purpose=row["purpose"],
                at=datetime.fromisoformat(row["at"]),
                place=row["place"].removeprefix(f"{complaint}/"),
            )
            for row in rows
        ]
