"""The register as one process has it in memory: what is in force on which day."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from services.routing.domain.entry import Entry, answered_for
from services.routing.domain.register import Agency, Register, Rule
from shared.contracts.calendar import Calendar
from shared.runtime.document import Document
from shared.runtime.ports import Time

MOST_DAYS = 8
"""Registers of single days that are kept put together."""
log = logging.getLogger(__name__)


class Book:
    """Every agency's entry, as newly as it was read (daftar instansi)."""

    def __init__(self, calendar: Calendar, time: Time) -> None:
        """Begin empty; days are those of a calendar's zone.

        A process exchanges ``time`` for its own, which it makes only with the domain in hand that
        decides by this book.
        """
        self.calendar, self.time = calendar, time
        self._entries: dict[str, Document[Entry]] = {}
        self._of: dict[date, Register] = {}

    def take(self, documents: Iterable[Document[Entry]]) -> None:
        """Take in entries, those that are newer than the ones that are there."""
        for document in documents:
            known = self._entries.get(document.id)
            if document.facts and (known is None or known.version < document.version):
                self._entries[document.id] = document
                self._of.clear()

    def entry(self, code: str) -> Document[Entry] | None:
        """Give an agency's entry, None where there is none."""
        return self._entries.get(code)

    def entries(self) -> Sequence[Document[Entry]]:
        """Give every entry, by code."""
        return [self._entries[code] for code in sorted(self._entries)]

    @property
    def day(self) -> date:
        """The local date now."""
        return self.calendar.local_day(self.time.under().now)

    @property
    def today(self) -> Register:
        """The register in force now."""
        return self.on(self.day)

    def at(self, now: datetime) -> Register:
        """Give the register in force at a moment."""
        return self.on(self.calendar.local_day(now))

    def on(self, day: date) -> Register:
        """Give the register in force on a local date; it is put together once a day and change."""
        if day not in self._of:
            if len(self._of) >= MOST_DAYS:
                self._of.clear()
            self._of[day] = _register(self.entries(), day)
        return self._of[day]


def _register(entries: Iterable[Document[Entry]], day: date) -> Register:
    """Put the agencies of a day together; where two answer for one thing, the first code does."""
    agencies, rules = [], dict[str, Rule]()
    for document in entries:
        edition = document.state.on(day)
        if edition is None:
            continue
        agencies.append(Agency(code=document.id, name=edition.name, active=edition.active))
        for category, area in answered_for(edition):
            rule = Rule(category=category, area=area, agency=document.id)
            if rules.setdefault(rule.name, rule) is not rule:
                log.warning("duty_of_two", extra={"rule": rule.name, "agency": document.id})
    return Register(agencies=tuple(agencies), rules=tuple(rules.values()))
