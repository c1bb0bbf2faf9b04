"""What an error of the store means: another try, or never."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import bson
import pytest
from msgspec.structs import replace
from pymongo import InsertOne, ReplaceOne
from pymongo.errors import BulkWriteError, DocumentTooLarge

from shared.runtime.document import Document
from shared.runtime.ports import Away, Change
from shared.runtime.store import MongoDocuments, Shape
from shared.runtime.store.documents import LARGEST_ROW
from shared.runtime.store.driver import PASSING, answering
from tests.runtime.drums import Sound, fresh

DUPLICATE = 11000


def partly(code: int) -> BulkWriteError:
    """Build what the driver raises for a bulk of which one write failed."""
    return BulkWriteError({"writeErrors": [{"index": 0, "code": code, "errmsg": "..."}]})


@pytest.mark.parametrize("code", sorted(PASSING))
async def test_a_lost_race_for_a_lock_is_tried_again(code: int) -> None:
    """A deadlock says nothing of the document: it is not refused for it."""
    with pytest.raises(Away):
        async with answering():
            raise partly(code)


async def test_what_the_store_will_never_take_is_told_apart() -> None:
    """A number that is taken stays the writer's to solve."""
    with pytest.raises(BulkWriteError):
        async with answering():
            raise partly(DUPLICATE)


async def test_an_unconfirmed_write_is_tried_again() -> None:
    """What a majority has not confirmed may be gone."""
    with pytest.raises(Away):
        async with answering():
            raise BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]})


class Shelf:
    """A collection that encodes what it is given as the driver does, and takes it all."""

    async def bulk_write(
        self,
        operations: list[InsertOne[Any] | ReplaceOne[Any]],
        *,
        ordered: bool,
    ) -> SimpleNamespace:
        rows = [cast("dict[str, Any]", each._doc) for each in operations]
        if any(len(bson.encode(row)) > LARGEST_ROW for row in rows):
            raise DocumentTooLarge("too large")
        assert not ordered
        return SimpleNamespace(inserted_count=len(rows), matched_count=0)


def shelved(rows: Any) -> MongoDocuments[Sound]:
    """Keep drums in a collection."""
    return MongoDocuments(rows, Shape(Sound))


def a_change(complaint: str, state: Sound) -> Change[Sound]:
    """Write a drum for the first time."""
    document: Document[Sound] = replace(fresh(complaint), state=state, version=1)
    return Change(document, 0)


@pytest.mark.parametrize(
    "state",
    [
        Sound(struck=(2**63,)),
        Sound(spoken=("\ud800",)),
        Sound(spoken=cast("Any", (object(),))),
        Sound(spoken=("x" * LARGEST_ROW,)),
    ],
    ids=["int", "surrogate", "object", "size"],
)
async def test_what_cannot_be_encoded_is_refused_alone(state: Sound) -> None:
    """The error belongs to one document: it is named with a reason, and no neighbour is."""
    outcome = await shelved(Shelf()).write(
        [a_change("c", Sound()), a_change("d", state), a_change("e", Sound())]
    )
    assert not outcome.complete
    assert list(outcome.refused) == ["d"]
    assert outcome.refused["d"]


async def test_a_fault_of_no_document_refuses_none() -> None:
    """A driver that fails by itself says nothing of what it was given."""

    class Closed(Shelf):
        async def bulk_write(self, operations: Any, *, ordered: bool) -> SimpleNamespace:
            raise TypeError("closed")

    with pytest.raises(TypeError, match="closed"):
        await shelved(Closed()).write([a_change("c", Sound())])
