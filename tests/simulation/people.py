"""Citizens, publishers, coordinators and officers: they ask, wait, and ask again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from services.intake.domain import filing as intake_domain
from services.intake.domain.filing import Filing
from services.intake.handlers import CITIZEN, of_request
from shared.contracts.vocabulary import Channel
from shared.runtime.asking import Ask, Judge, once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from tests.simulation import officers
from tests.simulation.archive import AGE
from tests.simulation.bus import NODE, Broker
from tests.simulation.handed_in import a_contact, a_draft, doings
from tests.simulation.journal import Answer, Journal
from tests.simulation.leaders import ended, for_leader, leads
from tests.simulation.merging import Errand
from tests.simulation.node import Call, Node
from tests.simulation.process import Process
from tests.simulation.publishing import submit
from tests.simulation.scenarios import Scenario
from tests.simulation.scheduler import DAY, SECOND, Scheduler, Signal, Suspension

AnyDocument = Document[Any]
PATIENCE = 5.0


@dataclass(slots=True)
class Hearing:
    """One request at one process; notes on which version of the document it was judged."""

    judge: Judge[Any]
    version: int = 0

    def __call__(self, document: AnyDocument, under: Circumstances, draw: int) -> AnyDocument:
        self.version = document.version
        return self.judge(document, under, draw)


@dataclass(slots=True)
class People:
    """Everybody outside. They never crash; they are only as patient as people are."""

    scheduler: Scheduler
    chance: Random
    nodes: Mapping[str, Node]
    processes: Mapping[str, list[Process]]
    broker: Broker
    journal: Journal = field(default_factory=Journal)
    busy: int = 0
    hurry: bool = False
    """Faults are over: go on to the end without waiting for days."""
    hurried: Signal = field(default_factory=Signal)

    def document(self, service: str, key: str) -> AnyDocument | None:
        return self.nodes[service].store.documents.get(key)

    def begin(self, scenario: Scenario) -> None:
        """Let complaints be filed over some time."""
        for number in range(scenario.complaints):
            self.busy += 1
            self.scheduler.spawn(f"life {number}", self.life(number, scenario))

    async def life(self, number: int, scenario: Scenario) -> None:
        """Live through one complaint, from the filing on, and perhaps once more after its end."""
        await Suspension(scenario.seconds * self.chance.random())
        mark = f"m-{number}"
        if self.chance.random() < 0.25:
            key = await submit(self, mark)
        else:
            key = await self.file(mark)
        if key is not None:
            await self.follow(key, mark)
            if self.chance.random() < 0.25:
                await Suspension(1 + 3 * self.chance.random())
                await self.reply(key, f"{mark}/object", 0.065)
                await Suspension(1 + 3 * self.chance.random())
                await self.follow(key, f"{mark}/objected")
            if scenario.coming_back and self.chance.random() < scenario.coming_back:
                await Suspension(AGE * (1 + self.chance.random()))
                await self.reply(key, f"{mark}/late", 0.03 + 0.07 * self.chance.random())
                await self.follow(key, f"{mark}/again")
        self.busy -= 1

    async def follow(self, key: str, mark: str) -> None:
        """Act until there is nothing more to do, or nobody cares any more."""
        for step in range(14):
            await Suspension(0.3 + 4 * self.chance.random())
            if self.chance.random() < 0.06 and not self.hurry:
                await Suspension(self.chance.randint(1, 6) * DAY / SECOND, self.hurried)
            if await self.act(key, f"{mark}/{step}"):
                return

    async def file(self, mark: str) -> str:
        """File a complaint over HTTP, under an idempotency key."""
        key = of_request(CITIZEN, mark)
        filing = Filing(
            a_draft(self.chance, mark), Channel.WEB, "ref", sealed=a_contact(self.chance)
        )
        domain: Any = self.nodes["intake"].part.domain
        cause = Cause(f"request/{mark}", request=mark)

        def judge(document: AnyDocument, under: Circumstances, draw: int) -> AnyDocument:
            return intake_domain.file(domain, document, filing, cause, NODE, under, draw)

        await self.ask("intake", key, mark, judge)
        return key

    async def act(self, key: str, mark: str) -> bool:
        """Do what somebody would do next; say whether the complaint is done."""
        disposition, case = self.document("routing", key), self.document("followup", key)
        drawn = self.chance.random()
        cases: Any = self.nodes["followup"].part.domain
        if drawn > 0.97:
            self.lose_pin(key, mark)
        if disposition is not None and officers.for_nobody(disposition):
            return False
        if drawn < 0.1:
            await self.reply(key, mark, drawn)
        elif disposition is not None and officers.for_merging(disposition.state.stage, drawn):
            await self.merge(disposition, mark)
        elif disposition is not None and officers.for_coordinator(disposition.state.stage, drawn):
            await self.coordinate(disposition, mark, drawn)
        elif case is not None and case.state.beside and drawn < 0.2:
            await self.ask("followup", key, mark, officers.contributes(cases, case, mark))
        elif case is not None and for_leader(case, drawn):
            await self.ask("followup", key, mark, leads(cases, case, self.chance, mark, drawn))
        elif case is not None and case.state.stage in ("open", "answered"):
            await self.ask("followup", key, mark, officers.answers(cases, case, mark, drawn))
        return case is not None and ended(case)

    async def reply(self, key: str, mark: str, drawn: float) -> None:
        """Reply, add to the report, judge an answer, object to an end, or take it back.

        Nobody judges an answer, or objects to an end, that is not shown yet.
        """
        shown = self.document("intake", key)
        domain: Any = self.nodes["intake"].part.domain
        cause, text = Cause(f"request/{mark}", request=mark), f"balasan {mark}"
        made = "reporter.replied.v1"
        says: dict[str, Any] = {"text": text}
        if drawn < 0.01:
            made, says = "complaint.withdrawn.v1", {}
        elif drawn < 0.03:
            made = "complaint.amended.v1"
        elif drawn < 0.06 and shown and shown.state.rateable:
            made, says = "reporter.rated.v1", {"solved": drawn < 0.045}
        elif drawn < 0.07 and shown and shown.state.stage == "resolved":
            made = "reporter.appealed.v1"

        def decide(document: AnyDocument, under: Circumstances) -> AnyDocument:
            if not document.facts:
                raise Refused(404, "not_found", "There is no such complaint.")
            doing, said = doings(text, says)[made]
            return doing(domain, document, said, cause, under)

        # Whether there is an end to judge hangs on what was heard: two at once may see two things.
        judge = once(mark, made, says, decide)
        await self.ask("intake", key, mark, judge, alone=made in _OF_AN_END)

    def lose_pin(self, key: str, mark: str) -> None:
        """Ask for the PIN again at both processes, one after the other; nobody is told anything."""
        shown = self.document("intake", key)
        both: Any = self.processes["intake"]
        for number, process in enumerate(both):
            if shown and shown.state.tracking_number and process.alive:
                number_of, asked = shown.state.tracking_number, f"{mark}/pin-{number}"
                process.spawn(process.lost_pins.send(number_of, asked, ""))

    async def coordinate(self, seen: AnyDocument, mark: str, drawn: float) -> None:
        """Verify, route or send on; sometimes two coordinators do at once."""
        domain: Any = self.nodes["routing"].part.domain
        marks = [mark] if drawn < 0.9 else [mark, f"{mark}/other"]
        for each in marks[1:]:
            self.busy += 1
            self.scheduler.spawn(each, self.coordinate_once(domain, seen, each, 0.9, alone=False))
        await self.coordinate_once(domain, seen, mark, drawn, alone=True)

    async def coordinate_once(
        self, domain: Any, seen: AnyDocument, mark: str, drawn: float, *, alone: bool
    ) -> None:
        judge = officers.coordinates(domain, seen, self.chance, mark, drawn)
        await self.ask("routing", seen.id, mark, judge)
        self.busy -= not alone

    async def merge(self, seen: AnyDocument, mark: str) -> None:
        """Merge it into another report, or separate it."""
        known = list(self.nodes["routing"].store.documents)
        request = f"request/{mark}"
        todo = officers.merges(seen, self.chance.choice(known), request)

        def make() -> Errand:
            stored = self.document("routing", seen.id)
            unjudged = Hearing(lambda document, *_: document, stored.version if stored else 0)
            return Errand(Ask(seen.id, unjudged), todo=todo)

        await self.go("routing", request, make)

    async def ask(
        self, service: str, key: str, mark: str, judge: Judge[Any], *, alone: bool = False
    ) -> None:
        """Ask for one judgement until there is an answer; now and then ask two at once."""
        await self.go(service, mark, lambda: Call(Ask(key, Hearing(judge))), alone=alone)

    async def go(
        self, service: str, mark: str, make: Callable[[], Call], *, alone: bool = False
    ) -> None:
        """Go with a request to one process, or two, until there is an answer."""
        both = self.chance.random() < 0.1 and not alone
        while True:
            at = self.chance.randrange(2)
            calls = [make() for _ in range(1 + both)]
            for number, call in enumerate(calls):
                self.processes[service][(at + number) % 2].call(call)
            for call in calls:
                if not call.done:
                    await Suspension(PATIENCE, call.answered)
            answers = [
                Answer(service, each.complaint, mark, each.after, _code(each), _version(each))
                for each in (call.ask for call in calls if call.done and not call.failed)
            ]
            self.journal.answers[mark].extend(answers)
            if any(each.refusal != "busy" for each in answers):
                return
            await Suspension(0.5 + 2 * self.chance.random())


_OF_AN_END = ("reporter.rated.v1", "reporter.appealed.v1")


def _version(asked: Ask[Any]) -> int:
    return asked.judge.version if isinstance(asked.judge, Hearing) else 0


def _code(asked: Ask[Any]) -> str | None:
    """Say why a request was refused; whatever else went wrong is the code's own fault."""
    if asked.failure is None:
        return None
    if not isinstance(asked.failure, Refused):
        raise asked.failure
    return asked.failure.code
