"""The whole node in one memory: five services of two processes each, a bus, stores, and people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from shared.runtime.timing import micros
from tests.simulation.bus import Broker
from tests.simulation.duties import Accountant, Mailbox, Postman, Watcher
from tests.simulation.fate import Calm, Course, Drawn, Fate
from tests.simulation.parts import AnyDomain, domains, parts
from tests.simulation.people import People
from tests.simulation.process import Craft, Node, Process
from tests.simulation.scheduler import DAY, SECOND, Scheduler, Suspension
from tests.simulation.store import Store

MONDAY = micros(datetime(2026, 11, 23, 1, tzinfo=UTC))


class NeverSettled(AssertionError):
    """After the faults had stopped, the node did not come to rest."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens in a run. ``rates`` are per operation."""

    name: str
    complaints: int = 120
    seconds: float = 40.0
    days: int = 2
    rates: dict[Fate, float] = field(default_factory=dict)
    lost_logs: int = 0
    restored: tuple[str, ...] = ()
    """Services whose store is put back, one after the other."""


class World:
    """One run."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        course: Course | None = None,
        craft: Craft | None = None,
        of: dict[str, AnyDomain] | None = None,
        process: type[Process] = Process,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.chance = Random(seed)
        self.course: Course = course or Drawn(Random(seed + 1), scenario.rates)
        self.scheduler = Scheduler(MONDAY)
        self.broker = Broker(self.scheduler, self.chance)
        self.mailbox = Mailbox()
        self.nodes: dict[str, Node] = {}
        self.processes: dict[str, list[Process]] = {}
        self.poisoned: set[tuple[str, str]] = set()
        """By complaint and stream, what may be held at the end."""
        self.excused: set[str] = set()
        """Complaints of which only a lost store knew something."""
        self.excused_requests: set[tuple[str, str, str]] = set()
        self.excused_notices: set[str] = set()
        craft = craft or Craft()
        for service, part in parts(of or domains()).items():
            store = Store(part.due, part.number)
            group = self.broker.group(service, list(part.topics))
            node = Node(
                part,
                store,
                self.broker,
                group,
                self.scheduler,
                self.chance,
                lambda: self.course,
            )
            self.nodes[service] = node
            both = [self._process(node, number, craft) for number in range(2)]
            for each in both:
                each.peers = [other for other in both if other is not each]
            self.processes[service] = both
        self.people = People(
            self.scheduler, self.chance, self.nodes, self.processes, self.broker
        )

    def _process(self, node: Node, number: int, craft: Craft) -> Process:
        match node.part.service:
            case "followup":
                return Watcher(node, number, craft)
            case "notification":
                return Postman(node, number, craft, self.mailbox)
            case "metrics":
                return Accountant(node, number, craft)
        return Process(node, number, craft)

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

    def astray(self) -> set[tuple[str, str]]:
        """List what a reader has heard and its producer's restored line lacks."""
        return set()

    # --- the run ---

    def run(self) -> World:
        """Let it happen, then let it settle."""
        scenario = self.scenario
        self.people.begin(scenario.complaints, scenario.seconds)
        self.scheduler.spawn("days", self._days())
        self.scheduler.spawn("disasters", self._disasters())
        end = self.scheduler.now + int((scenario.seconds + 30) * SECOND) + scenario.days * DAY
        while self.scheduler.now < end or self._unhappened:
            self.scheduler.step()
        self.settle()
        return self

    async def _days(self) -> None:
        for _ in range(self.scenario.days):
            await Suspension(self.scenario.seconds / (self.scenario.days + 1))
            self.scheduler.jump(DAY)

    async def _disasters(self) -> None:
        scenario = self.scenario
        events = ["bus"] * scenario.lost_logs + list(scenario.restored)
        self._unhappened = len(events)
        for event in events:
            await Suspension(scenario.seconds / (len(events) + 1) * (0.5 + self.chance.random()))
            if event == "bus":
                self.broker.lose()
            self._unhappened -= 1

    _unhappened = 0

    def settle(self, steps: int = 400_000) -> None:
        """Stop the faults and run until nothing moves any more."""
        self.course, self.people.hurry, self.mailbox.troubled = Calm(), True, False
        self.scheduler.fire(self.people.hurried)
        for each in self.every_process():
            each.asleep_until = 0
        for left in range(steps, 0, -1):
            self.scheduler.step()
            if left % 500 == 0 and self.at_rest():
                break
        else:
            raise NeverSettled(f"{self.unrest()} after {steps} steps without faults")
        said = self.broker.sends.total()
        until = self.scheduler.now + 90 * SECOND
        while self.scheduler.now < until:
            self.scheduler.step()
        if self.broker.sends.total() != said:
            raise NeverSettled(f"{self.broker.sends.total() - said} messages told at rest")

    def at_rest(self) -> bool:
        """Say whether nothing moves; what only waits for a later time is brought forward."""
        if self.unrest():
            return False
        waiting = self.nodes["notification"].store.next_due()
        if waiting is None:
            return True
        self.scheduler.jump(max(0, micros(waiting) - self.scheduler.now) + SECOND)
        return False

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
                if part in group.parts and log.records
            )
            noted = store.kept.notes.get("bus", {}).get("incarnation")
            moves = {
                "away": sum(not each.alive for each in self.processes[service]),
                "records behind": behind,
                "untold": len(store.untold(2**62, 10**6)),
                "dirty": len(store.dirty()),
                "retelling": noted != str(self.broker.incarnation),
            }
            found.extend(f"{service}: {count} {what}" for what, count in moves.items() if count)
        return found

