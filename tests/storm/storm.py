"""The storm: people work at both doors while processes and engines are killed and frozen.

Seeded and printed; but what falls together with what is decided by the machine, so a seed brings
back the same plan, not the same run.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bootstrap import ROOT
from deploy.engines.choose import Engines
from deploy.engines.engine import Engine
from tests.harness.members import Member, Tallies, together
from tests.harness.promises import accepted, await_receipts, same_answers
from tests.harness.world import World
from tests.storm.acting import UNITED
from tests.storm.city import City
from tests.storm.kept import broken, hear_receipts

SAME_ANSWERS = 20
"""Reports that are repeated in the end, to be answered as the first time."""
POLICY = ROOT / "deploy/data/policy.json"
LONGEST_SLEEP = 14.0
"""Longer than a session on either kind of broker."""


@dataclass(frozen=True)
class Weather:
    """How bad it gets."""

    minutes: float = 1.0
    rate: float = 2.0
    """Reports a second at both doors together."""
    pause: float = 2.0
    """Seconds between two faults, on average."""
    seed: int = 0


@dataclass
class Log:
    """What happened, in order, and how often."""

    say: Callable[[str], None]
    began: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, what: str, whom: str, detail: str = "") -> None:
        """Write down one fault."""
        self.counts[what] += 1
        self.say(f"{time.monotonic() - self.began:7.1f} s  {what} {whom} {detail}".rstrip())


class Storm:
    """Breaks one thing after another; a few may be broken at once."""

    def __init__(self, world: World, weather: Weather, log: Log, tallies: Tallies) -> None:
        """Break a world."""
        self._world, self._weather, self._log, self._tallies = world, weather, log, tallies
        self._chance = random.Random(weather.seed)
        self._broken = threading.BoundedSemaphore(4)
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def rage(self) -> None:
        """Break things until the time is over; return when all runs again."""
        end = time.monotonic() + self._weather.minutes * 60
        while time.monotonic() < end and not self._failures:
            step, name = self._choose()
            with self._lock:
                free = name not in self._busy
                self._busy |= {name}
            if free:
                self._broken.acquire()
                thread = threading.Thread(target=self._run, args=(step, name), daemon=True)
                self._threads.append(thread)
                thread.start()
            time.sleep(self._weather.pause * self._chance.uniform(0.3, 1.7))
            self._look()
        for thread in self._threads:
            thread.join()
        for failure in self._failures:
            raise failure

    def _choose(self) -> tuple[Callable[[], None], str]:
        """Mostly a process, now and then an engine."""
        chance = self._chance
        away, asleep = chance.uniform(0, 4), chance.uniform(0.5, LONGEST_SLEEP)
        number = chance.random()
        if number < 0.08:
            return self._with_broker(chance.choice(("kill", "pause", "stop")), away), "broker"
        if number < 0.16:
            return self._with_store(chance.choice(("kill", "pause", "stop")), away), "store"
        member = chance.choice(self._world.members)
        if number < 0.66:
            return lambda: self._kill(member, away), member.name
        if number < 0.92:
            return lambda: self._pause(member, asleep), member.name
        return lambda: self._stop(member, away), member.name

    def _run(self, step: Callable[[], None], name: str) -> None:
        try:
            step()
        except BaseException as failed:  # noqa: BLE001 - raised where the storm ends
            self._failures.append(failed)
        finally:
            with self._lock:
                self._busy.discard(name)
            self._broken.release()

    def _kill(self, member: Member, away: float) -> None:
        self._tallies.look(member)
        self._log.note("killed", member.name)
        member.kill()
        self._tallies.ended(member)
        time.sleep(away)
        member.start(wait=False)

    def _stop(self, member: Member, away: float) -> None:
        self._tallies.look(member)
        self._log.note("stopped", member.name)
        member.stop()
        self._tallies.ended(member)
        time.sleep(away)
        member.start(wait=False)

    def _pause(self, member: Member, asleep: float) -> None:
        self._log.note("froze", member.name, f"for {asleep:.1f} s")
        member.pause()
        time.sleep(asleep)
        member.resume()

    def _with_broker(self, how: str, away: float) -> Callable[[], None]:
        world = self._world
        return lambda: self._break(world.engines.broker, "broker", how, away, world.start_broker)

    def _with_store(self, how: str, away: float) -> Callable[[], None]:
        store = self._world.engines.store
        return lambda: self._break(store, "store", how, away, store.start)

    def _break(
        self, engine: Engine, name: str, how: str, away: float, start: Callable[[], None]
    ) -> None:
        if not engine.ours:
            return
        words = {"kill": "killed", "pause": "froze", "stop": "stopped"}
        self._log.note(words[how], name, f"for {away:.1f} s" if how == "pause" else "")
        getattr(engine, how)()
        time.sleep(away)
        engine.resume() if how == "pause" else start()

    def _look(self) -> None:
        """Take over figures now and then, so that a kill loses few."""
        member = self._chance.choice(self._world.members)
        if member.name not in self._busy:
            self._tallies.look(member)


def a_world(engines: Engines, folder: Path) -> World:
    """Name a city with two processes of each service, whose largest agency has answers approved."""
    folder.mkdir(parents=True, exist_ok=True)
    policy = json.loads(POLICY.read_text("utf-8"))
    policy["versions"][-1]["approval"] = [UNITED]
    own = folder / "policy.json"
    own.write_text(json.dumps(policy), "utf-8")
    told = {"KENTONGAN_POLICY_FILE": str(own)}
    return World(engines, folder / "world", workers=2, told=told)


def weather_the_storm(world: World, weather: Weather, say: Callable[[str], None]) -> dict[str, int]:
    """Storm, let everything settle, prove that every promise was kept; give the counts."""
    log, tallies = Log(say), Tallies()
    say(f"storm of {weather.minutes:g} min, seed {weather.seed}, on {world.engines}")
    with City(world, rate=weather.rate, seed=weather.seed) as traffic:
        Storm(world, weather, log, tallies).rage()
        together([member.start for member in world.members if not member.alive()])
    counts = Counter(log.counts)
    with _step(say, "every record has its receipt"):
        publisher = world.publisher()
        publisher.sent = traffic.sent
        told = await_receipts(publisher, traffic.submitted, patience=600)
        world.accepted |= accepted(told.values())
        hear_receipts(world, traffic, patience=600)
    with _step(say, "everything accepted is in all five stores, once"):
        world.settle(patience=900)
    with _step(say, "every act that was accepted is there, and known to whom it concerns"):
        lacking = broken(world, traffic)
        assert not lacking, f"{len(lacking)} broken: {lacking[:5]}"
    with _step(say, "the same requests are answered as the first time"):
        chosen = random.Random(weather.seed).sample(
            traffic.filed, min(SAME_ANSWERS, len(traffic.filed))
        )
        same_answers(world, chosen)
    assert not (waiting := world.stores.quarantined()), waiting[:5]
    with _step(say, "the audit finds no difference"):
        views = world.prove(patience=900)
    for member in world.members:
        tallies.look(member)
    counts.update(traffic.done)
    counts.update({"acts promised": len(traffic.promises)})
    counts.update({"complaints promised": len(world.accepted), "facts": views.facts()})
    counts.update({f"complaints in {name}": count for name, count in views.counts().items()})
    counts.update({f"records {name}": count for name, count in tallies.sums().items()})
    counts.update({"mails": len(world.mailbox.mails), "mended by the audit": world.told_again})
    return dict(counts)


@contextmanager
def _step(say: Callable[[str], None], what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"ok: {what} ({time.monotonic() - began:.1f} s)")
