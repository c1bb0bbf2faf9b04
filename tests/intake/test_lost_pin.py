"""A lost PIN: sent to the contact that was left, and nobody learns whether a number exists."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from services.intake.api.asker import address_of
from services.intake.domain.acts import BETWEEN_PINS, LONGEST_BETWEEN_PINS, send_pin
from services.intake.domain.complaint import Complaint
from services.intake.domain.tries import LONGER, MOST_OF_ADDRESS, MOST_WRONG, WINDOW
from services.intake.handlers import LostPins, PinRequests, Tried, read_pin
from services.intake.handlers.gate import MOST_OF_ONE
from services.intake.handlers.pins import TooManyTries
from shared.contracts.intake import Contact
from shared.contracts.tracking import TrackingNumber
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.ports import Away
from tests.intake.doubles import (
    COMPLAINTS,
    NOW,
    InMemoryComplaints,
    InMemoryCounts,
    a_draft,
    an_intake,
)
from tests.intake.reports import COMPLAINTS as PLACE
from tests.intake.reports import IN_ENGLISH, filed

NOBODYS = str(TrackingNumber("8171", "7K3M9QXT"))
KEY, TRACE = "key-0123456789abcdef", "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


def a_window(kept: InMemoryComplaints, counts: InMemoryCounts | None = None) -> LostPins:
    """Build the handlers over a store in memory."""
    counts = counts or InMemoryCounts()
    return LostPins(an_intake(kept), PinRequests(counts, str, lambda: 0.0, most_of_address=9))


async def reported(
    kept: InMemoryComplaints, contact: Contact | None = None
) -> tuple[str, str, Document[Complaint]]:
    """File a report; give its number, its PIN and its document."""
    said = await an_intake(kept).submit(a_draft(), contact, None, TRACE)
    return said.tracking_number, said.pin, kept.documents[said.complaint]


async def test_the_pin_goes_to_the_contact_that_was_left() -> None:
    """It stands in the history sealed, and nowhere else; it is long, and opens the report."""
    kept = InMemoryComplaints()
    number, _, document = await reported(kept, Contact(email="tini@contoh.id"))
    window = a_window(kept)
    long = window.intake.pins.long(document.id)
    await window.send(await window.ask(number.lower()), KEY, TRACE)
    row = kept.documents[document.id].facts[-1]
    assert (row["type"], row["data"]) == ("pin.requested.v1", {"sealed": f"sealed:{long}"})
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", long)
    assert (await window.intake.track(number, Tried(str(read_pin(long))))).id == document.id


async def test_without_a_contact_or_a_complaint_nothing_happens() -> None:
    """And nothing is said of it."""
    kept = InMemoryComplaints()
    number, _, document = await reported(kept)
    window = a_window(kept)
    for typed in (number, NOBODYS):
        await window.send(await window.ask(typed), KEY, TRACE)
    assert kept.documents == {document.id: document}


async def test_a_pin_is_sent_less_and_less_often_and_never_no_more() -> None:
    """Whoever knows a number can neither flood its reporter nor shut them out for ever."""
    kept = InMemoryComplaints()
    _, _, document = await reported(kept, Contact(email="tini@contoh.id"))
    at, moment = NOW, timedelta(seconds=1)
    for nth in range(14):
        document = send_pin(COMPLAINTS, document, "JWE", Cause(f"k{nth}"), Circumstances(at))
        at += min(BETWEEN_PINS * 2**nth, LONGEST_BETWEEN_PINS)
        with pytest.raises(Refused):
            send_pin(COMPLAINTS, document, "JWE", Cause("x"), Circumstances(at - moment))


async def test_asking_often_is_slowed_whether_there_is_such_a_number_or_not() -> None:
    """The one says as much as the other."""
    kept = InMemoryComplaints()
    number, _, _ = await reported(kept)
    window = a_window(kept)
    for typed in (number, NOBODYS):
        for _ in range(MOST_WRONG):
            await window.ask(typed)
        with pytest.raises(TooManyTries):
            await window.ask(typed)


async def test_processes_count_together_how_often_a_pin_is_asked_for() -> None:
    """Whichever of two is asked, five times are five; one that starts later knows of them."""
    kept, counts = InMemoryComplaints(), InMemoryCounts()
    first, second = (a_window(kept, counts) for _ in range(2))
    for nth in range(MOST_WRONG):
        await (first, second)[nth % 2].ask(NOBODYS)
    for window in (first, second, a_window(kept, counts)):
        with pytest.raises(TooManyTries) as refusal:
            await window.ask(NOBODYS)
        assert refusal.value.headers["Retry-After"] == str(int(WINDOW) + 1)


async def test_those_who_ask_in_one_moment_share_a_query_and_a_write() -> None:
    """And of ten who ask for one number five are taken."""
    counts = InMemoryCounts()
    window = a_window(InMemoryComplaints(), counts)
    numbers = [str(TrackingNumber.of("8171", f"c-{nth}", 0)) for nth in range(40)]
    await asyncio.gather(*(window.ask(number) for number in numbers))
    assert counts.asked == ["read", "add"] * 2, "the first alone, and all who came meanwhile"
    asked = [window.ask(NOBODYS) for _ in range(MOST_OF_ONE)]
    said = await asyncio.gather(*asked, return_exceptions=True)
    assert said.count(NOBODYS) == MOST_WRONG
    assert {row["until"] for row in counts.rows.values()} == {WINDOW + LONGER}


async def test_what_the_store_takes_no_count_of_is_not_sent() -> None:
    """All who asked in that moment are told to try again."""
    counts = InMemoryCounts()
    window = a_window(InMemoryComplaints(), counts)
    counts.away = {"add"}
    said = await asyncio.gather(*(window.ask(NOBODYS) for _ in range(3)), return_exceptions=True)
    assert [type(each) for each in said] == [Away] * 3
    counts.away = set()
    assert await window.ask(NOBODYS) == NOBODYS


async def test_an_address_that_asks_for_very_many_is_slowed() -> None:
    """Of whatever numbers; who shares no address with it is not."""
    window = a_window(InMemoryComplaints())
    numbers = [str(TrackingNumber.of("8171", f"c-{nth}", 0)) for nth in range(11)]
    for number in numbers[:9]:
        await window.ask(number, "36.79.1.2")
    with pytest.raises(TooManyTries):
        await window.ask(numbers[9], "36.79.1.2")
    assert await window.ask(numbers[10], "36.79.1.3") == numbers[10]
    assert MOST_OF_ADDRESS > MOST_WRONG


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("36.79.1.2", "36.79.1.2"),
        ("::ffff:36.79.1.2", "36.79.1.2"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("::1", None),
        ("testclient", None),
    ],
)
def test_an_address_is_counted_by_network(host: str, counted: str | None) -> None:
    """All of the smallest network of IPv6 is one; a neighbour on this machine is nobody."""
    assert address_of(Request({"type": "http", "client": (host, 1)})) == counted


async def test_nobody_learns_whether_a_number_exists(door: httpx.AsyncClient) -> None:
    """Status, headers and words are the same; only the number that was asked for differs."""
    said = (await filed(door, reporter={"email": "tini@contoh.id"})).json()
    answers = []
    for number in (said["tracking_number"], NOBODYS):
        answer = await door.post(f"{PLACE}/{number}/pin")
        headers = {k: v for k, v in answer.headers.items() if k not in {"date", "traceparent"}}
        answers.append((answer.status_code, answer.text.replace(number, ""), headers))
    assert answers[0] == answers[1]
    assert answers[0][0] == 202


@pytest.mark.parametrize("reporter", [None, {"email": "tini@contoh.id"}])
async def test_who_left_no_contact_is_given_the_long_pin_at_once(
    door: httpx.AsyncClient, reporter: dict[str, str] | None
) -> None:
    """It opens the report over HTTP as it stands in the answer; asked again, it is the same."""
    key = "a-key-for-each-of-both" + str(reporter is None)
    first, again = [(await filed(door, key, reporter=reporter)).json() for _ in range(2)]
    assert first == again
    assert (first["long_pin"] is None) == (reporter is not None)
    pin = {"Kentongan-PIN": first["long_pin"] or first["pin"]}
    answer = await door.get(f"{PLACE}/{first['tracking_number']}", headers=pin)
    assert answer.status_code == 200


async def test_a_mistyped_number_is_told(door: httpx.AsyncClient) -> None:
    """That says nothing about which numbers there are."""
    answer = await door.post(f"{PLACE}/8171-7K3M/pin")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["tracking_number"]


@pytest.mark.parametrize("said", [{"email": "budi@contoh.id"}, {"pin": "000000"}, []])
async def test_a_body_that_asks_for_more_than_the_pin_is_refused(
    door: httpx.AsyncClient, said: Any
) -> None:
    """Who names another contact is not left to believe that the PIN went there."""
    answer = await door.post(f"{PLACE}/{NOBODYS}/pin", json=said, headers=IN_ENGLISH)
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["field"]) == (422, next(iter(said), "body"))


@pytest.mark.parametrize("content", [b"", b"{}", b"null"])
async def test_a_body_that_says_nothing_is_as_good_as_none(
    door: httpx.AsyncClient, content: bytes
) -> None:
    """Many a client sends one with every POST."""
    kind = {"content-type": "application/json"}
    number = str(TrackingNumber.of("8171", f"c-{content!r}", 0))
    answer = await door.post(f"{PLACE}/{number}/pin", content=content, headers=kind)
    assert answer.status_code == 202
