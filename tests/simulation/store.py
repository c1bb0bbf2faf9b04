"""The store of one service in memory: guarded, durable writes, and backups to be put back."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from shared.contracts.fact import Pair
from shared.runtime.document import Document
from shared.runtime.folding import Told
from shared.runtime.ports import Change, Passed, Written
from shared.runtime.timing import FOREVER

AnyDocument = Document[Any]


@dataclass(slots=True)
class Kept:
    """What survives a crash, and what a backup holds."""

    documents: dict[str, AnyDocument] = field(default_factory=dict)
    waiting: dict[tuple[str, str], tuple[int, Told]] = field(default_factory=dict)
    """By complaint and stream, what waits, and since when."""
    passed: dict[tuple[str, int, int], str] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    shelves: dict[str, Kept] = field(default_factory=dict)
    """By name, what is kept beside the complaints; metrics only."""
    archive: dict[str, AnyDocument] = field(default_factory=dict)
    loose: dict[str, int] = field(default_factory=dict)
    """By complaint, since when its copy in the archive may be live too."""

    @property
    def known(self) -> Mapping[str, AnyDocument]:
        """Give every document, the live one where it lies in both places."""
        return ChainMap(self.documents, self.archive) if self.archive else self.documents

    def copy(self) -> Kept:
        """Give a backup. Documents never change, so the shelves are copied and not the books."""
        return Kept(
            dict(self.documents),
            dict(self.waiting),
            dict(self.passed),
            dict(self.notes),
            {name: shelf.copy() for name, shelf in self.shelves.items()},
            dict(self.archive),
            dict(self.loose),
        )


class Store:
    """One service's database. ``epoch`` is when it was last put back, in milliseconds."""

    def __init__(
        self,
        due: Callable[[Any], datetime | None],
        number: Callable[[Any], str | None],
    ) -> None:
        self._due_of, self._number_of = due, number
        self.kept = Kept()
        self.epoch = 0
        self.refuses: Callable[[AnyDocument], str | None] = lambda _: None
        self.lived: dict[str, int] = {}
        """By complaint, when it was last written, in time that was lived through."""
        self._tick = 0
        self._marked: dict[str, int] = {}
        self._due: dict[str, datetime] = {}
        self._dirty: dict[str, None] = {}
        self._numbers: dict[str, str] = {}
        self._windows: dict[str, dict[str, None]] = {}
        self._shelves: dict[str, Store] = {}

    def shelf(self, name: str) -> Store:
        """Give what is kept under a name beside the complaints."""
        if name not in self._shelves:
            beside = self._shelves[name] = Store(lambda _: None, lambda _: None)
            beside.put_back(self.kept.shelves.get(name, Kept()), self.epoch)
            self.kept.shelves[name] = beside.kept
        return self._shelves[name]

    @property
    def shelves(self) -> list[str]:
        return list(self.kept.shelves)

    @property
    def documents(self) -> Mapping[str, AnyDocument]:
        """Give what is known, live or archived."""
        return self.kept.known

    @property
    def live(self) -> dict[str, AnyDocument]:
        return self.kept.documents

    def load(self, ids: Sequence[str]) -> dict[str, AnyDocument]:
        return {key: self.live[key] for key in ids if key in self.live}

    def remove(self, resting: Sequence[AnyDocument]) -> None:
        for each in resting:
            stored = self.live.get(each.id)
            if stored is not None and stored.version == each.version and stored.untold is None:
                del self.live[each.id]
                self._due.pop(each.id, None)

    def write(self, changes: Sequence[Change[Any]]) -> Written:
        complete, refused = True, {}
        for change in changes:
            document = change.document
            stored = self.live.get(document.id)
            if (stored.version if stored else 0) != change.expected:
                complete = False
                continue
            number = self._number_of(document.state)
            taken = number is not None and self._numbers.get(number, document.id) != document.id
            why = "the number is taken" if taken else self.refuses(document)
            if why is not None:
                complete, refused[document.id] = False, why
                continue
            self.put(document)
        return Written(complete, refused)

    def untold(self, until: int, limit: int) -> list[AnyDocument]:
        found = sorted((at, key) for key, at in self._marked.items() if at <= until)
        return [self.live[key] for _, key in found[:limit]]

    def unmark(self, told: Sequence[AnyDocument]) -> None:
        for each in told:
            stored = self.live.get(each.id)
            if stored is not None and stored.last == each.last and stored.untold == each.untold:
                self.put(replace(stored, untold=None))

    def changed(self, since: int, until: int, limit: int) -> list[AnyDocument]:
        found = [each for each in self.live.values() if since <= each.changed_at < until]
        return sorted(found, key=lambda each: (each.changed_at, each.id))[:limit]

    def due(self, now: datetime) -> list[str]:
        return [key for key, at in self._due.items() if at <= now]

    def next_due(self) -> datetime | None:
        return min(self._due.values(), default=None)

    def dirty(self) -> list[AnyDocument]:
        return [self.live[key] for key in self._dirty]

    def numbered(self, number: str) -> str:
        return self._numbers.get(number, "")

    def within(self, window: str) -> list[AnyDocument]:
        return [self.live[key] for key in self._windows.get(window, ())]

    def keep(self, waiting: Sequence[tuple[Told, str]], now: int) -> None:
        for told, _ in waiting:
            place = (told.complaint, told.stream)
            before = self.kept.waiting.get(place)
            if before is None:
                self._tick = max(self._tick + 1, now)
                self.kept.waiting[place] = (self._tick, told)
            elif before[1].last <= told.last:
                self.kept.waiting[place] = (before[0], told)

    def pass_by(self, passed: Sequence[Passed]) -> None:
        for each in passed:
            record = each.record
            self.kept.passed[record.topic, record.partition, record.offset] = each.reason

    def waiting(self, limit: int, since: int = 0, until: int = FOREVER) -> list[tuple[int, Told]]:
        found = [each for each in self.kept.waiting.values() if since <= each[0] < until]
        return sorted(found, key=lambda each: each[0])[:limit]

    def drop(self, complaint: str, stream: str, pair: Pair) -> None:
        waits = self.kept.waiting.get((complaint, stream))
        if waits is not None and waits[1].last == pair:
            del self.kept.waiting[complaint, stream]

    def put_back(self, backup: Kept, epoch: int) -> None:
        """Forget what happened since a backup; the service is stopped."""
        self.kept, self.epoch = backup.copy(), epoch
        for index in (self._marked, self._due, self._dirty, self._numbers, self._windows):
            index.clear()
        self._shelves.clear()
        for document in list(self.live.values()):
            self.put(document)

    def put(self, document: AnyDocument) -> None:
        key = document.id
        before = self.live.get(key)
        self.live[key] = document
        if hasattr(document.state, "windows"):
            for window in before.state.windows if before else ():
                self._windows.get(window, {}).pop(key, None)
            for window in document.state.windows:
                self._windows.setdefault(window, {})[key] = None
        _index(self._marked, key, document.untold)
        _index(self._due, key, self._due_of(document.state))
        self._dirty.pop(key, None)
        if document.dirty:
            self._dirty[key] = None
        number = self._number_of(document.state)
        if number is not None:
            self._numbers[number] = key


def _index(index: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        index.pop(key, None)
    else:
        index[key] = value
