"""Where a report can be from: areas of the table, and of a node that is younger than it."""

from __future__ import annotations

import re

import httpx
import pytest
from fastapi import Response
from lokal import wilayah

from services.intake.api.routes import answer
from services.intake.areas import LokalCodes
from services.intake.domain.places import Places
from services.intake.handlers import Tried, request_of_citizen
from services.routing.areas import LokalAreas
from shared.contracts import routing
from shared.contracts.fact import Payload
from shared.contracts.intake import ComplaintAmended
from shared.runtime.document import Refused
from tests.architecture.house import ROOT
from tests.intake.doubles import InMemoryComplaints, a_draft, a_record, a_submission, an_intake
from tests.intake.doubles import taken as taken_from_the_bus
from tests.intake.reports import COMPLAINTS, a_body, filed
from tests.intake.test_acts import a_report, hearing

CODES = LokalCodes()
AMBON = Places(CODES, "81.71")
TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
AGAIN = request_of_citizen("l" * 16, TRACE)


@pytest.mark.parametrize(
    "code",
    ["81", "81.71", "81.71.02", "81.71.02.2003", "99.99", "81.71.09", "81.71.02.9999", "11", "97"],
)
def test_intake_and_routing_have_one_table(code: str) -> None:
    """What one of them takes as an area the other does not call unknown."""
    assert CODES.has(code) == (LokalAreas().find(code) is not None)


def test_every_area_of_the_package_is_there() -> None:
    """Those of each level below one of each, in their order, down to the villages."""
    for around in ("", "81", "81.71", "81.71.02"):
        listed = sorted(each.code for each in wilayah.list_wilayah(around or None))
        assert list(CODES.within(around)) == listed
        assert all(CODES.has(each) for each in listed)
    assert (CODES.name("81.71.02"), CODES.name("81.71.02.2003")) == ("Sirimau", "")


@pytest.mark.parametrize(
    ("code", "near"),
    [
        ("81.17", "Did you mean 81.71 (Kota Ambon) or 81.72 (Kota Tual)"),
        ("71.81", "Did you mean 81.71 (Kota Ambon) or 71."),
        ("81.71.09", "81.71 (Kota Ambon) alone is taken, too."),
        ("81.71.02.2030", "81.71.02.2003"),
        ("81.71.09.1001", "81.71 (Kota Ambon) alone is taken, too."),
        ("99.99", "There is no area 99.99. Here it is 81.71 (Kota Ambon). GET /api/v1/areas"),
        ("32.73.99", "Did you mean 32.73."),
    ],
)
def test_what_nobody_knows_is_refused_with_the_nearest(code: str, near: str) -> None:
    """By code and name, and the area around it, which is known."""
    refused = AMBON.strange(code)
    assert refused is not None
    assert (refused.status, refused.code, refused.field) == (422, "unknown_area", "area")
    assert near in refused.detail


@pytest.mark.parametrize(
    ("place", "code", "taken"),
    [
        ("56.66", "56.66", True),
        ("56.66", "56.66.01", True),
        ("56.66", "56.67", False),
        ("56.66", "81.71.02", True),
        ("81.71", "81.71.99", False),
        ("kl-042", "81.71", True),
        ("kl-042", "99", False),
        ("00", "00", True),
        ("00", "99", False),
    ],
)
def test_a_node_that_the_table_has_not_yet_knows_its_own_place(
    place: str, code: str, *, taken: bool
) -> None:
    """What lies in it is taken; of a place that the table has, the table says what lies in it."""
    assert (Places(CODES, place).strange(code) is None) == taken


@pytest.mark.parametrize(
    ("place", "code", "outside"),
    [
        ("81.71", "81.71", False),
        ("81.71", "81.71.02.2003", False),
        ("81.71", "81", False),
        ("81.71", "81.72", True),
        ("81.71", "81.01.02", True),
        ("81.71", "31", True),
        ("81", "81.72", False),
        ("81", "82", True),
        ("56.66", "81.71", True),
        ("kl-042", "31.71", False),
        ("00", "31.71", False),
    ],
)
def test_what_lies_neither_in_a_node_nor_around_it_lies_outside(
    place: str, code: str, *, outside: bool
) -> None:
    """A city's neighbour does, its province does not; nothing does for nation or ministry."""
    named = Places(CODES, place).outside(code)
    assert (named is not None) == outside
    assert named is None or (named[0].split()[0], named[1].split()[0]) == (code, place)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "81.72 (Kota Tual) berada di luar 81.71 (Kota Ambon). Laporan tetap diterima"),
        ("en", "81.72 (Kota Tual) lies outside 81.71 (Kota Ambon). The report is taken"),
    ],
)
async def test_who_reports_from_elsewhere_is_told_what_becomes_of_it(
    door: httpx.AsyncClient, language: str, said: str
) -> None:
    """With the number, and again to who asks again; who reports from here is told nothing."""
    sent = {"Accept-Language": language, "Idempotency-Key": f"a-key-of-{language}-from-tual"}
    first, again = [
        await door.post(COMPLAINTS, json=a_body(area="81.72"), headers=sent) for _ in range(2)
    ]
    assert first.json()["outside"].startswith(said)
    assert (first.headers["content-language"], again.content) == (language, first.content)
    assert (await filed(door)).json()["outside"] is None


@pytest.mark.parametrize(
    ("language", "said"), [("id", "81.72 (Kota Tual) berada di"), ("en", "81.72 (Kota Tual) lies")]
)
async def test_who_tracks_a_report_from_elsewhere_reads_what_becomes_of_it(
    language: str, said: str
) -> None:
    """While a coordinator is to decide, and no place of here was put in its stead."""
    desk = an_intake(InMemoryComplaints())

    async def outside(*heard: Payload) -> str | None:
        document = hearing(a_report(area="81.72"), heard)
        return (await answer(desk, document, language, Response())).outside

    assert str(await outside()).startswith(said)
    assert await outside(routing.ComplaintVerified(area="81.71.02")) is None
    assert await outside(routing.ComplaintRouted(agency="dinas-pu", turn=1)) is None
    assert (await answer(desk, a_report(), language, Response())).outside is None


async def test_a_mistyped_area_is_told_and_nothing_is_stored() -> None:
    """Of a report and of its amendment; what was filed under a key is answered as it was."""
    kept = InMemoryComplaints()
    desk = an_intake(kept)
    with pytest.raises(Refused, match=r"no area 99\.99"):
        await desk.submit(a_draft(area="99.99"), None, "k" * 16, TRACE)
    assert kept.documents == {}
    receipt = await desk.submit(a_draft(), None, "k" * 16, TRACE)
    document = kept.documents[receipt.complaint]
    with pytest.raises(Refused, match="another complaint"):
        await desk.submit(a_draft(area="99.99"), None, "k" * 16, TRACE)
    said = ComplaintAmended(text="Bukan di sini.", area="81.71.99")
    with pytest.raises(Refused, match=r"no area 81\.71\.99"):
        await desk.amend(receipt.tracking_number, Tried(receipt.pin), said, AGAIN)
    assert kept.documents[receipt.complaint] == document


def test_a_publishers_area_is_taken_whatever_it_is() -> None:
    """Its people cannot be asked again; a coordinator sees it in the queue."""
    document = taken_from_the_bus(a_record(a_submission(area="99.99")))
    assert document.facts[0]["data"]["area"] == "99.99"


async def test_a_report_from_nowhere_is_refused_over_http(door: httpx.AsyncClient) -> None:
    """With the field and what would be right."""
    answer = await filed(door, area="99.99")
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["field"]) == (422, "area")
    assert "81.71 (Kota Ambon)" in wrong["detail"]


@pytest.mark.parametrize("file", ["complaints.json", "register.json"])
def test_the_samples_are_from_somewhere(file: str) -> None:
    """What the demo files is taken."""
    said = (ROOT / "deploy" / "data" / "8171" / file).read_text()
    codes = set(re.findall(r'"area": "([^"]+)"', said))
    assert codes
    assert [each for each in codes if AMBON.strange(each)] == []
