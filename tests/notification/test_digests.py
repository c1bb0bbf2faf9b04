"""Agencies are written once a working day what is late and what is due soon."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.engines.embedded import EmbeddedStore
from services.notification.domain.digests import MOST_COUNTED, MOST_LISTED, Habit, digest_id
from services.notification.domain.offices import Office
from services.notification.handlers import Digests
from services.notification.handlers.digests import OWING
from services.notification.store import DIGESTS, SHAPE
from services.notification.store.digests import KEPT, prune
from shared.contracts import followup
from shared.contracts.calendar import Calendar
from shared.contracts.vocabulary import zone_of
from shared.runtime.ports import Change
from shared.runtime.store import MongoStore
from shared.runtime.timing import EPOCH, micros
from tests.desk import Clock, client, headers
from tests.notification.doubles import FAILED, OFFICE_AT, OFFICES, SENT, UNCERTAIN, Room
from tests.notification.mail import MailHost

MORNING = datetime(2026, 3, 15, 23, tzinfo=UTC)
"""Monday the 16th, 08:00 in Ambon; from Wednesday the 18th to the 24th the nation rests."""
TODAY = date(2026, 3, 16)
DAY, HOUR = timedelta(days=1), MORNING - timedelta(minutes=30)
HABIT = Habit(at=time(7, 30), ahead=2, without=frozenset())
KEY = digest_id("dinas-pu", TODAY)
LATE, NOW, TOMORROW, FAR = (f"8171-AAAA-AAA{n}-{n}" for n in range(4))


async def write_digests(
    room: Room,
    habit: Habit = HABIT,
    offices: Mapping[str, Office] = OFFICES,
    views: Mapping[str, datetime] | None = None,
) -> int:
    """Look whether digests are to be written, as a process that has just started."""

    async def heard() -> Mapping[str, datetime]:
        return dict.fromkeys(OWING, room.now()) if views is None else views

    digests = Digests(
        ledger=room.ledger,
        kept=room.both,
        ask=room.notification.ask,
        notes=room.notes,
        offices=offices,
        calendar=Calendar(zone_of("8171")),
        now=room.now,
        habit=habit,
        views=heard,
    )
    return await digests.look()


def owe(room: Room, complaint: str, due_on: date, *, agency: str = "dinas-pu", **said: Any) -> None:
    """Hear of a complaint, and that an agency owes a first response to it by a day."""
    room.receive(complaint, reachable=False, **said)
    opened = followup.CaseOpened(agency=agency, turn=1, respond_by=due_on)
    room.hear(complaint, "cases", opened)


@pytest.fixture
def room() -> Room:
    """Give notification on a Monday morning; an agency owes four answers, another one."""
    room = Room(Clock(MORNING))
    owe(room, "far", date(2026, 3, 27), tracking_number=FAR)
    owe(room, "tomorrow", TODAY + DAY, tracking_number=TOMORROW, confidential=True)
    owe(room, "late", date(2026, 3, 13), tracking_number=LATE)
    owe(room, "now", TODAY, tracking_number=NOW)
    owe(room, "other", TODAY, tracking_number="8171-AAAA-AAA5-5", agency="dinsos")
    return room


async def test_38_an_agency_is_written_what_is_late_and_due_soon(
    host: MailHost, room: Room
) -> None:
    """Statement 38: oldest first, by number and date alone, in both languages, to the office."""
    assert await write_digests(room) == 2
    await room.rounds_to(host).send_page()
    [(to, mail)] = host.taken
    assert to == OFFICE_AT
    assert str(mail["subject"]).startswith("Dinas Pekerjaan Umum: 3 laporan")
    body = "\n".join(mail.get_content().splitlines())
    indonesian, _, english = body.partition("---")
    assert f"Lewat tenggat:\n- {LATE}, batas waktu 13 Maret 2026\n" in indonesian
    assert f"\n- {NOW}, batas waktu 16 Maret 2026\n- {TOMORROW}, batas waktu 17" in indonesian
    assert f"Late:\n- {LATE}, due on 13 March 2026\n" in english
    assert english.index(LATE) < english.index(NOW) < english.index(TOMORROW)
    assert FAR not in body
    assert "Jalan" not in body
    assert [row["type"] for row in room.apart.documents.kept[KEY].facts] == [SENT]


async def test_38_a_digest_is_not_about_a_complaint(room: Room) -> None:
    """Statement 38: it lies apart, where nothing is told from and the audit counts nothing."""
    await write_digests(room)
    assert KEY in room.apart.documents.kept
    assert not room.documents.kept.keys() & room.apart.documents.kept.keys()


async def test_37_a_digest_is_written_once_whatever_crashes(host: MailHost, room: Room) -> None:
    """Statement 37: whoever loses an answer, or the note that a day is done, makes no second."""
    room.apart.documents.lose_answers = 1
    for _ in range(3):
        await write_digests(room)
        await room.rounds_to(host).send_page()
        room.notes.kept.clear()
        room.clock.pass_by(timedelta(hours=1))
    assert [to for to, _ in host.taken] == [OFFICE_AT]


@pytest.mark.parametrize(
    ("now", "habit", "agencies"),
    [
        (HOUR - timedelta(minutes=1), HABIT, 0),
        (HOUR, HABIT, 2),
        (MORNING - DAY, HABIT, 0),
        (MORNING + 3 * DAY, HABIT, 0),
        (MORNING, dataclasses.replace(HABIT, at=None), 0),
        (MORNING, dataclasses.replace(HABIT, at=time(9)), 0),
        (MORNING, dataclasses.replace(HABIT, without=frozenset({"dinsos"})), 1),
    ],
    ids=["before the hour", "at the hour", "sunday", "holiday", "off", "later", "not this one"],
)
async def test_38_digests_go_out_by_the_habit_of_the_node(
    room: Room, now: datetime, habit: Habit, agencies: int
) -> None:
    """Statement 38: on working days from an hour on, by the local clock, to whoever wants it."""
    room.clock.now = now
    assert await write_digests(room, habit) == agencies


@pytest.mark.parametrize("unheard", OWING)
@pytest.mark.parametrize("until", [None, HOUR - timedelta(seconds=1)], ids=["never", "before"])
async def test_38_digests_wait_until_what_was_done_is_heard(
    room: Room, unheard: str, until: datetime | None
) -> None:
    """Statement 38: no agency is called late by a view that is older than the hour."""
    views = {**dict.fromkeys(OWING, HOUR), unheard: until}
    behind = {stream: at for stream, at in views.items() if at is not None}
    assert await write_digests(room, views=behind) == 0
    assert await write_digests(room, views=dict.fromkeys(OWING, HOUR)) == 2


async def test_38_digests_asked_for_wait_for_what_was_done_before(room: Room) -> None:
    """Statement 38: what an operator asks for says how it stood when it was asked."""
    room.notes.kept["digest"] = {"day": TODAY.isoformat(), "at": micros(MORNING)}
    for heard, made in ((HOUR, 0), (MORNING, 2)):
        assert await write_digests(room, views=dict.fromkeys(OWING, heard)) == made


async def test_38_an_operator_has_them_written_at_once(room: Room) -> None:
    """Statement 38: also on a day off; asked twice, an agency gets no second one that day."""
    room.clock.now = MORNING - DAY
    for at, made in ((1, 2), (2, 0)):
        room.notes.kept["digest"] = {"day": "2026-03-15", "at": at}
        assert await write_digests(room) == made
    room.clock.now = MORNING
    assert await write_digests(room) == 2


async def test_38_an_agency_that_the_register_names_later_is_written_too(room: Room) -> None:
    """Statement 38: a process that began with the file alone looks again once it heard more."""
    known = {"dinas-pu": OFFICES["dinas-pu"]}
    made = [await write_digests(room, offices=each) for each in (known, known, OFFICES, OFFICES)]
    assert made == [1, 0, 1, 0]


async def test_38_who_was_away_writes_todays_and_says_which_days_were_missed(
    room: Room, host: MailHost, caplog: pytest.LogCaptureFixture
) -> None:
    """Statement 38: back in the afternoon, one for today; of days off nothing was missed."""
    await write_digests(room)
    assert "digests_missed" not in caplog.text
    room.clock.now = datetime(2026, 3, 26, 5, tzinfo=UTC)  # Thursday, 14:00 in Ambon
    assert [await write_digests(room) for _ in range(2)] == [2, 0]
    said = [each.__dict__["days"] for each in caplog.records if each.msg == "digests_missed"]
    assert said == [["2026-03-17", "2026-03-25"]]
    await room.rounds_to(host).send_page()
    [(_, mail)] = host.taken
    assert "per tanggal 26 Maret 2026" in mail.get_content()


@pytest.mark.parametrize("habit", [HABIT, dataclasses.replace(HABIT, at=None)], ids=["on", "off"])
async def test_38_nothing_was_missed_where_digests_were_made_or_not_wanted(
    room: Room, habit: Habit, caplog: pytest.LogCaptureFixture
) -> None:
    """Statement 38: neither on the very next day nor where an operator alone asks for them."""
    for day in (MORNING, MORNING + DAY if habit.at else MORNING + 30 * DAY):
        room.clock.now = day
        local = day.astimezone(zone_of("8171")).date()
        room.notes.kept["digest"] = {"day": local.isoformat(), "at": micros(day)}
        assert await write_digests(room, habit) == 2
    assert "digests_missed" not in caplog.text


async def test_digests_are_kept_for_a_while(store: EmbeddedStore, room: Room) -> None:
    """What became of one can be asked for ninety days; those older are deleted, and no others."""
    await write_digests(room)
    kept = MongoStore(store.address, "8171", "notification")
    digests = kept.documents("digests", DIGESTS)
    (old, new) = room.apart.documents.kept.values()
    new = replace(new, changed_at=old.changed_at + micros(EPOCH + DAY))
    assert (await digests.write([Change(old, 0), Change(new, 0)])).complete
    await prune(digests, MORNING + KEPT + DAY / 2)
    assert list(await digests.load([old.id, new.id])) == [new.id]
    kept.close()


async def test_38_who_owes_much_is_named_the_first_and_told_how_many_more(
    host: MailHost, room: Room
) -> None:
    """Statement 38: a digest has an end, and says so."""
    for n in range(MOST_LISTED + MOST_COUNTED):
        owe(room, f"more-{n}", TODAY, tracking_number=f"8171-BBBB-B{n:03}-1")
    await write_digests(room)
    await room.rounds_to(host).send_page()
    [(_, mail)] = host.taken
    body = mail.get_content()
    assert body.count("batas waktu") == MOST_LISTED
    assert f"dan {MOST_COUNTED} laporan lagi, atau lebih." in body
    assert "120+ laporan" in mail["subject"]


async def test_38_a_digest_that_misses_its_day_is_not_sent(host: MailHost, room: Room) -> None:
    """Statement 38: after days without a mail server nobody is sent what is no longer so."""
    await write_digests(room)
    room.clock.pass_by(DAY)
    assert await write_digests(room) == 2
    await room.rounds_to(host).send_page()
    assert [row["type"] for row in room.apart.documents.kept[KEY].facts] == [FAILED]
    assert len(host.taken) == 1
    assert "17 Maret 2026:" in host.taken[0][1].get_content()


async def test_38_an_uncertain_digest_is_not_repeated(host: MailHost, room: Room) -> None:
    """Statements 37, 38: as any notice; and it is not listed as lost, the next one says more."""
    await write_digests(room)
    host.script = [("DATA", "close")]
    await room.rounds_to(host).send_page()
    document = room.apart.documents.kept[KEY]
    assert [row["type"] for row in document.facts] == [UNCERTAIN]
    assert document.state.lost == ()
    assert await room.rounds_to(host).send_page() == 0


async def test_the_ledger_of_a_digest_can_be_read(host: MailHost, room: Room) -> None:
    """An operator reads by its id what became of it, as of a complaint's notices."""
    await write_digests(room)
    await room.rounds_to(host).send_page()
    async with client(room.app) as door:
        answer = await door.get(f"/api/v1/notices/{KEY}", headers=headers("operator"))
    assert [each["outcome"] for each in answer.json()["ended"]] == ["sent"]


def test_38_what_is_owed_stays_where_digests_look(room: Room) -> None:
    """Statement 38: a case that lies unanswered for a year is not archived from under them."""
    state = room.state("late")
    assert (state.pending, state.lost) == ((), ())
    assert SHAPE.closed is not None
    assert not SHAPE.closed(state)
