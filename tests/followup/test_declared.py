"""Outages that an operator declares while the node runs excuse what fell due meanwhile."""

from __future__ import annotations

import json
import shlex
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from services.followup.domain.policy import Outage, Term
from services.followup.handlers import Book, Outages
from services.followup.handlers.outages import LONGEST
from shared.contracts.lateness import DeadlineExcused
from shared.runtime.document import Refused
from tests.desk import NOON, client, headers
from tests.followup.doubles import AMBON, COMPLAINT, Room, get
from tests.followup.test_amendments import settled
from tests.harness.pages import RUNBOOK, lines

OUTAGES = "/api/v1/outages"
DUE = AMBON.end_of(date(2026, 3, 31))
"""When the first response to a report of 17 March is late."""
HOUR = timedelta(hours=1)
CUT = Outage(link="kabel", since=NOON - 5 * HOUR, until=NOON - HOUR, because="Putus.")
OVER = CUT.model_copy(update={"since": DUE - HOUR, "until": DUE + HOUR})


async def declare(room: Room, said: dict[str, Any], key: str = "k" * 16) -> httpx.Response:
    """Declare an outage as an operator does."""
    async with client(room.app) as door:
        return await door.post(OUTAGES, json=said, headers=headers("operator", key=key))


async def test_an_outage_is_declared_without_a_restart() -> None:
    """What was missed meanwhile is excused by the next look, and what is judged later at once."""
    bureau = await settled()
    room = bureau.room
    room.clock.now = DUE + 2 * HOUR
    room.tick()
    answer = await declare(room, OVER.model_dump(mode="json", exclude_defaults=True))
    assert answer.status_code == 201, answer.text
    assert await bureau.look() == 1
    assert room.types(COMPLAINT)[-1] == DeadlineExcused.type
    assert room.case.excuses[Term.RESPOND].link == "kabel"
    room.receive("other")
    room.route("other")
    assert room.cases.outages(room.clock.now) == (OVER,)


async def test_it_stands_who_declared_what_and_when() -> None:
    """Those of the policy file are listed before them, without anybody's name."""
    room = Room()
    await declare(room, CUT.model_dump(mode="json", exclude_defaults=True))
    async with client(room.app) as door:
        shown = (await door.get(OUTAGES, headers=headers("operator"))).json()["items"]
    assert [(each["link"], each["by"]) for each in shown] == [("kabel", "operator-1")]
    assert shown[0]["at"] == "2026-03-17T03:00:00Z"


async def test_asked_again_it_is_the_same_outage() -> None:
    """A repeat gets the same answer; another outage under the same key is refused."""
    room = Room()
    said = CUT.model_dump(mode="json", exclude_defaults=True)
    first, second = [await declare(room, said) for _ in range(2)]
    assert first.json() == second.json()
    other = await declare(room, {**said, "link": "listrik"})
    assert (other.status_code, other.json()["code"]) == (422, "key_used")
    assert len(room.declared.kept) == 1


async def test_another_process_knows_it_within_seconds() -> None:
    """Each reads what was declared at another one."""
    room, book = Room(), Book()
    elsewhere = Outages(book, room.declared, room.clock, {})
    await elsewhere.read()
    await declare(room, CUT.model_dump(mode="json", exclude_defaults=True))
    assert book.at(NOON) == []
    await elsewhere.read()
    assert book.at(NOON) == [CUT]


async def test_a_case_is_judged_by_what_was_declared_at_its_time() -> None:
    """The same case, fact and time give the same, though an outage is declared later."""
    room = Room()
    room.clock.now = DUE + 2 * HOUR
    before = room.clock.now - HOUR
    await declare(room, OVER.model_dump(mode="json", exclude_defaults=True))
    assert room.cases.outages(before) == ()
    assert room.cases.fingerprint(before) == Room().cases.fingerprint(before)
    assert room.cases.outages(room.clock.now) == (OVER,)


async def test_an_outage_is_declared_once_it_is_over() -> None:
    """What is to come excuses nobody: its end is named as what is wrong."""
    room = Room()
    later = CUT.model_copy(update={"until": NOON + HOUR})
    answer = await declare(room, later.model_dump(mode="json", exclude_defaults=True))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_over")
    assert answer.json()["errors"][0]["field"] == "until"
    turned = {**CUT.model_dump(mode="json", exclude_defaults=True), "until": "2026-03-01T00:00:00Z"}
    assert (await declare(room, turned)).status_code == 422
    assert room.book.entries() == []


async def test_no_operator_excuses_more_than_a_month_at_once() -> None:
    """A wrong year excuses nothing: its begin is named, and where a longer one is put."""
    room = Room()
    long = CUT.model_copy(update={"since": CUT.until - LONGEST - HOUR})
    answer = await declare(room, long.model_dump(mode="json", exclude_defaults=True))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_long")
    assert answer.json()["errors"][0]["field"] == "since"
    month = CUT.model_copy(update={"since": CUT.until - LONGEST})
    assert (
        await declare(room, month.model_dump(mode="json", exclude_defaults=True))
    ).status_code == 201


@pytest.mark.parametrize(
    ("agencies", "code", "field"),
    [(["dinas-pu", "dinas-x"], "unknown_agency", "agencies"), ([], "invalid", "agencies")],
)
async def test_an_outage_names_agencies_of_the_register_or_none(
    agencies: list[str], code: str, field: str
) -> None:
    """What would excuse nobody, or by a slip everybody, is refused, and nothing is kept."""
    room, said = Room(), CUT.model_dump(mode="json", exclude_defaults=True)
    answer = await declare(room, {**said, "agencies": agencies})
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["errors"][0]["field"] == field
    assert room.declared.kept == {}
    assert (await declare(room, {**said, "agencies": ["dinas-pu"]})).json()["agencies"] == [
        "dinas-pu"
    ]


async def test_while_the_register_was_not_told_no_agency_is_called_unknown() -> None:
    """The operator is asked to try again; what cut off everybody needs no register."""
    room = Room()
    outages = Outages(Book(), room.declared, room.clock, {})
    named = CUT.model_copy(update={"agencies": ("dinas-pu",)})
    with pytest.raises(Refused) as refused:
        await outages.declare("k", named, "operator-1")
    assert (refused.value.status, refused.value.code) == (503, "register_away")
    assert (await outages.declare("k", CUT, "operator-1")).outage == CUT


async def test_oversight_sees_who_excused_what() -> None:
    """What an operator declared is no secret of operators."""
    room = Room()
    await declare(room, CUT.model_dump(mode="json", exclude_defaults=True))
    (shown,) = (await get(room, OUTAGES, "overseer")).json()["items"]
    assert (shown["because"], shown["by"]) == ("Putus.", "operator-1")
    assert (await get(room, OUTAGES)).status_code == 403


async def test_the_outage_of_the_runbook_can_be_declared() -> None:
    """What stands on the page is taken as it stands."""
    words = shlex.split(lines(RUNBOOK, "outage")[0])
    said, room = json.loads(words[words.index("-d") + 1]), Room()
    assert (await declare(room, said)).status_code == 201
    assert room.book.entries()[0].agencies == ("dishub",)
