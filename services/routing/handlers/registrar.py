"""Who keeps the register: looks at agencies, changes them, and sees which are active."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.routing.domain.area import Areas
from services.routing.domain.disposition import Disposition
from services.routing.domain.entry import AgencyAmended, Entry
from services.routing.domain.register import MOST_RULES
from services.routing.registry import Book, Registry
from shared.contracts.fact import Row
from shared.contracts.register import Duty
from shared.contracts.vocabulary import MOST_AGENCIES
from shared.runtime.asking import once
from shared.runtime.document import Cause, Circumstances, Document, Refused
from shared.runtime.ports import Shelf

LONGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Registrar:
    """The desk at which agencies are kept (pengelola daftar instansi)."""

    registry: Registry
    areas: Areas
    acted: Shelf[Disposition]

    @property
    def book(self) -> Book:
        """What is in force."""
        return self.registry.book

    def agencies(self, after: str, limit: int) -> Sequence[Document[Entry]]:
        """List agencies by code, those beyond one."""
        return [each for each in self.book.entries() if each.id > after][:limit]

    def show(self, code: str) -> Document[Entry]:
        """Show an agency; raises Refused."""
        found = self.book.entry(code)
        if found is None:
            raise Refused(404, "not_found", "There is no such agency.")
        return found

    async def active_at(self, code: str) -> datetime | None:
        """Say when an officer of an agency last did something here (keaktifan).

        Counted is the last act on each complaint; one on which another agency acted later shows
        that one's.
        """
        found = await self.acted.window("acted", f"{code}/", f"{code}0", 1)
        return found[0].state.acted_at if found else None

    def history(self, code: str) -> Sequence[Row]:
        """Give every change of an agency, who made it and when, oldest first; raises Refused."""
        return self.show(code).facts

    async def enter(self, code: str, said: AgencyAmended, request: Cause) -> Document[Entry]:
        """Enter an agency that is not there yet; raises Refused."""
        if self.book.entry(code) is None and len(self.book.entries()) >= MOST_AGENCIES:
            bound = f"A register has up to {MOST_AGENCIES:,} agencies, with those not active."
            advice = "Enter it as a unit of another, or change one that is not active into it."
            raise Refused(409, "register_full", f"{bound} {advice}", "code")
        return await self._amend(code, said, request, 0)

    async def amend(
        self, code: str, said: AgencyAmended, request: Cause, seen: int
    ) -> Document[Entry]:
        """Change an agency from a day on; raises Refused."""
        self.show(code)
        return await self._amend(code, said, request, seen)

    async def _amend(
        self, code: str, said: AgencyAmended, request: Cause, seen: int
    ) -> Document[Entry]:
        self._check_duties(code, said)
        says: Mapping[str, Any] = said.model_dump(mode="json", exclude_none=True)

        def decide(document: Document[Entry], under: Circumstances) -> Document[Entry]:
            entries, today = self.registry.entries, self.book.day
            after = entries.amend(document, said, request, under, today)
            self._check_rules(document, after.state, said.valid_from)
            return after

        judge = once(request.id, AgencyAmended.type, says, decide, seen=seen)
        try:
            return await self.registry.ask(code, judge)
        except Refused as refused:
            if refused.code == "stale" and seen == 0:
                raise Refused(409, "exists", f"There is an agency {code!r}.", "code") from None
            if refused.code == "history_full":
                detail = "This agency was changed too often; enter it anew under another code."
                raise Refused(409, "history_full", detail) from None
            raise

    def _check_rules(self, before: Document[Entry], after: Entry, day: date) -> None:
        """Refuse more rules than a register has; fewer of one with too many are taken."""
        most = after.most_rules(day)
        if most <= before.state.most_rules(day):
            return
        others = (each for each in self.book.entries() if each.id != before.id)
        over = most + sum(each.state.most_rules(day) for each in others) - MOST_RULES
        if over > 0:
            bound = f"A register has up to {MOST_RULES:,} rules, of coming changes, too."
            advice = f"Name wider areas, or take {over:,} of them from other agencies first."
            raise Refused(409, "register_full", f"{bound} {advice}", "duties")

    def _check_duties(self, code: str, said: AgencyAmended) -> None:
        """Refuse a duty for an area that does not exist, or that another agency has."""
        register = self.book.on(said.valid_from)
        for at, duty in enumerate(said.duties or ()):
            self._check_duty(at, duty)
            for area in duty.areas:
                holder = register.holder(duty.category, area)
                if holder not in (None, code):
                    raise Refused(
                        409,
                        "taken",
                        f"{holder} answers for {duty.category} in {area}; take that from it first.",
                        f"duties.{at}.areas",
                    )

    def _check_duty(self, at: int, duty: Duty) -> None:
        for area in duty.areas:
            if self.areas.find(area) is None:
                raise Refused(
                    422,
                    "unknown_area",
                    f"The Kemendagri table has no area {area}.",
                    f"duties.{at}.areas",
                )
