"""People at work: reports at both doors and officers at their desks, until told to stop."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.harness.people import Filed, NoAnswer, Officer
from tests.harness.publisher import Publisher
from tests.harness.world import LIAISONS, World

CATEGORIES = ("jalan", "sampah", "kependudukan", None)
"""What is reported; of a report without a category no rule knows the agency."""
Step = Callable[[random.Random], None]
LONG = 900.0
"""Seconds after which somebody who was never answered gives up."""


@dataclass
class Traffic:
    """Works on a world at a rate until the block is left; remembers every promise it got."""

    world: World
    rate: float = 2.0
    """Reports a second, half of them at each door."""
    officers: bool = True
    seed: int = 0
    filed: list[Filed] = field(default_factory=list)
    submitted: dict[str, str] = field(default_factory=dict)
    """``ce_id`` by reference of every record that the bus has acknowledged."""
    done: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _own: threading.local = field(default_factory=threading.local)

    def __enter__(self) -> Self:
        for nth, (step, pause) in enumerate(self.work()):
            chance = random.Random(f"{self.seed}/{nth}")
            thread = threading.Thread(target=self._again, args=(step, pause, chance), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def work(self) -> list[tuple[Step, float]]:
        """Give what is done again and again, each in a thread of its own, and seconds between."""
        lanes = max(1, round(self.rate / 4))
        reports: list[Step] = [self._report_over_http, self._report_on_the_bus]
        desks: list[Step] = [self._coordinate, *(self._answerer(agency) for agency in LIAISONS)]
        return [
            *((step, 2 * lanes / self.rate) for step in reports * lanes),
            *((step, 0.3) for step in desks if self.officers),
        ]

    def takes(self, _complaint: str, _chance: random.Random) -> bool:
        """Say whether whoever looks through a list acts on this one."""
        return True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(LONG if kind is None else 5)
        assert kind is not None or not self.failures, self.failures[:5]

    def _again(self, step: Step, pause: float, chance: random.Random) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                step(chance)
            except NoAnswer:
                self.done["gave up"] += 1
            except Exception as failed:  # noqa: BLE001 - told when the block is left
                self.failures.append(f"{type(failed).__name__}: {failed}"[:500])
                return
            left = pause * chance.uniform(0.5, 1.5) - (time.monotonic() - began)
            self._stop.wait(max(0.0, left))

    def _report_over_http(self, chance: random.Random) -> None:
        citizen = self.world.citizen
        reporter = {"email": f"warga{chance.randrange(10**6)}@contoh.example"}
        filed = citizen.file(
            category=chance.choice(CATEGORIES),
            reporter=reporter if chance.random() < 0.5 else None,
        )
        self.filed.append(filed)
        self.done["accepted over HTTP"] += 1
        if chance.random() < 0.2:
            assert citizen.reply(filed, "Masih begitu.").status_code == 201
            self.done["replies"] += 1

    def _report_on_the_bus(self, chance: random.Random) -> None:
        publisher = self._publisher()
        reference = f"P-{chance.randrange(10**12)}"
        event = publisher.submit(reference, attempts=100, category=chance.choice(CATEGORIES[:3]))
        self.submitted[reference] = event
        self.done["acknowledged on the bus"] += 1
        if chance.random() < 0.1:
            publisher.submit(reference, event=event, attempts=100)
            self.done["submitted twice"] += 1

    def _publisher(self) -> Publisher:
        mine = getattr(self._own, "publisher", None)
        if mine is None:
            mine = self._own.publisher = self.world.publisher()
        return mine

    def _coordinate(self, chance: random.Random) -> None:
        officer = self.world.coordinator
        queue = officer.listed("/api/v1/queue", limit=20)
        for waiting in [each for each in queue if self.takes(each["complaint"], chance)][:5]:
            agency = chance.choice(sorted(LIAISONS))
            answer = officer.change(waiting["complaint"], "route", agency=agency)
            self.done["routed by hand"] += answer.status_code == 200

    def _answerer(self, agency: str) -> Step:
        def answer(chance: random.Random) -> None:
            officer = self.world.liaison(agency)
            cases = officer.listed("/api/v1/cases", limit=20)
            for case in [each for each in cases if self.takes(each["complaint"], chance)][:3]:
                done = self._decide(officer, case["complaint"], chance)
                self.done[done] += 1
                if self._stop.is_set():
                    return

        return answer

    def _decide(self, officer: Officer, complaint: str, chance: random.Random) -> str:
        if chance.random() < 0.15:
            answer = officer.change(complaint, "decline", reason="Bukan wewenang kami.")
            return "declined" if answer.status_code == 200 else "came too late"
        answer = officer.change(complaint, "responses", text="Sedang dikerjakan.")
        if answer.status_code == 200 and chance.random() < 0.7:
            officer.change(complaint, "resolution")
            return "answered and resolved"
        return "answered" if answer.status_code == 200 else "came too late"
