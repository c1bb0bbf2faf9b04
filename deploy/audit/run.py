"""One audit from the first page to the last: bounded, whatever the node holds."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from deploy.audit import bus, figures
from deploy.audit.comparing import Currency, compare
from deploy.audit.finding import MOST_LISTED, Finding, Kind, Report
from deploy.audit.notebook import Notebook
from deploy.audit.reading import Group, Stores
from deploy.audit.windows import Windows
from shared.contracts.topics import SERVICES, heard_by
from shared.runtime.document import Document
from shared.runtime.timing import FOREVER, micros

STALE_AFTER = timedelta(minutes=10)


class Mender(Protocol):
    """Has complaints told again."""

    async def mend(self, findings: Iterable[Finding]) -> int:
        """Mark what the findings name; give how many were marked."""


@dataclass(frozen=True)
class Audit:
    """What is audited, and how."""

    stores: Stores
    node: str
    kafka: str | None = None
    """Bootstrap address; without one the topics are not read."""
    publishers: Sequence[str] = ()
    settled: bool = False
    """Nothing moves any more: nothing is under way."""
    mender: Mender | None = None

    async def run(self) -> Report:
        """Compare everything. Raises Away."""
        began, report = time.monotonic(), Report(self.node)
        with Notebook() as notebook:
            read_at = datetime.now(UTC)
            if self.kafka:
                await bus.read_topics(self.kafka, self.node, self.publishers, notebook, report.note)
            now = datetime.now(UTC)
            currency = Currency(now, await self.stores.views(), self.settled)
            if not self.settled:
                _note_stale_views(report, currency)
            walk = _Walk(self, report, notebook, currency, read_at)
            await walk.complaints()
            for service in SERVICES[1:]:
                await walk.strays(service)
            await walk.rest()
        report.seconds = time.monotonic() - began
        return report


@dataclass(frozen=True)
class _Walk:
    audit: Audit
    report: Report
    notebook: Notebook
    currency: Currency
    read_at: datetime

    @property
    def now(self) -> int:
        return micros(self.currency.now)

    async def complaints(self) -> None:
        """Go over what intake has, and look for each complaint in the other stores."""
        stores = self.audit.stores
        async for page in self._everything("intake"):
            known = {each.id: each for each in page}
            groups = await stores.groups(list(known), {"intake": known})
            await self._judge(groups)
            accepted = [each for each in page if each.facts]
            new = self.notebook.first_met("intake", list(known))
            self.report.complaints["intake"] += sum(each.id in new for each in accepted)
            self.report.refused += sum(each.id in new for each in page if not each.facts)
            numbers = {each.id: each.state.tracking_number for each in accepted}
            await self._note(await stores.same_number(numbers) if numbers else [])

    async def strays(self, service: str) -> None:
        """Go over what another service has, and look for what intake lacks."""
        stores = self.audit.stores
        young = self.now - (0 if self.audit.settled else _micros(figures.COUNTED_SOON))
        async for page in self._everything(service):
            ids = [each.id for each in page]
            new = self.notebook.first_met(service, ids)
            self.report.complaints[service] += len(new)
            if service == "metrics":
                figures.note(self.notebook, self.audit.node, page, new, young)
            unknown = set(ids) - (await stores.load("intake", ids)).keys()
            if unknown:
                groups = await stores.groups(sorted(unknown))
                await self._judge(groups)

    async def _everything(self, service: str) -> AsyncIterator[list[Document[Any]]]:
        """Go over what is live, and then over the archive."""
        async for page in self.audit.stores.walk(service, self.now):
            yield page
        async for page in self.audit.stores.archived(service):
            self.report.archived[service] += sum(each.archived for each in page)
            yield page

    async def rest(self) -> None:
        """Compare the figures; list what the bus has and no store, and what was passed."""
        stores = self.audit.stores
        await self._note(await figures.differences(self.notebook, stores, self.now))
        if self.audit.kafka:
            await self._windows()
        for stream, complaint, pair in self.notebook.never_asked(MOST_LISTED):
            sentence = f"{stream} carries {pair} and no store knows the complaint"
            self.report.note(Finding(Kind.BUS, complaint, "intake", sentence))
        await self._note(await stores.listed(MOST_LISTED))

    async def _windows(self) -> None:
        """Compare what the bus carries of windows with what is counted.

        To the very last, since of each that is not met the store would seem to have nothing.
        """
        windows = Windows(self.notebook, self.audit.node, self.currency)
        young = bus.too_young(self.read_at, settled=self.audit.settled)
        for pages in (self.audit.stores.figures, self.audit.stores.rows):
            async for page in pages(FOREVER):
                found = (windows.differences(each, young) for each in page)
                await self._note([finding for one in found for finding in one])
        await self._note(list(windows.unknown(MOST_LISTED)))

    async def _judge(self, groups: dict[str, Group]) -> None:
        """Compare groups; what seems to differ is read until it stands still, and judged then."""
        newest = self._newest(groups)
        wrong = {
            complaint
            for complaint, group in groups.items()
            if any(each.differs for each in self._compared(complaint, group, newest))
        }
        steady, moving = await self.audit.stores.steady(wrong)
        for complaint in moving:
            sentence = "it changes all the time; the next audit compares it"
            self.report.note(Finding(Kind.UNDER_WAY, complaint, "intake", sentence))
        for complaint, group in groups.items():
            if complaint not in moving:
                now = steady.get(complaint, group)
                await self._note(self._compared(complaint, now, newest))

    def _newest(self, groups: dict[str, Group]) -> dict[str, dict[str, str]]:
        if not self.audit.kafka or not groups:
            return {}
        streams = [*bus.COMPACTED, *(f"receipts/{one}" for one in self.audit.publishers)]
        return {stream: self.notebook.newest(stream, list(groups)) for stream in streams}

    def _compared(
        self, complaint: str, group: Group, newest: dict[str, dict[str, str]]
    ) -> list[Finding]:
        found = list(compare(complaint, group, self.currency))
        settled = self.audit.settled
        found += bus.differences(complaint, group, newest, self.read_at, settled=settled)
        return found

    async def _note(self, findings: list[Finding]) -> None:
        for finding in findings:
            self.report.note(finding)
        if self.audit.mender is not None and findings:
            self.report.mended += await self.audit.mender.mend(findings)


def _note_stale_views(report: Report, currency: Currency) -> None:
    for reader in SERVICES:
        for stream in heard_by(reader):
            at = currency.through.get((reader, stream.name))
            if stream.name == "contacts":
                continue  # told with complaints; has no beat of its own
            if at is None:
                sentence = f"{reader} does not say how current its {stream.name} are"
            elif currency.now - at > STALE_AFTER:
                sentence = f"{reader} has heard {stream.name} only up to {at:%Y-%m-%d %H:%M} UTC"
            else:
                continue
            report.note(Finding(Kind.STALE, "", reader, sentence))


def _micros(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
