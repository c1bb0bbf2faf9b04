"""The whole node in one memory: five services of two processes each, a bus, stores, and people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from shared.runtime.timing import micros, moment
from tests.simulation.accounts import Accountant
from tests.simulation.auditing import mend_windows
from tests.simulation.bus import BEATS, Broker
from tests.simulation.duties import Watcher, an_outage
from tests.simulation.fate import Calm, Course, Drawn
from tests.simulation.files import Fetcher
from tests.simulation.merging import Joiner
from tests.simulation.node import Node
from tests.simulation.parts import domains, parts
from tests.simulation.people import People
from tests.simulation.poison import Poison
from tests.simulation.post import Mailbox, Postman
from tests.simulation.process import Process
from tests.simulation.restore import Lost, restore
from tests.simulation.scenarios import Scenario
from tests.simulation.scheduler import DAY, SECOND, Scheduler, Suspension
from tests.simulation.store import Store

MONDAY = micros(datetime(2026, 11, 23, 1, tzinfo=UTC))
LATE = 5 * SECOND
"""Longer than any operation takes."""
ENDLESS = 8
"""Messages per fact that only services that answer each other for ever need."""


KINDS = {"intake": Fetcher, "followup": Watcher, "routing": Joiner, "metrics": Accountant}


class NeverSettled(AssertionError):
    """After the faults had stopped, the node did not come to rest."""


class World:
    """One run."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        course: Course | None = None,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.chance = Random(seed)
        self.course: Course = course or Drawn(Random(seed + 1), scenario.rates)
        self.scheduler = Scheduler(MONDAY)
        self.broker = Broker(self.scheduler, self.chance)
        self.broker.broken = scenario.broken
        self.mailbox = Mailbox()
        self.nodes: dict[str, Node] = {}
        self.processes: dict[str, list[Process]] = {}
        self.lost = Lost()
        self.listed: set[tuple[str, str]] = set()
        """By complaint and stream, what the audit lists at the end."""
        self.poison = Poison(scenario.poison, scenario.refused)
        for service, part in parts(domains(self._kind)).items():
            store = Store(part.due, part.number)
            store.refuses = self.poison.refusal(service)
            group = self.broker.group(service, list(part.topics))
            around = (self.broker, group, self.scheduler, self.chance, lambda: self.course)
            node = Node(part, store, *around)
            self.nodes[service] = node
            # a bus known from before: a retelling at the start would make good what went wrong
            store.kept.notes["bus"] = {"incarnation": str(self.broker.incarnation)}
            both = [self._process(node, number) for number in range(2)]
            for each in both:
                each.peers = [other for other in both if other is not each]
            self.processes[service] = both
        self.people = People(self.scheduler, self.chance, self.nodes, self.processes, self.broker)

    def _process(self, node: Node, number: int) -> Process:
        if node.part.service == "notification":
            return Postman(node, number, self.mailbox)
        return KINDS[node.part.service](node, number)

    def _kind(self, kind: type[Any]) -> type[Any]:
        kind = self.poison.within(kind)
        if self.scenario.older_readers and kind.stream == "dispositions":
            known = {name: fact for name, fact in kind.known.items() if "replied" not in name}
            kind = type(kind.__name__, (kind,), {"known": known})
        return kind

    def every_process(self) -> Iterator[Process]:
        for both in self.processes.values():
            yield from both

    @property
    def facts(self) -> int:
        """Count the facts of all histories."""
        stores = (node.store for node in self.nodes.values())
        return sum(len(each.facts) for store in stores for each in store.documents.values())

    @property
    def sends(self) -> int:
        """Count the histories that reached the bus, repeats included."""
        histories = {node.part.voice.topic for node in self.nodes.values()} - {""}
        return sum(self.broker.sends[name] for name in histories)

    # --- the run ---

    def run(self, steps: int = 400_000) -> World:
        """Let it happen, then let it settle."""
        scenario = self.scenario
        self.people.begin(scenario)
        self.scheduler.spawn("days", self._days())
        self.scheduler.spawn("disasters", self._disasters())
        end = self.scheduler.now + int((scenario.seconds + 30) * SECOND) + scenario.days * DAY
        while self.scheduler.now < end or self._unhappened:
            self._step()
        self.settle(steps)
        return self

    def _step(self) -> None:
        """Go on by a step, unless the services talk without end."""
        self.scheduler.step()
        if self.scheduler.steps % 1000 == 0 and self.sends > 1000 + ENDLESS * self.facts:
            raise NeverSettled(
                f"{self.scenario.name}, seed {self.seed}: no end of messages, "
                f"{self.sends} of {self.facts} facts"
            )

    async def _days(self) -> None:
        for day in range(1, self.scenario.days + 1):
            await Suspension(self.scenario.seconds / (self.scenario.days + 1))
            self.scheduler.jump(DAY)
            if day == self.scenario.cut:
                domain: Any = self.nodes["followup"].part.domain
                domain.declared.take([an_outage(moment(self.scheduler.now))])

    async def _disasters(self) -> None:
        for event in (events := self._events()):
            self._unhappened = True
            backups = {each: self.nodes[each].store.kept.copy() for each in event if each != "bus"}
            share = self.scenario.seconds / (len(events) + 1)
            await Suspension(share * (0.5 + self.chance.random()))
            if "bus" in event:
                self.broker.lose()
            for service, backup in backups.items():
                restore(self, service, backup)
        self._unhappened = False

    def _events(self) -> list[tuple[str, ...]]:
        """Name what forgets, and what forgets at once: together they leave no copy."""
        buses, stores = ["bus"] * self.scenario.lost_logs, self.scenario.restored
        if buses and stores:
            return list(zip(buses, stores, strict=True))
        return [(each,) for each in (*buses, *stores)]

    _unhappened = False
    unmended = False

    def settle(self, steps: int = 400_000) -> None:
        """Stop the faults, run until nothing moves, mend as an operator would, run again.

        Nothing moves but what waits in quarantine: its neighbours have to have gone on.
        """
        self.course, self.people.hurry, self.mailbox.troubled = Calm(), True, False
        self.broker.broken = 0.0
        self.scheduler.fire(self.people.hurried)
        awake = max(each.asleep_until for each in self.every_process())
        while self.scheduler.now < awake + LATE:  # or somebody still had something in hand
            self._step()
        self.unmended = bool(self.broker.harmed or self.poison.struck)
        self.come_to_rest(steps)
        if self.unmended:
            self.unmended, self.poison.upgraded = False, True
            self.mend()
            self.come_to_rest(steps)
        if mend_windows(self):
            self.come_to_rest(steps)
        said = self.broker.said
        until = self.scheduler.now + 90 * SECOND
        while self.scheduler.now < until:
            self._step()
        if self.broker.said != said:
            raise NeverSettled(f"{self.broker.said - said} messages told at rest")
        self.scheduler.close()

    def come_to_rest(self, steps: int) -> None:
        for left in range(steps, 0, -1):
            self._step()
            if left % 500 == 1 and self.at_rest():
                return
        raise NeverSettled(
            f"{self.scenario.name}, seed {self.seed}: {self.unrest()} after {steps} steps"
        )

    def mend(self) -> None:
        """Have told again what the bus broke, as the audit does."""
        for node, both in zip(self.nodes.values(), self.processes.values(), strict=True):
            known = node.store.documents
            again = [known[key] for key in sorted(self.broker.harmed & known.keys())]
            both[0].spawn(both[0].relay.tell(again))

    def at_rest(self) -> bool:
        """Say whether nothing moves; what only waits for a later time is brought forward."""
        if self.unrest():
            return False
        stores = [self.nodes[each].store for each in ("notification", "intake")]
        waiting = min((due for each in stores if (due := each.next_due())), default=None)
        if waiting is None:
            return True
        self.scheduler.jump(max(0, micros(waiting) - self.scheduler.now) + SECOND)
        return False

    def _late(self, service: str) -> int:
        """Count the clocks that have run out and are still to be looked at."""
        store = self.nodes[service].store
        if service not in ("routing", "followup"):
            return 0
        return sum(not store.live[key].held for key in store.due(moment(self.scheduler.now)))

    def unrest(self) -> list[str]:
        """Say what still moves."""
        found = []
        if self.people.busy:
            found.append(f"{self.people.busy} people wait")
        for service, node in self.nodes.items():
            store, group = node.store, node.group
            behind = sum(
                log.end - group.committed.get(part, 0)
                for part, log in self.broker.logs.items()
                if part in group.parts and part[0] != BEATS and log.records
            )
            noted = store.kept.notes.get("bus", {}).get("incarnation")
            moves = {
                "away": sum(not each.alive for each in self.processes[service]),
                "records behind": behind,
                "untold": len(store.untold(2**62, 10**6)),
                "dirty": len(store.dirty()),
                "in both places": len(store.live.keys() & store.kept.archive.keys()),
                "waiting": 0 if self.unmended else len(store.kept.waiting),
                "clocks run out": self._late(service),
                "uncounted": sum(len(store.shelf(each).untold(2**62, 9)) for each in store.shelves),
                "retelling": noted != str(self.broker.incarnation),
            }
            found.extend(f"{service}: {count} {what}" for what, count in moves.items() if count)
        return found
