"""Wrong PINs: whoever guesses is stopped, and whoever knows gets in."""

from __future__ import annotations

import asyncio
import itertools
import re

import httpx
import pytest
from fastapi import FastAPI

from services.intake.api.routes import create_api
from services.intake.domain.tries import (
    AHEAD,
    AT_ONCE,
    KEPT,
    LONGER,
    MOST_OF_ADDRESS,
    MOST_WRONG,
    PACE,
    WINDOW,
    Line,
)
from services.intake.handlers import Intake, Tried
from services.intake.handlers.pins import TooManyTries, is_long, read_pin
from services.intake.handlers.tries import Tries
from shared.contracts.intake import Contact
from shared.contracts.tracking import TrackingNumber
from shared.runtime.document import Refused
from shared.runtime.ports import Away
from tests.intake.doubles import InMemoryComplaints, InMemoryCounts, a_draft, an_intake

HOME = "198.51.100.7"
NOBODYS = str(TrackingNumber("8171", "7K3M9QXT"))
TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
HOURS = 3 * 3600.0


class HeldCounts(InMemoryCounts):
    """Counts of which one answer, to what ``held`` names, comes only when it is ``free``."""

    def __init__(self) -> None:
        super().__init__()
        self.held: str | None = None
        self.reached, self.free = asyncio.Event(), asyncio.Event()

    async def _ask(self, what: str) -> None:
        if what == self.held:
            self.held = None
            self.reached.set()
            await self.free.wait()
        await super()._ask(what)


class Guessing:
    """A complaint that others guess the PIN of, under a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.kept, self.counts = InMemoryComplaints(), InMemoryCounts()
        self.desk = self.process()

    def process(self) -> Intake:
        """Start another process over the same store."""
        return an_intake(self.kept, lambda: self.now, counts=self.counts)

    async def file(self) -> None:
        """Have a reporter file it."""
        filed = await self.desk.submit(a_draft(), None, None, TRACE)
        self.number, self.pin = filed.tracking_number, filed.pin
        self.complaint = filed.complaint
        self.wrong = f"{(int(filed.pin) + 1) % 10**6:06d}"

    async def guess(self, address: str | None, number: str | None = None) -> int:
        """Try a wrong PIN; give the status, and where it is 429 the seconds to wait."""
        with pytest.raises(Refused) as refusal:
            await self.desk.track(number or self.number, Tried(self.wrong, address))
        late = refusal.value
        return int(late.headers["Retry-After"]) if isinstance(late, TooManyTries) else late.status

    async def guess_from_everywhere(self, number: str | None = None) -> None:
        """Have as many wrong PINs tried as are looked at without waiting."""
        for nth in range(AT_ONCE):
            assert await self.guess(f"203.0.113.{nth // MOST_WRONG}", number) == 404

    async def read(self, address: str | None = HOME) -> None:
        """Read it as its reporter; raises TooManyTries."""
        await self.desk.track(self.number, Tried(self.pin, address))


@pytest.fixture
async def guessing() -> Guessing:
    """Give a complaint that was filed."""
    found = Guessing()
    await found.file()
    return found


async def test_who_guesses_locks_out_the_own_address_alone(guessing: Guessing) -> None:
    """After five wrong PINs nothing is looked at from there; the reporter is let in at once."""
    for _ in range(MOST_WRONG):
        assert await guessing.guess("203.0.113.1") == 404
    assert await guessing.guess("203.0.113.1") > 800
    with pytest.raises(TooManyTries):
        await guessing.read("203.0.113.1")
    await guessing.read()
    guessing.now = WINDOW
    await guessing.read("203.0.113.1")


async def test_asked_to_wait_the_reporter_has_a_turn_of_her_own(guessing: Guessing) -> None:
    """Those who come meanwhile do not take it away."""
    await guessing.guess_from_everywhere()
    assert await guessing.guess("192.0.2.1") == PACE + 1
    with pytest.raises(TooManyTries) as refusal:
        await guessing.read()
    assert refusal.value.headers["Retry-After"] == str(int(2 * PACE) + 1)
    for nth in range(100):
        await guessing.guess(f"192.0.2.{nth}")
    guessing.now = 2 * PACE
    await guessing.read()


@pytest.mark.parametrize("addresses", [11, 18, 40])
async def test_who_guesses_for_hours_delays_the_reporter_by_a_minute_an_address(
    guessing: Guessing, addresses: int
) -> None:
    """Each address tries again and again; she comes when she was told to, and gets in."""
    guessers = [f"203.0.113.{nth}" for nth in range(addresses)]
    comes, deadline = AT_ONCE * PACE, (AT_ONCE + addresses + 2) * PACE
    while guessing.now < deadline:
        guessing.now += PACE / 2
        for address in guessers:
            await guessing.guess(address)
        if guessing.now >= comes:
            try:
                return await guessing.read()
            except TooManyTries as late:
                comes = guessing.now + int(late.headers["Retry-After"])
    pytest.fail("she never got in")


async def test_who_knows_the_pin_goes_on_with_it_in_the_same_turn(guessing: Guessing) -> None:
    """She reads, then replies, and waits once."""
    await guessing.guess_from_everywhere()
    with pytest.raises(TooManyTries):
        await guessing.read()
    for nth in range(10):
        await guessing.guess(f"192.0.2.{nth}")
    guessing.now = PACE
    assert await guessing.guess("192.0.2.99") > PACE
    await guessing.read()
    await guessing.read()
    guessing.now += KEPT + 1
    await guessing.guess_from_everywhere()
    with pytest.raises(TooManyTries):
        await guessing.read()


async def test_one_address_guesses_at_few_numbers(guessing: Guessing) -> None:
    """Sixty wrong PINs over all numbers close all to it, a right one between them or not."""
    for nth in range(MOST_OF_ADDRESS):
        assert (
            await guessing.guess("203.0.113.1", str(TrackingNumber("8171", f"7K3M9Q{nth:02}")))
            == 404
        )
        if nth == MOST_OF_ADDRESS // 2:
            await guessing.read("203.0.113.1")
    with pytest.raises(TooManyTries):
        await guessing.read("203.0.113.1")
    await guessing.read()
    guessing.now = WINDOW
    await guessing.read("203.0.113.1")


async def test_who_has_many_networks_of_ipv6_is_one(guessing: Guessing) -> None:
    """All that a subscriber usually has is one address to the counter of wrong PINs."""
    app = FastAPI()
    app.include_router(create_api(guessing.desk))
    said = []
    for nth in range(MOST_WRONG + 1):
        transport = httpx.ASGITransport(app, client=(f"2001:db8:1:{nth}{nth}00::1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            place = f"/api/v1/complaints/{guessing.number}"
            with pytest.raises(Refused) as refusal:
                await client.get(place, headers={"kentongan-pin": guessing.wrong})
        said.append(refusal.value.status)
    assert said == [404] * MOST_WRONG + [429]


async def test_an_unknown_number_is_guessed_at_in_the_same_way(guessing: Guessing) -> None:
    """Neither the answers nor the seconds to wait tell whether there is such a number."""
    await guessing.guess_from_everywhere()
    await guessing.guess_from_everywhere(NOBODYS)
    for address in ("192.0.2.1", "203.0.113.1", "192.0.2.1", None):
        assert await guessing.guess(address) == await guessing.guess(address, NOBODYS)


async def test_six_digits_last_years_whoever_guesses() -> None:
    """From however many addresses, one try a minute is looked at in the long run."""
    now = [0.0]
    tries, looked = Tries(InMemoryCounts(), str, lambda: now[0]), 0
    addresses = (str(nth) for nth in itertools.count())
    waiting: list[str] = []
    while now[0] < HOURS:
        now[0] += 10.0
        waiting = [*waiting, *(next(addresses) for _ in range(3))][-60:]
        for address in tuple(waiting):
            if await wait(tries, NOBODYS, address) is None:
                waiting.remove(address)
                looked += 1
    assert AT_ONCE < looked < AT_ONCE + HOURS / PACE + 2


async def test_at_a_turn_one_pin_is_looked_at(guessing: Guessing) -> None:
    """However many are sent together, and the right one counts among them."""
    await guessing.guess_from_everywhere()
    assert await guessing.guess("192.0.2.1") == PACE + 1
    guessing.now = PACE
    guesses = [guessing.guess("192.0.2.1") for _ in range(50)]
    right = guessing.read("192.0.2.1")
    *said, last = await asyncio.gather(*guesses, right, return_exceptions=True)
    assert said.count(404) == 1
    assert isinstance(last, TooManyTries)


async def test_who_tries_while_a_wrong_pin_is_written_is_not_looked_at() -> None:
    """Its turn is over from the moment that it was judged, however slow the store is."""
    now, counts = [0.0], HeldCounts()
    tries = Tries(counts, str, lambda: now[0])
    await crowd(tries, NOBODYS)
    assert await wait(tries, NOBODYS, "a") == PACE + 1
    now[0], counts.held = PACE, "add"
    writing = asyncio.create_task(wait(tries, NOBODYS, "a"))
    await counts.reached.wait()
    assert await wait(tries, NOBODYS, "a", right=True) == PACE + 1
    counts.free.set()
    assert await writing is None


@pytest.mark.parametrize("processes", [1, 2, 4])
async def test_what_other_processes_let_through_at_a_turn_is_waited_for(processes: int) -> None:
    """In the long run one try a minute is looked at, however many processes look."""
    now, counts = [0.0], InMemoryCounts()
    all_of_them = [Tries(counts, str, lambda: now[0]) for _ in range(processes)]
    await crowd(all_of_them[0], NOBODYS)
    looked = 0
    for nth in range(20):
        late = await wait(all_of_them[0], NOBODYS, f"late-{nth}")
        assert late is not None
        now[0] += late - 1
        said = [wait(tries, NOBODYS, f"late-{nth}") for tries in all_of_them for _ in range(10)]
        looked += list(await asyncio.gather(*said)).count(None)
    assert looked == 20 * processes
    assert looked <= now[0] / PACE + processes


async def test_who_has_a_turn_is_told_of_it_with_one_query() -> None:
    """The turns of all others are read by who has none."""
    counts = InMemoryCounts()
    tries = Tries(counts, str, lambda: 0.0)
    await crowd(tries, NOBODYS)
    counts.asked.clear()
    assert [await wait(tries, NOBODYS, "a") for _ in range(3)] == [PACE + 1] * 3
    assert counts.asked == ["read", "line", "give", "read", "read"]


async def test_who_needs_a_turn_waits_for_nobody_at_another_number() -> None:
    """At one number turns are given one after the other."""
    counts = HeldCounts()
    tries = Tries(counts, str, lambda: 0.0)
    for number in (NOBODYS, "another"):
        await crowd(tries, number)
    counts.held = "line"
    first = asyncio.create_task(wait(tries, NOBODYS, "a"))
    await counts.reached.wait()
    others = [asyncio.create_task(wait(tries, NOBODYS, f"b-{nth}")) for nth in range(30)]
    assert await asyncio.wait_for(wait(tries, "another", "a"), 10) == PACE + 1
    counts.free.set()
    assert await first == PACE + 1
    assert await asyncio.gather(*others) == [PACE * nth + 1 for nth in range(2, 32)]


async def test_what_is_owed_while_a_debt_is_paid_is_paid_before_anything_is_looked_at() -> None:
    """A count that the store took not, while it takes another, is waited for as well."""
    counts = HeldCounts()
    tries = Tries(counts, str, lambda: 0.0)
    async with tries.trying(NOBODYS, "a") as judge:
        counts.away = {"add"}
        with pytest.raises(Away):
            await wait(tries, NOBODYS, "b")
        counts.away, counts.held = set(), "add"
        waiting = asyncio.create_task(wait(tries, NOBODYS, "c", right=True))
        await counts.reached.wait()
        counts.away = {"add"}
        with pytest.raises(Away):
            await judge(False)  # noqa: FBT003 - it is wrong
    counts.away = set()
    counts.asked.clear()
    counts.free.set()
    assert await waiting is None
    assert counts.asked == ["add", "add", "read"]


async def test_a_day_of_turns_is_given_and_no_turn_is_taken_away() -> None:
    """Beyond it nobody has one; what is over makes room, and is not kept."""
    now, counts = [0.0], InMemoryCounts()
    tries = Tries(counts, str, lambda: now[0])
    await crowd(tries, NOBODYS)
    waits = [await wait(tries, NOBODYS, f"late-{nth}") for nth in range(1441)]
    assert waits == [*(PACE * nth + 1 for nth in range(1, 1441)), PACE + 1]
    now[0] = PACE
    assert await wait(tries, NOBODYS, "late-0", right=True) is None
    assert len(Line(60, 0.0, 0, {"old": 0.0, "next": KEPT}).given("mine", 2.0, KEPT + 1.0)) == 2
    assert len(counts.rows[f"line/{NOBODYS}"]["turns"]) == AHEAD / PACE


async def crowd(tries: Tries, number: str) -> None:
    """Try so many wrong PINs that whoever comes has to wait for a turn."""
    for nth in range(AT_ONCE):
        assert await wait(tries, number, str(nth)) is None


async def wait(tries: Tries, number: str, address: str, *, right: bool = False) -> float | None:
    """Try a PIN; give the seconds to wait, None where it was looked at."""
    try:
        async with tries.trying(number, address) as judge:
            await judge(right)
    except TooManyTries as late:
        return float(late.headers["Retry-After"])
    return None


async def test_processes_share_their_counts_and_a_new_one_has_them(guessing: Guessing) -> None:
    """Whichever of two is asked, five wrong PINs are five; one that starts later knows them."""
    first, second = guessing.desk, guessing.process()
    for nth in range(MOST_WRONG):
        guessing.desk = (first, second)[nth % 2]
        assert await guessing.guess("203.0.113.1") == 404
    for desk in (first, second, guessing.process()):
        guessing.desk = desk
        assert await guessing.guess("203.0.113.1") > 800
        with pytest.raises(TooManyTries):
            await guessing.read("203.0.113.1")
        await guessing.read()


async def test_who_asks_for_all_at_once_gains_nothing(guessing: Guessing) -> None:
    """One process looks at five of a hundred; what others let through is waited for afterwards."""
    said = await asyncio.gather(*(guessing.guess("203.0.113.1") for _ in range(100)))
    assert said.count(404) == MOST_WRONG
    first, second = guessing.desk, guessing.process()
    tried = [wait(desk.tries, NOBODYS, "a") for _ in range(50) for desk in (first, second)]
    looked = list(await asyncio.gather(*tried)).count(None)
    assert MOST_WRONG <= looked <= 2 * MOST_WRONG
    closed = await wait(first.tries, NOBODYS, "a")
    assert closed == int(WINDOW * looked / MOST_WRONG) + 1


async def test_the_right_pin_among_a_hundred_at_once_is_one_of_them(guessing: Guessing) -> None:
    """Nobody who sends them together has more looked at than one after the other."""
    guesses = [guessing.guess("203.0.113.1") for _ in range(100)]
    right = guessing.read("203.0.113.1")
    *said, last = await asyncio.gather(*guesses, right, return_exceptions=True)
    assert isinstance(last, TooManyTries)
    assert said.count(404) == MOST_WRONG


async def test_a_try_is_one_query_and_a_wrong_one_one_write(guessing: Guessing) -> None:
    """A right one writes nothing, and one that is not looked at neither."""
    asked = guessing.counts.asked
    await guessing.read("203.0.113.1")
    assert asked == ["read"]
    for _ in range(MOST_WRONG):
        await guessing.guess("203.0.113.1")
    await guessing.guess("203.0.113.1")
    assert asked == ["read", *["read", "add"] * MOST_WRONG, "read"]


async def test_while_the_store_is_away_nothing_is_looked_at(guessing: Guessing) -> None:
    """What it took no count of is not said, and no other PIN is looked at until it has one."""
    guessing.counts.away = {"add"}
    with pytest.raises(Away):
        await guessing.desk.track(guessing.number, Tried(guessing.wrong, "203.0.113.1"))
    for address in ("203.0.113.1", HOME):
        with pytest.raises(Away):
            await guessing.read(address)
    guessing.counts.away = {"read"}
    with pytest.raises(Away):
        await guessing.read()
    guessing.counts.away = set()
    await guessing.read()
    for _ in range(MOST_WRONG - 1):
        assert await guessing.guess("203.0.113.1") == 404
    assert await guessing.guess("203.0.113.1") > 800


async def test_the_pin_that_was_sent_opens_what_wrong_ones_close(guessing: Guessing) -> None:
    """The reporter is let in from the closed address and without a turn, as often as she comes."""
    await guessing.guess_from_everywhere()
    long = guessing.desk.pins.long(guessing.complaint)
    for address in ("203.0.113.0", HOME, None):
        with pytest.raises(TooManyTries, match="sent to the one you left"):
            await guessing.read(address)
        for typed in (long, long.lower().replace("-", " ")):
            await guessing.desk.track(guessing.number, Tried(str(read_pin(typed)), address))


async def test_who_left_no_contact_has_a_pin_that_no_lock_stops() -> None:
    """It was given with the number, since it could be sent nowhere; to others it is sent."""
    guessing = Guessing()
    submitted = guessing.desk.submit
    others = await submitted(a_draft(), Contact(email="tini@contoh.id"), None, TRACE)
    assert others.long_pin is None
    for contact in (None, Contact(name="Ibu Tini")):
        filed = await submitted(a_draft(), contact, None, TRACE)
        guessing.number = filed.tracking_number
        guessing.wrong = f"{(int(filed.pin) + 1) % 10**6:06d}"
        await guessing.guess_from_everywhere()
        long = Tried(str(read_pin(str(filed.long_pin))), "203.0.113.0")
        assert (await guessing.desk.track(filed.tracking_number, long)).id == filed.complaint
        guessing.now += HOURS


async def test_a_wrong_long_pin_is_counted_like_any_other(guessing: Guessing) -> None:
    """It is looked at in its turn, and says nothing of whether there is such a number."""
    wrong = Tried(str(read_pin("0000-0000-0000")), "203.0.113.1")
    for number in (guessing.number, NOBODYS):
        for _ in range(MOST_WRONG):
            with pytest.raises(Refused, match="no complaint"):
                await guessing.desk.track(number, wrong)
        with pytest.raises(TooManyTries):
            await guessing.desk.track(number, wrong)


async def test_who_tried_what_cannot_be_read_and_goes_by_itself(guessing: Guessing) -> None:
    """Rows are named by digests, and last a little longer than what they close."""
    await guessing.guess_from_everywhere()
    rows = guessing.counts.rows
    assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in rows)
    assert {row["until"] for row in rows.values()} == {WINDOW + LONGER, AT_ONCE * PACE + LONGER}
    guessing.now = AT_ONCE * PACE + 1
    assert await guessing.guess("203.0.113.0") == 404
    assert [row["wrong"] for row in rows.values() if row["since"]] == [1, 1, 1]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "7K3M-9QXT-2HA!", "7K3M-9QXT", "ß" * 6])
def test_what_is_no_pin_is_none(typed: str) -> None:
    """Six digits, or twelve characters; those that look like others are read as what they are."""
    assert read_pin(typed) is None
    assert read_pin("7k3m 9qxt-2hio") == "7K3M9QXT2H10"
    assert is_long("7K3M9QXT2H10")
    assert not is_long("123456")
