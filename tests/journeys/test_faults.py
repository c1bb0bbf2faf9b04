"""What breaks while people work; afterwards nothing is missing and nothing is twice."""

from __future__ import annotations

import pytest

from deploy.engines.choose import Engines
from shared.contracts.topics import SERVICES
from tests.harness.faults import more, nothing_is_lost
from tests.harness.members import together
from tests.harness.traffic import Traffic
from tests.harness.world import World

RATE = 1.5
"""Reports a second at both doors: what the embedded store carries on a busy machine."""


def test_every_service_is_killed_at_work(quoted: World) -> None:
    """Statement 10: killed in mid-batch, a service hears again what it had not committed, once."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        for service in SERVICES:
            more(world, traffic, 2)
            for member in world.of(service):
                member.kill()
                member.start()
    nothing_is_lost(world, traffic)


def test_the_broker_is_killed_and_comes_back(quoted: World, breakable: Engines) -> None:
    """Reports are taken while the broker is away; back, with its log or without, all catches up."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        more(world, traffic)
        breakable.broker.kill()
        filed = [world.citizen.file() for _ in range(3)]
        assert all(world.citizen.track(each)["status"] == "received" for each in filed)
        world.start_broker()
        more(world, traffic)
    nothing_is_lost(world, traffic)


def test_the_store_is_killed_and_comes_back(quoted: World, breakable: Engines) -> None:
    """Services say that they are not ready, wait, and go on where they were."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        more(world, traffic)
        breakable.store.kill()
        world.wait(lambda: not world.of("routing")[0].ready(), "routing is not ready")
        breakable.store.start()
        more(world, traffic)
    nothing_is_lost(world, traffic)


def test_an_engine_sleeps_for_a_while(quoted: World, breakable: Engines) -> None:
    """A frozen broker and a frozen store keep everybody waiting and lose nothing."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        for engine in (breakable.broker, breakable.store):
            more(world, traffic, 2)
            engine.pause()
            try:
                world.wait(lambda: not world.of("routing")[0].ready(), "routing is not ready")
            finally:
                engine.resume()
        more(world, traffic)
    nothing_is_lost(world, traffic)


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_everything_ends_in_mid_work(quoted: World, breakable: Engines, how: str) -> None:
    """All services and both engines end at once; started again, they finish what they had begun."""
    world = quoted
    with Traffic(world, rate=RATE) as traffic:
        more(world, traffic)
        together([getattr(member, how) for member in world.members])
        getattr(breakable.broker, how)()
        getattr(breakable.store, how)()
        breakable.store.start()
        world.start_broker()
        together([member.start for member in world.members])
        more(world, traffic)
    nothing_is_lost(world, traffic)
