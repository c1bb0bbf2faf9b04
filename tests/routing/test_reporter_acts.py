"""What the reporter does after filing, as the coordinator finds it."""

from __future__ import annotations

from datetime import date

import pytest

from services.routing.domain import choosing
from shared.contracts import intake
from shared.contracts.fact import Fact, Pair
from shared.contracts.routing import ComplaintRouted, ComplaintVerified
from shared.contracts.vocabulary import Kind
from shared.runtime.document import Cause, Refused
from tests.routing.doubles import COMPLAINT, SHOWN, Room, get

WHERE = ("kind", "place", "occurred_on")


def test_an_amendment_is_read_beside_the_report() -> None:
    """The text stays; a corrected area counts."""
    room = Room()
    room.receive(area="81.71.05")
    said = intake.ComplaintAmended(text="Bukan di Baguala.", area="81.71.02")
    state = room.hear(COMPLAINT, "complaints", said).state
    assert (state.amendments, state.area) == (("Bukan di Baguala.",), "81.71.02")
    assert state.text == "Jalan di depan pasar berlubang."


async def test_a_coordinator_reads_what_kind_it_is_where_and_when() -> None:
    """What an amendment puts right counts, and a field it leaves out stays as it was."""
    room = Room()
    place = "Jl. Pattimura 12 depan apotek"
    room.receive(kind=Kind.INFORMATION_REQUEST, place=place, occurred_on=date(2026, 3, 14))
    shown = (await get(room, SHOWN)).json()
    assert [shown[each] for each in WHERE] == ["information_request", place, "2026-03-14"]
    amended = intake.ComplaintAmended(text="Kemarin.", occurred_on=date(2026, 3, 16))
    room.hear(COMPLAINT, "complaints", amended)
    shown = (await get(room, SHOWN)).json()
    assert [shown[each] for each in WHERE] == ["information_request", place, "2026-03-16"]


async def test_53_an_erasure_takes_the_place_and_the_day() -> None:
    """Statement 53: what the reporter wrote goes; what kind it is stays."""
    room = Room()
    room.receive(place="Rumah Bu Sarinah", occurred_on=date(2026, 3, 14))
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    shown = (await get(room, SHOWN)).json()
    assert [shown[each] for each in WHERE] == ["complaint", None, None]
    assert "Sarinah" not in repr(room.documents.kept[COMPLAINT])


def test_a_withdrawn_report_does_not_wait_in_the_queue() -> None:
    """It has no place there, and cannot be routed any more."""
    room = Room()
    assert room.receive().place is not None
    document = room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    assert (document.state.stage, document.state.place) == ("withdrawn", None)
    choice = ComplaintRouted(agency="dinas-pu", turn=1)
    with pytest.raises(Refused) as refused:
        choosing.route(room.dispositions, document, choice, Cause("k"), room.clock.under())
    assert (refused.value.status, refused.value.code) == (409, "not_waiting")


def test_erasing_a_reporter_forgets_the_amendments() -> None:
    """They may name a person, as the text may."""
    room = Room()
    room.receive()
    room.hear(COMPLAINT, "complaints", intake.ComplaintAmended(text="Saya Budi."))
    erased = room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert erased.state.amendments == ()


def test_the_area_that_a_coordinator_found_stands() -> None:
    """Whichever is heard first, the correction or the verification."""
    found = ComplaintVerified(area="81.71.03")
    amended = intake.ComplaintAmended(text="Salah.", area="81.71.02")
    ends = []
    for order in ((found, amended), (amended, found)):
        room = Room()
        room.receive()
        state = room.documents.kept[COMPLAINT].state
        for n, each in enumerate(order):
            row = Fact(str(n), Pair(0, n), each.type, room.clock.now, "c", None, None, None, each)
            state = room.dispositions.fold(state, row)
        ends.append(state)
    assert ends[0] == ends[1]
    assert ends[0].area == "81.71.03"
