"""Wrong PINs: whoever guesses is stopped, and whoever knows gets in."""

from __future__ import annotations

import itertools

import httpx
import pytest
from fastapi import FastAPI

from services.intake.api.routes import create_api
from services.intake.handlers import Intake, Tried
from services.intake.handlers.pins import (
    MOST_OF_ADDRESS,
    MOST_REMEMBERED,
    MOST_WRONG,
    WINDOW,
    TooManyTries,
)
from services.intake.handlers.tries import AHEAD, AT_ONCE, KEPT, PACE, Tries
from shared.contracts.vocabulary import TrackingNumber
from shared.runtime.document import Refused
from tests.intake.doubles import InMemoryComplaints, a_draft, an_intake

HOME = "198.51.100.7"
NOBODYS = str(TrackingNumber("8171", "7K3M9QXT"))
TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
HOURS = 3 * 3600.0


class Guessing:
    """A complaint that others guess the PIN of, under a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.desk: Intake = an_intake(InMemoryComplaints(), lambda: self.now)

    async def file(self) -> None:
        """Have a reporter file it."""
        filed = await self.desk.submit(a_draft(), None, None, TRACE)
        self.number, self.pin = filed.tracking_number, filed.pin
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


async def test_wrong_pins_for_other_numbers_wear_nothing_off(guessing: Guessing) -> None:
    """However many numbers are guessed at, the one that is guessed at most is remembered."""
    await guessing.guess_from_everywhere()
    for nth in range(MOST_REMEMBERED + 1):
        guessing.desk.tries.note(str(nth), f"other-{nth}", right=False)
    assert await guessing.guess("192.0.2.1") == PACE + 1


async def test_an_unknown_number_is_guessed_at_in_the_same_way(guessing: Guessing) -> None:
    """Neither the answers nor the seconds to wait tell whether there is such a number."""
    await guessing.guess_from_everywhere()
    await guessing.guess_from_everywhere(NOBODYS)
    for address in ("192.0.2.1", "203.0.113.1", "192.0.2.1", None):
        assert await guessing.guess(address) == await guessing.guess(address, NOBODYS)


def test_six_digits_last_years_whoever_guesses() -> None:
    """From however many addresses, one try a minute is looked at in the long run."""
    now = [0.0]
    tries, looked = Tries(lambda: now[0]), 0
    addresses = (str(nth) for nth in itertools.count())
    waiting: list[str] = []
    while now[0] < HOURS:
        now[0] += 10.0
        waiting = [*waiting, *(next(addresses) for _ in range(3))][-60:]
        for address in tuple(waiting):
            try:
                tries.check(NOBODYS, address)
            except TooManyTries:
                continue
            tries.note(NOBODYS, address, right=False)
            waiting.remove(address)
            looked += 1
    assert looked < AT_ONCE + HOURS / PACE + 2


def test_tables_are_bounded_and_a_full_one_takes_no_turn_away() -> None:
    """Whoever tries many numbers, from many addresses, fills no memory; later others have turns."""
    now = [0.0]
    tries = Tries(lambda: now[0])

    def wait(number: str, address: str) -> float:
        with pytest.raises(TooManyTries) as late:
            tries.check(number, address)
        return float(late.value.headers["Retry-After"])

    for number in range(MOST_REMEMBERED + 100):
        for nth in range(AT_ONCE if number < 7 else 1):
            tries.note(str(number), str(nth), right=False)
    waits = [[wait(str(number), f"late-{nth}") for nth in range(1441)] for number in range(7)]
    assert waits[0] == [*(PACE * nth + 1 for nth in range(1, 1441)), PACE + 1]
    assert waits[6][-81:] == [PACE + 1] * 81
    kept = (tries._lines, tries._turns, tries._near._wrong)
    assert max(len(each) for each in kept) == MOST_REMEMBERED
    now[0] = PACE
    tries.check("0", "late-0")
    now[0] = AHEAD + KEPT + 2 * PACE
    for nth in range(AT_ONCE):
        tries.note("new", str(nth), right=False)
    assert [wait("new", f"new-{nth}") for nth in (1, 2)] == [PACE + 1, 2 * PACE + 1]
    assert len(tries._turns) == 2
