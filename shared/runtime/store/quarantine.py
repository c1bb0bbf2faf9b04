"""What waits, and what was passed, in the service's own database."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from shared.contracts.fact import Pair
from shared.runtime.folding import Told
from shared.runtime.ports import Passed
from shared.runtime.store.driver import Collection, Row, answering, counted, index
from shared.runtime.timing import FOREVER

LONGEST_PASSED = 16 * 1024
"""Bytes kept of what a passed record says."""
LONGEST_NAMED = 256
"""Characters or bytes kept of its key, and of each name and value of its headers."""
MOST_HEADERS = 50
PASSED_KEPT = timedelta(days=30)
"""How long a passed record is kept: nobody folds it any more, and who wrote it sends it again."""


class MongoQuarantine:
    """What waits, and what was passed, in the service's own database."""

    def __init__(self, waiting: Collection, passed: Collection) -> None:
        """Keep histories that wait in one collection, unreadable records in another."""
        self._waiting, self._passed = waiting, passed

    async def prepare(self) -> None:
        """Make the indexes that are missing. Raises Away."""
        await index(self._waiting, "at")
        await index(self._passed, "at")
        await index(self._passed, "until", expireAfterSeconds=0)

    async def keep(self, waiting: Sequence[tuple[Told, str]]) -> None:
        """Keep histories with the reason; each replaces one whose pair is not higher."""
        for told, reason in waiting:
            await self._keep(told, reason)

    async def _keep(self, told: Told, reason: str) -> None:
        key = f"{told.complaint}/{told.stream}"
        row: Row = {
            "_id": key,
            "complaint": told.complaint,
            "stream": told.stream,
            "last": str(told.last),
            "body": told.body,
            "reason": reason[:300],
            "trace": told.trace,
        }
        async with answering():
            while True:
                kept = await self._waiting.find_one({"_id": key})
                if kept is None:
                    try:
                        await self._waiting.insert_one({**row, "at": _tick()})
                    except DuplicateKeyError:
                        continue
                    return
                if kept["last"] > row["last"]:
                    return
                row["at"] = kept["at"]
                done = await self._waiting.replace_one({"_id": key, "last": kept["last"]}, row)
                if done.matched_count:
                    return

    async def pass_by(self, passed: Sequence[Passed]) -> None:
        """Keep records that nothing came of, by topic, partition and offset, for some time."""
        async with answering():
            for each in passed:
                record = each.record
                place = f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}"
                row: Row = {
                    "_id": place,
                    "at": _tick(),
                    "until": datetime.now(UTC) + PASSED_KEPT,
                    "reason": each.reason[:300],
                    "key": record.key and record.key[:LONGEST_NAMED],
                    "headers": [
                        [name[:LONGEST_NAMED], value and value[:LONGEST_NAMED]]
                        for name, value in record.headers[:MOST_HEADERS]
                    ],
                    "value": (record.value or b"")[:LONGEST_PASSED],
                }
                await self._passed.replace_one({"_id": place}, row, upsert=True)

    async def waiting(self, since: int, until: int, limit: int) -> list[tuple[int, Told]]:
        """Give what has waited since a time in [since, until) in microseconds, oldest first."""
        async with answering():
            cursor = self._waiting.find({"at": {"$gte": since, "$lt": until}})
            rows = await cursor.sort("at", ASCENDING).limit(limit).to_list(None)
        return [(row["at"], _told(row)) for row in rows]

    async def listed(self, limit: int) -> list[Row]:
        """List what waits and what was passed, for an operator; without what they said."""
        async with answering():
            window = {"at": {"$gte": 0, "$lt": FOREVER}}
            rows: list[Row] = []
            for kind, collection in (("waiting", self._waiting), ("passed", self._passed)):
                cursor = collection.find(window, {"body": 0, "value": 0}).sort("at", ASCENDING)
                rows.extend(
                    {**row, "kind": kind} for row in await cursor.limit(limit).to_list(None)
                )
            return rows

    async def size(self, most: int) -> int:
        """Count what waits, up to ``most``; what was passed waits for nothing."""
        return await counted(self._waiting, "at", most)

    async def drop(self, complaint: str, stream: str, pair: Pair) -> None:
        """Delete what waits, if it is still of this pair."""
        async with answering():
            await self._waiting.delete_one({"_id": f"{complaint}/{stream}", "last": str(pair)})


def _told(row: Row) -> Told:
    pair = Pair.read(row["last"])
    return Told(row["stream"], row["complaint"], pair, row["body"], row["trace"])


def _tick() -> int:
    """Give a time for ordering what is kept, in microseconds since 1970."""
    return time.time_ns() // 1000
