"""Oversight lists the cases of its area, of every agency, the latest first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.followup.domain.policy import Term
from shared.contracts import intake, routing
from shared.contracts.fact import Payload
from shared.runtime.store.rows import lift, lower
from tests.desk import received
from tests.followup.doubles import AMBON, COMPLAINT, Room, get
from tests.followup.test_shapes import SHAPE_1, SHAPE_3

CASES = "/api/v1/oversight/cases"
OVERSEER, SIRIMAU = "overseer", "overseer::81.71.02"
DAY = timedelta(days=1)


def city() -> Room:
    """Give a room in which five agencies' cases wait, received day after day, the oldest late."""
    room = Room()
    for nth, (agency, area, secret) in enumerate(
        [
            ("dinas-pu", "81.71.02", False),
            ("dinsos", "81.71.05", False),
            ("dinas-pu", "81.71.05", False),
            ("dishub", "81.71.02", True),
            ("dinsos", "81.71.02.1001", False),
        ]
    ):
        room.receive(f"c{nth}", area=area, confidential=secret, title=f"Judul {nth}")
        room.route(f"c{nth}", agency=agency)
        room.clock.pass_by(DAY)
    return room


async def listed(room: Room, token: str = OVERSEER, **query: Any) -> list[str]:
    """List what somebody sees."""
    answer = await get(room, CASES, token=token, **query)
    assert answer.status_code == 200, answer.text
    return [each["complaint"] for each in answer.json()["items"]]


@pytest.mark.parametrize(
    ("token", "query", "seen"),
    [
        (OVERSEER, {}, "c0 c1 c2 c3 c4"),
        ("overseer::81", {}, "c0 c1 c2 c3 c4"),
        ("overseer::00", {}, "c0 c1 c2 c3 c4"),
        ("overseer:dinas-pu", {}, "c0 c1 c2 c3 c4"),
        (SIRIMAU, {}, "c0 c3 c4"),
        (OVERSEER, {"agency": "dinsos"}, "c1 c4"),
        (SIRIMAU, {"agency": "dinsos"}, "c4"),
        (OVERSEER, {"area": "81.71.05"}, "c1 c2"),
        (OVERSEER, {"area": "81.71.02"}, "c0 c4"),
        (SIRIMAU, {"area": "81.71.05"}, ""),
        (OVERSEER, {"agency": "dinas-pu", "area": "81.71.05"}, "c2"),
        (OVERSEER, {"stage": "answered"}, ""),
    ],
)
async def test_21_oversight_lists_the_cases_of_its_area(
    token: str, query: dict[str, str], seen: str
) -> None:
    """Statement 21: by agency and by area, the one due first at the top; no agency bounds it.

    Who asks for a district does not learn from where a confidential report is.
    """
    assert await listed(city(), token, **query) == seen.split()


async def test_late_cases_come_first_and_say_so() -> None:
    """A date that has passed stands at the top, with what the agency owes next."""
    room = city()
    room.clock.now = AMBON.end_of(date.fromisoformat(str(room.due(Term.RESPOND, "c0"))))
    await room.ask("c0", lambda found, under, _: room.cases.tick(found, under))
    items = (await get(room, CASES, token=OVERSEER)).json()["items"]
    assert [each["overdue"] for each in items] == [True, *[False] * 4]
    assert [each["due_on"] for each in items] == sorted(each["due_on"] for each in items)
    assert items[0]["respond_by"] == items[0]["due_on"]
    assert (items[0]["agency"], items[0]["title"], items[0]["area"]) == (
        *("dinas-pu", "Judul 0"),
        "81.71.02",
    )


async def test_4_of_a_confidential_report_oversight_reads_no_word() -> None:
    """Statement 4: that it waits, where and for how long, and nothing of what it says or where."""
    room = city()
    answer = await get(room, CASES, token=OVERSEER, agency="dishub")
    [shown] = answer.json()["items"]
    assert shown["agency"] == "dishub"
    assert shown["due_on"] is not None
    assert (shown["title"], shown["category"], shown["area"]) == (None, None, None)
    assert "Judul" not in answer.text


async def test_5_nobody_is_named_in_the_list() -> None:
    """Statement 5: who reported, what they wrote and what officers answered stand in no list."""
    room = Room()
    room.receive(text="Nama saya Budi.")
    room.route()
    room.respond("Kepada Bapak Budi.", interim=True)
    room.reply("Terima kasih, Budi.")
    answer = await get(room, CASES, token=OVERSEER)
    assert len(answer.json()["items"]) == 1
    assert "Budi" not in answer.text


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 5), st.sampled_from([OVERSEER, SIRIMAU]), st.sampled_from([None, "dinsos"]))
async def test_the_list_comes_in_pages(limit: int, token: str, agency: str | None) -> None:
    """Each case is shown once, in order, however small the pages are and whatever is hidden."""
    room = city()
    query: dict[str, Any] = {"agency": agency} if agency else {}
    whole, found = await listed(room, token, **query), list[str]()
    place: dict[str, str] | None = {}
    while place is not None:
        page = (await get(room, CASES, token=token, limit=limit, **query, **place)).json()
        assert len(page["items"]) <= limit
        found += [each["complaint"] for each in page["items"]]
        place = {"after": page["next"]} if page["next"] else None
    assert found == whole


async def test_what_rests_or_is_done_is_not_listed() -> None:
    """Withdrawn, nobody waits for it; answered, it stands on the other list."""
    room = city()
    room.hear("c1", "complaints", intake.ComplaintWithdrawn(reason="Sudah."))
    room.open(COMPLAINT)
    room.respond()
    assert await listed(room) == ["c0", "c2", "c3", "c4"]
    assert await listed(room, stage="answered") == [COMPLAINT]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"stage": "resolved"}, "stage"),
        ({"agency": "Dinas PU"}, "agency"),
        ({"area": "8171"}, "area"),
        ({"after": "x"}, "after"),
        ({"limit": "101"}, "limit"),
    ],
)
async def test_what_is_asked_for_wrongly_is_said(query: dict[str, str], field: str) -> None:
    """Each wrong filter is refused with its name."""
    answer = await get(city(), CASES, token=OVERSEER, **query)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(("row", "before"), [(SHAPE_1["open"], []), (SHAPE_3["open"], [COMPLAINT])])
async def test_a_case_of_before_is_found_by_its_area_once_its_report_is_told_again(
    row: dict[str, Any], before: list[str]
) -> None:
    """As it was heard then, and nothing else follows: no fact, no date, no step of its history."""
    room = Room()
    room.documents.kept[COMPLAINT] = stored = lift(row, room.documents.shape)
    assert stored.state.lacks == ("complaints", "dispositions")
    assert await listed(room, SIRIMAU) == before
    room.receive(area="81.71.02", category="jalan", title="Anders")
    after = room.documents.kept[COMPLAINT]
    assert await listed(room, SIRIMAU) == [COMPLAINT]
    assert (after.facts, after.heard) == (stored.facts, stored.heard)
    assert (after.state.title, after.state.dues) == (stored.state.title, stored.state.dues)
    assert lower(after, room.documents.shape)["watched"].endswith(COMPLAINT)
    room.hear(COMPLAINT, "complaints")
    assert room.documents.kept[COMPLAINT].state is after.state


async def test_what_a_coordinator_put_right_is_filled_in_too() -> None:
    """In whichever order both are told again; and a report that is confidential is so."""
    for order in (1, -1):
        room = Room()
        room.documents.kept[COMPLAINT] = lift(SHAPE_1["open"], room.documents.shape)
        said: list[tuple[str, list[Payload]]] = [
            ("complaints", [received(room.clock.now, area="81.71.05", confidential=True)]),
            (
                "dispositions",
                [
                    routing.ComplaintVerified(area="81.71.02"),
                    routing.ComplaintRouted(agency="dinas-pu", turn=1),
                ],
            ),
        ]
        for stream, facts in said[::order]:
            room.hear(COMPLAINT, stream, *facts)
        state = room.documents.kept[COMPLAINT].state
        assert (state.area, state.confidential, state.lacks) == ("81.71.02", True, ())
        assert await listed(room, SIRIMAU) == [COMPLAINT]


async def test_what_was_amended_stays_whatever_lies_behind_it_on_the_bus() -> None:
    """Another process may tell of it while a retelling still has the report as it was."""
    room = Room()
    room.documents.kept[COMPLAINT] = lift(SHAPE_1["open"], room.documents.shape)
    told = received(room.clock.now, area="81.71.02")
    room.hear(COMPLAINT, "complaints", told, intake.ComplaintAmended(text="?", area="81.71.05"))
    del room.told[COMPLAINT, "complaints"][1:]
    room.hear(COMPLAINT, "complaints")
    state = room.documents.kept[COMPLAINT].state
    assert (state.area, state.lacks) == ("81.71.05", ("dispositions",))
    assert await listed(room, SIRIMAU) == []


async def test_what_is_told_again_with_a_reply_is_filled_in() -> None:
    """Of a batch the newest history alone is read, and it brings both."""
    room = Room()
    room.documents.kept[COMPLAINT] = lift(SHAPE_1["open"], room.documents.shape)
    told = received(room.clock.now, area="81.71.02", confidential=True)
    state = room.hear(COMPLAINT, "complaints", told, intake.ReporterReplied(text="Belum.")).state
    assert (state.replies, state.confidential, state.lacks) == (1, True, ("dispositions",))
    assert await listed(room, SIRIMAU) == [COMPLAINT]


async def test_a_closed_case_is_filled_in_before_its_reporter_reopens_it() -> None:
    """No list has it; taken up again, it is found where a coordinator found it to lie."""
    room = Room()
    room.receive(area="81.71.05")
    room.hear(COMPLAINT, "dispositions", routing.ComplaintVerified(area="81.71.02"))
    room.route()
    room.respond()
    room.resolve()
    now = room.documents.kept[COMPLAINT]
    streams = ("complaints", "dispositions")
    of_before = replace(now.state, area=None, area_found=False, lacks=streams)
    room.documents.kept[COMPLAINT] = replace(now, state=of_before)
    for stream in streams:
        room.hear(COMPLAINT, stream)
    after = room.documents.kept[COMPLAINT]
    assert (after.state, after.facts, after.heard) == (now.state, now.facts, now.heard)
    assert await listed(room, SIRIMAU) == []
    room.clock.pass_by(DAY)
    room.reply()
    assert room.case.stage == "open"
    assert await listed(room, SIRIMAU) == [COMPLAINT]


async def test_what_lies_in_the_archive_is_left_as_it_is() -> None:
    """Told again, it is not brought back from there: nobody asks for it."""
    room = Room()
    stored = replace(lift(SHAPE_1["resolved"], room.documents.shape), archived=True)
    room.documents.kept[COMPLAINT] = stored
    room.receive(area="81.71.02")
    assert room.documents.kept[COMPLAINT].state is stored.state


@pytest.mark.parametrize("token", ["operator", "leader", "leader:dinas-pu", "liaison:dinas-pu"])
async def test_the_list_is_for_oversight(token: str) -> None:
    """Operators keep the node running and read no cases; officers have their own desks."""
    assert (await get(city(), CASES, token=token)).status_code == 403
