"""What a coordinator can do, over documents in memory."""

from __future__ import annotations

import asyncio

import pytest

from services.routing.handlers import LONGEST_PAGE
from shared.contracts.routing import ComplaintRouted
from shared.runtime.document import Cause, Document, Refused
from tests.routing.doubles import COMPLAINT, Room

DINSOS = ComplaintRouted(agency="dinsos", turn=1)


def request(key: str = "k") -> Cause:
    """Make the cause of an officer's request."""
    return Cause(key, request=key, by="coordinator-1")


async def test_a_lost_answer_is_not_done_twice() -> None:
    """Where the store wrote but did not answer, the request is found done."""
    room = Room()
    room.receive()
    seen = room.documents.kept[COMPLAINT].revision
    room.documents.lose_answers = 1
    await room.routing.route(COMPLAINT, DINSOS, request(), seen)
    assert room.types(COMPLAINT) == ["complaint.verified.v1", "complaint.routed.v1"]


async def test_many_at_once_end_in_one_disposition() -> None:
    """Of many officers who saw the same revision, one routes; all others are told."""
    room = Room()
    room.receive()
    seen = room.documents.kept[COMPLAINT].revision
    answers = await asyncio.gather(
        *(room.routing.route(COMPLAINT, DINSOS, request(f"k{n}"), seen) for n in range(20)),
        return_exceptions=True,
    )
    won = [answer for answer in answers if isinstance(answer, Document)]
    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert (len(won), {refused.status for refused in lost}) == (1, {412})
    assert room.types(COMPLAINT).count("complaint.routed.v1") == 1


async def test_a_page_is_bounded() -> None:
    """However much is asked for, a page has its bound."""
    room = Room()
    for n in range(LONGEST_PAGE + 5):
        room.receive(f"c{n}")
    assert len(await room.routing.waiting("", 10**9)) == LONGEST_PAGE


async def test_an_unknown_complaint_is_refused() -> None:
    """What is not there can neither be shown nor routed."""
    room = Room()
    with pytest.raises(Refused, match="no such complaint"):
        await room.routing.show("nothing")
    with pytest.raises(Refused, match="no such complaint"):
        await room.routing.route("nothing", DINSOS, request(), 0)
    assert room.documents.kept == {}
