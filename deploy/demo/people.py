"""People who use the demo: reporters who file, coordinators who route, officers who answer.

What each decides about a complaint follows from its id, so that nothing has to be remembered
between two starts: most complaints are answered and resolved within a minute or two, some are
sent back, some wait, as they do in a city.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from deploy.demo.deciding import Practice
from deploy.demo.doors import Doors, DoorShut
from deploy.identity.accounts import Account, Accounts, read_accounts
from shared.runtime.access import Role, place_of

SHAPES = Path(__file__).parents[1] / "data"
PATIENT = 60.0
"""Seconds for which a door that is shut is tried again while the samples are loaded."""
TOGETHER = 16
"""Samples that are filed at once."""
SILENT = 1800.0
"""Seconds for which some officers leave a complaint as it is, so that some are always open."""
DECLINING = (1, 2)
"""Moods, of twenty, in which an officer declines what can plausibly be declined."""
AT_ONCE = 100
"""Cases one officer looks at in one visit at most."""


@dataclass(frozen=True)
class Samples:
    """What stands in the sample folder of a node."""

    folder: Path

    @classmethod
    def of(cls, node: str) -> Samples:
        """Give the samples of a node; raises FileNotFoundError where there are none."""
        folder = SHAPES / node
        if not folder.is_dir():
            there = ", ".join(sorted(path.name for path in SHAPES.iterdir()))
            raise FileNotFoundError(f"There are no sample complaints of {node}; there are {there}.")
        return cls(folder)

    @cached_property
    def complaints(self) -> list[dict[str, Any]]:
        """Reports, all invented."""
        return list(json.loads((self.folder / "complaints.json").read_text("utf-8")))

    @cached_property
    def sentences(self) -> dict[str, Any]:
        """What officers answer, by agency, and why they decline, by agency and category."""
        return dict(json.loads((self.folder / "answers.json").read_text("utf-8")))

    def answers(self, agency: str) -> list[str]:
        """Give what an agency answers; all who work outdoors say the same."""
        return list(self.sentences["responses"].get(agency) or self.sentences["responses"][""])

    def reason(self, agency: str, category: str | None) -> str | None:
        """Say why an agency may decline a category; None where nobody would believe it."""
        by_category: Mapping[str | None, str] = self.sentences["declined"].get(agency, {})
        return by_category.get(category)

    @cached_property
    def accounts(self) -> Accounts:
        """Who can sign in."""
        return read_accounts(self.folder / "accounts.json")

    def officers(self, role: Role) -> list[Account]:
        """Give who has a role at this node; those of a province or a district only look on."""
        place = place_of(self.folder.name)
        return [one for one in self.accounts.listed() if role in one.roles and one.area == place]

    @cached_property
    def practice(self) -> Practice:
        """What the coordinator decides by."""
        rules = json.loads(self.register.read_text("utf-8"))["rules"]
        known = json.loads((self.folder / "coordinator.json").read_text("utf-8"))
        return Practice(rules, known["words"], known["neighbours"])

    @property
    def register(self) -> Path:
        """The file with agencies and rules."""
        return self.folder / "register.json"


def chance(complaint: str, what: str, out_of: int) -> int:
    """Give a number below ``out_of`` that is always the same for a complaint and a question."""
    return int.from_bytes(hashlib.sha256(f"{what}/{complaint}".encode()).digest()[:4]) % out_of


def due(case: Mapping[str, Any], what: str, soonest: float, spread: int, now: datetime) -> bool:
    """Say whether a complaint has waited long enough for its officer to move."""
    received = datetime.fromisoformat(case["received_at"])
    return (now - received).total_seconds() >= soonest + chance(case["complaint"], what, spread)


async def load(doors: Doors, samples: Sequence[Mapping[str, Any]], secret: str) -> list[Any]:
    """File the sample complaints; a second time they are answered as the first. Raises DoorShut."""
    filed = []
    keys = [
        f"sample-{nth}-{hashlib.sha256(f'{secret}/{nth}'.encode()).hexdigest()[:32]}"
        for nth in range(len(samples))
    ]
    for start in range(0, len(samples), TOGETHER):
        some = zip(samples[start : start + TOGETHER], keys[start:], strict=False)
        filed += await asyncio.gather(*(_patiently(doors, report, key) for report, key in some))
    return filed


async def count_new(doors: Doors, filed: Sequence[Mapping[str, Any]], began: datetime) -> int:
    """Count which of these reports were received since a moment.

    The answer to a filing does not tell: it is the same one a second time.
    """
    return sum(await asyncio.gather(*(_is_new(doors, each, began) for each in filed)))


async def _is_new(doors: Doors, filed: Mapping[str, Any], began: datetime) -> bool:
    try:
        shown = await doors.track(filed["tracking_number"], filed["pin"])
    except DoorShut:  # as where its PIN was renewed: nobody has done so to a new one
        return False
    return datetime.fromisoformat(shown["received_at"]) >= began


def filed_sentence(new: int, there: int) -> str:
    """Say how many samples were filed now, and how many at an earlier start."""
    filed = [f"{new} filed through the public interface"] if new or not there else []
    return ", ".join((*filed, *([f"{there} there already"] if there else [])))


async def _patiently(doors: Doors, report: Mapping[str, Any], key: str) -> dict[str, Any]:
    deadline = asyncio.get_running_loop().time() + PATIENT
    while True:
        try:
            return await doors.file(report, key)
        except DoorShut as shut:
            late = asyncio.get_running_loop().time() > deadline
            if late or 400 <= shut.status < 500:
                raise
        await asyncio.sleep(0.5)


@dataclass
class People:
    """Everybody who moves by themselves while the demo runs."""

    doors: Doors
    samples: Samples
    say: Callable[[str], None]
    filed: int = 0
    moved: int = 0
    _trouble: str = ""

    async def report(self, rate: float) -> None:
        """File a new complaint again and again, so many a second, until cancelled."""
        chosen = random.Random()  # noqa: S311 - nobody guards anything with it
        while True:
            await asyncio.sleep(chosen.expovariate(rate) if rate < 1 else 1 / rate)
            report = chosen.choice(self.samples.complaints)
            key = secrets.token_urlsafe(24)
            if await self._try(self.doors.file(report, key)):
                self.filed += 1

    async def answer(self, pause: float = 1.0) -> None:
        """Look after one desk after the other until cancelled."""
        coordinators = self.samples.officers(Role.COORDINATOR)
        liaisons = self.samples.officers(Role.LIAISON)
        while True:
            for liaison in liaisons:
                await asyncio.sleep(pause)
                await self._try(self._liaise(liaison.username))
                if coordinators and liaison in liaisons[::4]:
                    await self._try(self._coordinate(coordinators[0].username))

    async def _coordinate(self, who: str) -> None:
        now = datetime.now(UTC)
        for waiting in await self.doors.queue(who, AT_ONCE):
            if due(waiting, "route", 20, 90, now):
                agency = self.samples.practice.agency_for(waiting)
                moved = await self._try(self.doors.route(who, waiting, agency))
                self.moved += moved

    async def _liaise(self, who: str) -> None:
        now = datetime.now(UTC)
        for case in await self.doors.cases(who, "open", AT_ONCE):
            mood = chance(case["complaint"], f"mood/{case['turn']}", 20)
            wait = SILENT if mood == 0 else 15
            if not due(case, "respond", wait, 60, now):
                continue
            reason = self.samples.reason(case["agency"], case["category"])
            if reason and mood in DECLINING:
                await self.doors.act(who, case, "decline", {"reason": reason})
            else:
                answers = self.samples.answers(case["agency"])
                text = answers[chance(case["complaint"], "responses", len(answers))]
                await self.doors.act(who, case, "responses", {"text": text})
            self.moved += 1
        for case in await self.doors.cases(who, "answered", AT_ONCE):
            wait = 60 if chance(case["complaint"], "close", 4) else SILENT
            if due(case, "resolve", wait, 120, now):
                notes = self.samples.sentences["notes"]
                note = notes[chance(case["complaint"], "notes", len(notes))]
                await self.doors.act(who, case, "resolution", {"note": note})
                self.moved += 1

    async def _try(self, act: Any) -> bool:  # noqa: ANN401 - any coroutine
        """Do something that may fail while a service is away; say a trouble once, not for ever."""
        try:
            await act
        except DoorShut as shut:
            if shut.status not in (0, 404, 409, 412, 502, 503) and str(shut) != self._trouble:
                self._trouble = str(shut)
                self.say(str(shut))
            return False
        return True
