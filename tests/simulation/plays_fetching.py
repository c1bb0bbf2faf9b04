"""Plays in which a file that a publisher named is still awaited when something else happens."""

from __future__ import annotations

from typing import Any

from services.intake.domain.hosts import NotNow
from services.intake.domain.promises import PAUSES
from services.intake.handlers import of_request
from shared.contracts.intake import Submission
from tests.simulation.archive import AGE
from tests.simulation.bus import PUBLISHER
from tests.simulation.files import Network, file_at
from tests.simulation.publishing import a_record
from tests.simulation.scheduler import SECOND, Suspension
from tests.simulation.stage import known, until
from tests.simulation.world import World

A_ROUND = 15
"""Seconds in which a process looks once for what is due."""


async def who_fetches_sleeps_until_another_has_given_up(world: World) -> None:
    """A file comes at last to who began first; meanwhile its host had another, which was refused.

    What one history says of one file is one thing.
    """
    asked: list[str] = []

    async def answer(url: str) -> bytes:
        asked.append(url)
        if len(asked) > 1:
            return b"another"
        while len(asked) < 2:
            await Suspension(1)
        await Suspension(1)
        return url.encode()

    await submit(world, answer)
    await until(lambda: asked)
    world.scheduler.jump(int(PAUSES[0].total_seconds()) * SECOND)
    await Suspension(3 * A_ROUND)


async def a_complaint_is_over_while_its_file_is_awaited(world: World) -> None:
    """It is withdrawn, and old enough to rest; its host answers only after that."""
    asked: list[str] = []

    async def answer(url: str) -> bytes:
        asked.append(url)
        if len(asked) <= 2:  # the second pause is longer than a complaint lies unchanged
            raise NotNow("nobody answers")
        return url.encode()

    key = await submit(world, answer)
    await until(lambda: asked)
    withdrawn = {"submission": "m", "reference": "m"}
    world.broker.append(a_record("m/over", "submission.withdrawn.v1", "m", withdrawn))
    await until(lambda: (it := known(world, "intake", key)) and it.state.withdrawn_at)
    await Suspension(2 * (AGE + A_ROUND))


async def a_reply_brings_a_file_while_that_of_its_submission_is_awaited(world: World) -> None:
    """Each is the first of its record; what becomes of one says nothing of the other."""
    asked: list[str] = []

    async def answer(url: str) -> bytes:
        asked.append(url)
        if asked.count(url) == 1 and url == file_at("m")["url"]:
            raise NotNow("nobody answers")
        return url.encode()

    key = await submit(world, answer)
    await until(lambda: asked)
    more = {
        "submission": "m",
        "reference": "m",
        "text": "Ini fotonya.",
        "attachments": [file_at("m/reply")],
    }
    world.broker.append(a_record("m/more", "submission.replied.v1", "m", more))
    await until(lambda: (it := known(world, "intake", key)) and it.state.attachments)
    world.scheduler.jump(int(PAUSES[0].total_seconds()) * SECOND)
    await Suspension(2 * A_ROUND)


async def submit(world: World, answer: Network) -> str:
    """Publish a complaint with a file on a network that answers so."""
    for process in world.processes["intake"]:
        fetcher: Any = process
        fetcher.network = answer
    said = {
        "reference": "m",
        "title": "Jalan",
        "text": "Berlubang.",
        "area": "81.71.01",
        "attachments": [file_at("m")],
    }
    world.broker.append(a_record("m", Submission.type, "m", said))
    key = of_request(PUBLISHER, "m")
    await until(lambda: known(world, "intake", key))
    return key
