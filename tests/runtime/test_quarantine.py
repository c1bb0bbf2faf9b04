"""What is kept of records that nothing came of: little, and for some time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import bson
import pytest

from shared.runtime.ports import Passed, Record
from shared.runtime.store import MongoQuarantine
from shared.runtime.store.quarantine import LONGEST_PASSED, PASSED_KEPT


class Rows:
    """A collection that notes what is put into it, and its indexes."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.indexes: dict[str, dict[str, Any]] = {}

    async def create_index(self, fields: list[tuple[str, int]], **options: Any) -> None:
        self.indexes[fields[0][0]] = options

    async def replace_one(self, _: Any, row: dict[str, Any], *, upsert: bool) -> None:
        assert upsert
        self.rows.append(row)


LONG = b"x" * 1_000_000


@pytest.mark.parametrize(
    "record",
    [
        Record("t", 0, 7, LONG, (), b"{}"),
        Record("t", 0, 7, b"k", (), LONG),
        Record("t", 0, 7, b"k", (("ce_id", LONG),), b"{}"),
        Record("t", 0, 7, b"k", ((LONG.decode(), b"1"),), b"{}"),
        Record("t", 0, 7, b"k", tuple((f"h{each}", LONG) for each in range(900)), b"{}"),
    ],
    ids=["key", "value", "header", "name", "headers"],
)
async def test_of_a_passed_record_little_is_kept(record: Record) -> None:
    """Whichever part of it is long: whoever writes to the bus must not fill the store."""
    passed: Any = Rows()
    await MongoQuarantine(passed, passed).pass_by([Passed(record, "no envelope")])
    (row,) = passed.rows
    assert len(bson.encode(row)) < 4 * LONGEST_PASSED


async def test_a_passed_record_goes_by_age() -> None:
    """The store deletes it by itself; what waits is never deleted so."""
    waiting: Any = Rows()
    passed: Any = Rows()
    quarantine = MongoQuarantine(waiting, passed)
    await quarantine.prepare()
    before = datetime.now(UTC)
    await quarantine.pass_by([Passed(Record("t", 0, 7, b"k", (), b"{}"), "no envelope")])
    assert passed.indexes["until"] == {"expireAfterSeconds": 0}
    assert before <= passed.rows[0]["until"] - PASSED_KEPT <= datetime.now(UTC)
    assert not any(waiting.indexes.values())
