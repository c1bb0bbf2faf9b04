"""What the reporter does after filing, as the agency finds it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from shared.contracts import intake, routing
from shared.contracts.attachment import AttachmentAdded
from tests.followup.doubles import CASE, CASES, COMPLAINT, Room, get, post

WHERE = ("category", "area", "place", "occurred_on")


async def test_an_amendment_is_read_beside_the_report() -> None:
    """The text stays; the amendment stands beside it, until its reporter is erased."""
    room = Room()
    room.open()
    room.hear(COMPLAINT, "complaints", intake.ComplaintAmended(text="Juga di sisi timur."))
    shown = (await get(room, CASE)).json()
    assert shown["text"] == "Jalan di depan pasar berlubang."
    assert shown["amendments"] == ["Juga di sisi timur."]
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (await get(room, CASE)).json()["amendments"] == []


@pytest.mark.parametrize("confidential", [False, True])
@pytest.mark.parametrize("anonymous", [False, True])
async def test_03_an_agency_reads_each_flag_as_it_was_set(
    *, anonymous: bool, confidential: bool
) -> None:
    """Statement 3: neither brings the other along; who looks on from above sees no secret one."""
    room = Room()
    room.receive(anonymous=anonymous, confidential=confidential)
    room.route()
    answer = await get(room, CASE)
    shown = answer.json()
    assert (shown["anonymous"], shown["confidential"]) == (anonymous, confidential)
    assert "reporter_ref" not in answer.text
    above = await get(room, CASE, token="overseer")
    assert above.status_code == (404 if confidential else 200)


async def test_an_agency_reads_how_many_files_there_are() -> None:
    """So does an agency that contributes; one named twice is one, and an erasure takes them."""
    room = Room()
    room.open()
    for name in ("satu", "dua", "satu"):
        said = AttachmentAdded(attachment=name, media_type="image/png", size=9, sha256="a" * 64)
        room.hear(COMPLAINT, "complaints", said)
    for path in (CASE, CASE.replace("cases", "contributions")):
        assert (await get(room, path)).json()["files"] == 2
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (await get(room, CASE)).json()["files"] == 0


async def test_what_the_reporter_wrote_back_is_read_with_its_time_the_newest_ten() -> None:
    """How many there were is said, too; on the desk's list there is only that."""
    room = Room()
    room.open()
    for number in range(12):
        room.reply(f"Belum, ke-{number}.")
    shown = (await get(room, CASE)).json()
    assert shown["replies"] == 12
    assert [each["text"] for each in shown["replied"]] == [f"Belum, ke-{n}." for n in range(2, 12)]
    assert datetime.fromisoformat(shown["replied"][-1]["at"]) == room.clock.now
    (listed,) = (await get(room, CASES)).json()["items"]
    assert (listed["replies"], "replied" in listed) == (12, False)


async def test_an_agency_reads_what_it_is_about_where_and_when() -> None:
    """What an amendment puts right counts, and a field it leaves out stays as it was."""
    room = Room()
    place, day = "Jl. Pattimura 12 depan apotek", date(2026, 3, 14)
    room.receive(category="jalan", place=place, occurred_on=day)
    room.route()
    shown = (await get(room, CASE)).json()
    assert [shown[each] for each in WHERE] == ["jalan", "81.71.02", place, "2026-03-14"]
    amended = intake.ComplaintAmended(text="Nomor 21.", place="Jl. Pattimura 21")
    room.hear(COMPLAINT, "complaints", amended)
    for path in (CASE, CASE.replace("cases", "contributions")):
        shown = (await get(room, path)).json()
        assert [shown[each] for each in WHERE] == [
            *("jalan", "81.71.02", "Jl. Pattimura 21", "2026-03-14")
        ]


async def test_53_an_erasure_takes_what_the_reporter_wrote_back_and_the_place() -> None:
    """Statement 53: the words and the day go from the state; how often they replied stays."""
    room = Room()
    room.receive(place="Rumah Bu Sarinah", occurred_on=date(2026, 3, 14))
    room.route()
    room.reply("Saya Sarinah.")
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    shown = (await get(room, CASE)).json()
    assert (shown["replies"], shown["replied"], shown["place"]) == (1, [], None)
    assert shown["occurred_on"] is None
    assert "Sarinah" not in repr(room.documents.kept[COMPLAINT])


def test_the_category_that_a_coordinator_found_stands() -> None:
    """Whichever of the two streams is heard first."""
    one, other = Room(), Room()
    found = routing.ComplaintVerified(category="lampu")
    one.receive(category="jalan")
    one.hear(COMPLAINT, "dispositions", found)
    other.hear(COMPLAINT, "dispositions", found)
    other.receive(category="jalan")
    assert one.case.category == other.case.category == "lampu"


async def test_nobody_waits_for_an_answer_to_a_withdrawn_report() -> None:
    """It lies on no desk, no clock runs, and an answer is refused; it can still be read."""
    room = Room()
    room.open()
    state = room.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn()).state
    assert (list(state.running()), state.place) == ([], None)
    assert (await get(room, CASES)).json()["items"] == []
    assert (await get(room, CASE)).json()["withdrawn"] is True
    answer = await post(room, "responses", {"text": "Sudah."})
    assert (answer.status_code, answer.json()["code"]) == (409, "withdrawn")


def test_what_is_withdrawn_before_it_was_routed_opens_no_work() -> None:
    """Whichever is heard first, the case is recorded and nobody waits for it."""
    one, other = Room(), Room()
    for room in (one, other):
        room.receive()
    one.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    one.route()
    other.route()
    other.hear(COMPLAINT, "complaints", intake.ComplaintWithdrawn())
    assert one.documents.kept[COMPLAINT].state == other.documents.kept[COMPLAINT].state
    one.clock.pass_by(timedelta(days=60))
    ticked = one.cases.tick(one.documents.kept[COMPLAINT], one.clock.under())
    assert ticked.state.missed == ()


async def test_the_agency_reads_which_report_it_goes_on_from() -> None:
    """In the reporter's word; whoever is erased has it no more."""
    room = Room()
    room.receive(continues="8171-4F8C-0ZWB-K")
    room.route()
    assert (await get(room, CASE)).json()["continues"] == "8171-4F8C-0ZWB-K"
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert (await get(room, CASE)).json()["continues"] is None
