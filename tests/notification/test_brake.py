"""The brake: what is a flood, that it stops, that it is seen, and how it is released."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.notification.domain.brake import (
    BACKLOG,
    CLOCK,
    HOUR,
    LOOP,
    MOST_STEPS,
    NODE,
    RECIPIENT,
    RELEASED_FOR,
    Brake,
    Limits,
    NotPulled,
    pull,
    release,
)
from services.notification.figures import NoticeFigures
from services.notification.timers import Rounds
from shared.contracts import followup
from tests.desk import NOON, client, headers
from tests.notification.doubles import COMPLAINT, SENT, Room
from tests.notification.mail import MailHost

BRAKE = "/api/v1/notices/brake"


def crowd(room: Room, count: int, *, same: bool = False) -> None:
    """Have so many reporters wait for a notice, or one reporter for all of them."""
    for n in range(count):
        room.receive(f"c{n}")
        room.contact(f"c{n}", sealed="budi@warga.test" if same else f"warga{n}@warga.test")


def cause_of(rounds: Rounds) -> str | None:
    """Say why everything stands still."""
    pulled = rounds._guard.brake.pulled
    return pulled.cause if pulled else None


async def test_more_notices_than_the_node_may_send_in_an_hour(host: MailHost) -> None:
    """At the limit nothing more goes out, no attempt is lost, and the brake is pulled."""
    room = Room(limits=Limits(node=10))
    crowd(room, 15)
    rounds = room.rounds_to(host)
    await rounds.send_page()
    assert len(host.taken) == 10
    assert rounds._guard.held_back == {NODE: 5}
    assert await rounds.send_page() == 0
    assert cause_of(rounds) == NODE
    room.clock.pass_by(2 * HOUR)
    assert await rounds.send_page() == 0
    await rounds._guard.release("op", "Hujan besar, semuanya benar.")
    await rounds.send_page()
    assert len(host.taken) == 15
    assert sum(room.types(f"c{n}") == [SENT] for n in range(15)) == 15


async def test_a_flood_that_was_released_goes_on_for_a_day(host: MailHost) -> None:
    """Whoever released it knows that there are many: the same cause does not stop them again."""
    room = Room(limits=Limits(node=5))
    crowd(room, 20)
    rounds = room.rounds_to(host)
    for _ in range(2):
        await rounds.send_page()
    await rounds._guard.release("op", "Benar.")
    room.clock.pass_by(2 * HOUR)
    await rounds.send_page()
    assert (len(host.taken), cause_of(rounds)) == (20, None)


async def test_more_notices_than_one_person_gets_in_an_hour(host: MailHost) -> None:
    """One person is written to so often and not more; the others are not kept waiting."""
    room = Room(limits=Limits(recipient=3))
    crowd(room, 5, same=True)
    room.receive("other")
    room.contact("other", sealed="ani@warga.test")
    rounds = room.rounds_to(host)
    await rounds.send_page()
    assert (len(host.taken), room.types("other")) == (4, [SENT])
    assert (rounds._guard.held_back, cause_of(rounds)) == ({RECIPIENT: 2}, None)
    room.clock.pass_by(HOUR * 1.25)
    await rounds.send_page()
    assert len(host.taken) == 6


async def test_a_loop_is_cut(host: MailHost) -> None:
    """The same event of one complaint again and again is said six times a day, not more."""
    room = Room()
    room.receive()
    room.contact()
    for _ in range(20):
        room.hear(COMPLAINT, "cases", followup.ResponseGiven(agency="dinas-pu", text="Ya."))
        room.clock.pass_by(timedelta(minutes=1))
        rounds = room.rounds_to(host)
        await rounds.send_page()
    assert len(host.taken) == 1 + Limits().same
    assert rounds._guard.held_back[LOOP] > 0
    room.clock.pass_by(timedelta(days=1))
    await room.rounds_to(host).send_page()
    assert len(host.taken) > 1 + Limits().same


@pytest.mark.parametrize("leap", [timedelta(days=40), timedelta(days=-2)])
async def test_a_clock_that_leaps(host: MailHost, room: Room, leap: timedelta) -> None:
    """Where the wall clock goes another way than time does, nothing goes out."""
    guard = room.guard()
    really = [0.0]
    guard.steady = lambda: really[0]
    rounds = Rounds(room.notification, guard, room.rounds_to(host)._channels)
    assert await guard.look([])
    really[0] += 3600
    room.clock.pass_by(HOUR)
    assert await guard.look([])
    room.clock.pass_by(leap)
    assert await rounds.send_page() == 0
    assert (cause_of(rounds), host.taken) == (CLOCK, [])
    await guard.release("op", "Jam server dibetulkan.")
    assert guard.brake.excused == {}


async def test_a_backlog_is_not_sent_by_itself(host: MailHost) -> None:
    """A service that has forgotten what it sent, and hears it all again, mails nobody."""
    room = Room()
    crowd(room, 30)
    room.clock.pass_by(timedelta(days=4))
    rounds = room.rounds_to(host)
    assert await rounds.send_page() == 0
    assert (cause_of(rounds), host.taken) == (BACKLOG, [])
    await rounds._guard.release("op", "Tetap dikirim.")
    assert await rounds.send_page() == 30


async def test_a_few_old_notices_are_no_backlog(host: MailHost, room: Room) -> None:
    """A contact that comes late, or a server away over the weekend, stops nobody."""
    room.clock.pass_by(timedelta(days=10))
    assert await room.rounds_to(host).send_page() == 1


async def test_the_brake_outlives_the_process(host: MailHost) -> None:
    """Who takes over the sending finds it pulled, and health says so in a sentence."""
    room = Room(limits=Limits(node=1))
    crowd(room, 3)
    rounds = room.rounds_to(host)
    for _ in range(2):
        await rounds.send_page()
    after = room.rounds_to(host)
    assert after.remarks() == []
    room.clock.pass_by(2 * HOUR)
    assert await after.send_page() == 0
    [said] = after.remarks()
    assert "brake stops every notice" in said
    assert "python3 -m deploy notices release" in said


async def test_the_ledger_page_and_the_figures_show_it(host: MailHost) -> None:
    """An operator sees why nothing goes out, releases it with a reason, and sees who did."""
    room = Room(limits=Limits(node=1))
    crowd(room, 3)
    rounds = room.rounds_to(host)
    for _ in range(2):
        await rounds.send_page()
    registry = CollectorRegistry()
    registry.register(NoticeFigures(rounds, rounds._guard))
    figures = generate_latest(registry).decode()
    assert "kentongan_brake_pulled 1.0" in figures
    assert 'kentongan_notices_held_back_total{cause="node"} 2.0' in figures
    assert 'kentongan_notice_attempts_total{outcome="sent"} 1.0' in figures
    async with client(room.app) as http:
        who = headers("operator")
        assert (await http.get("/api/v1/notices", headers=who)).json()["braked"] is True
        shown = (await http.get(BRAKE, headers=who)).json()
        assert (shown["pulled"]["cause"], shown["pulled"]["at"]) == (NODE, "2026-03-17T03:00:00Z")
        for reason in ("", "x" * 201, "\x00"):
            wrong = await http.post(f"{BRAKE}/release", json={"reason": reason}, headers=who)
            assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "reason")
        done = await http.post(f"{BRAKE}/release", json={"reason": "Benar."}, headers=who)
        again = await http.post(f"{BRAKE}/release", json={"reason": "Lagi."}, headers=who)
    assert (done.status_code, done.json()["pulled"]) == (200, None)
    assert [(step["what"], step["by"]) for step in done.json()["history"]] == [
        ("pulled", None),
        ("released", "operator-1"),
    ]
    assert (again.status_code, again.json()["code"]) == (409, "not_pulled")


def test_the_history_of_the_brake_is_bounded() -> None:
    """Its newest hundred lines are kept."""
    brake = Brake()
    for n in range(MOST_STEPS):
        brake = release(pull(brake, CLOCK, str(n), NOON), "op", "ya", NOON)
    assert len(brake.history) == MOST_STEPS
    assert brake.history[-2].detail == str(MOST_STEPS - 1)


def test_what_is_not_pulled_is_not_released() -> None:
    """A release without a cause is refused; pulled twice, the first cause stands."""
    with pytest.raises(NotPulled):
        release(Brake(), "op", "ya", NOON)
    brake = pull(pull(Brake(), NODE, "a", NOON), CLOCK, "b", NOON)
    assert (brake.pulled.cause if brake.pulled else "", len(brake.history)) == (NODE, 1)


def test_an_excuse_ends() -> None:
    """A day after its release a cause pulls the brake again."""
    brake = release(pull(Brake(), NODE, "a", NOON), "op", "ya", NOON)
    assert pull(brake, NODE, "b", NOON + HOUR).pulled is None
    assert pull(brake, NODE, "b", NOON + RELEASED_FOR).pulled is not None
    assert pull(brake, BACKLOG, "b", NOON).pulled is not None
