"""What an error of the store means: another try, or never."""

from __future__ import annotations

import pytest
from pymongo.errors import BulkWriteError

from shared.runtime.ports import Away
from shared.runtime.store.driver import PASSING, answering

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
