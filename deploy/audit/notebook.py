"""What an audit must remember of all complaints at once: in a file, so that memory is bounded."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE newest (stream TEXT, complaint TEXT, pair TEXT, seen INTEGER DEFAULT 0,
                     PRIMARY KEY (stream, complaint)) WITHOUT ROWID;
CREATE TABLE counted (day TEXT, minute TEXT, count INTEGER, PRIMARY KEY (day, minute))
                     WITHOUT ROWID;
CREATE TABLE met (service TEXT, complaint TEXT, PRIMARY KEY (service, complaint)) WITHOUT ROWID;
CREATE TABLE told (document TEXT, key TEXT, pair TEXT, content TEXT, seen INTEGER DEFAULT 0,
                   PRIMARY KEY (document, key)) WITHOUT ROWID;
CREATE TABLE stale (day TEXT, minute TEXT, PRIMARY KEY (day, minute)) WITHOUT ROWID;
"""


class Notebook:
    """The newest pair per stream and complaint as the bus has it, and counts per minute."""

    def __init__(self) -> None:
        """Begin an empty one; it goes when it is closed."""
        self._folder = tempfile.TemporaryDirectory(prefix="kentongan-audit-")
        self._rows = sqlite3.connect(Path(self._folder.name) / "notebook", isolation_level=None)
        self._rows.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.close()
        self._folder.cleanup()

    def note_newest(self, stream: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Note messages in the order of the log: the later one stands, as compaction keeps it."""
        self._rows.execute("BEGIN")
        self._rows.executemany(
            "INSERT INTO newest (stream, complaint, pair) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET pair = excluded.pair",
            [(stream, complaint, pair) for complaint, pair in pairs],
        )
        self._rows.execute("COMMIT")

    def newest(self, stream: str, complaints: Sequence[str]) -> dict[str, str]:
        """Give the newest pair of complaints on a stream, and remember that they were asked for."""
        marks = ",".join("?" * len(complaints))
        where = f"WHERE stream = ? AND complaint IN ({marks})"
        self._rows.execute(f"UPDATE newest SET seen = 1 {where}", (stream, *complaints))  # noqa: S608
        found = self._rows.execute(
            f"SELECT complaint, pair FROM newest {where}",  # noqa: S608 - only question marks
            (stream, *complaints),
        )
        return dict(found.fetchall())

    def note_told(self, windows: Iterable[tuple[str, str, str, str]]) -> None:
        """Note document, key, pair and content of windows in the order of the log, as above."""
        self._rows.execute("BEGIN")
        self._rows.executemany(
            "INSERT OR REPLACE INTO told (document, key, pair, content) VALUES (?, ?, ?, ?)",
            windows,
        )
        self._rows.execute("COMMIT")

    def told(self, document: str) -> dict[str, tuple[str, str]]:
        """Give, by key, pair and content of a document's windows, and remember who asked."""
        rows = self._rows.execute(
            "SELECT key, pair, content FROM told WHERE document = ?", (document,)
        )
        found = {key: (pair, content) for key, pair, content in rows.fetchall()}
        self._rows.execute("UPDATE told SET seen = 1 WHERE document = ?", (document,))
        return found

    def told_of_nothing(self, most: int) -> list[tuple[str, str]]:
        """Give key and pair of windows that nobody asked for."""
        return self._rows.execute(
            "SELECT key, pair FROM told WHERE seen = 0 LIMIT ?", (most,)
        ).fetchall()

    def never_asked(self, most: int) -> Iterator[tuple[str, str, str]]:
        """Give stream, complaint and pair of what no store was asked for."""
        yield from self._rows.execute(
            "SELECT stream, complaint, pair FROM newest WHERE seen = 0 LIMIT ?", (most,)
        )

    def first_met(self, service: str, complaints: Sequence[str]) -> set[str]:
        """Give those that were not met before: what changes during a walk is met again."""
        marks = ",".join("?" * len(complaints))
        where = f"WHERE service = ? AND complaint IN ({marks})"
        found = self._rows.execute(f"SELECT complaint FROM met {where}", (service, *complaints))  # noqa: S608
        new = set(complaints) - {complaint for (complaint,) in found}
        self._rows.execute("BEGIN")
        self._rows.executemany("INSERT INTO met VALUES (?, ?)", [(service, one) for one in new])
        self._rows.execute("COMMIT")
        return new

    def count(self, places: Iterable[tuple[str, str]]) -> None:
        """Count one complaint at each day and minute."""
        self.add((day, minute, 1) for day, minute in places)

    def add(self, counts: Iterable[tuple[str, str, int]]) -> None:
        """Add to what is counted at days and minutes; a row has parts of hours for minutes."""
        self._rows.execute("BEGIN")
        self._rows.executemany(
            "INSERT INTO counted VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET count = count + excluded.count",
            counts,
        )
        self._rows.execute("COMMIT")

    def note_stale(self, places: Iterable[tuple[str, str]]) -> None:
        """Note minutes, or hours of a row, that are about to be counted again."""
        self._rows.executemany("INSERT OR IGNORE INTO stale VALUES (?, ?)", list(places))

    def take_counts(self, day: str) -> tuple[dict[str, int], set[str]]:
        """Give a day's counts and its stale minutes, and forget the counts."""
        counts = self._rows.execute("SELECT minute, count FROM counted WHERE day = ?", (day,))
        stale = self._rows.execute("SELECT minute FROM stale WHERE day = ?", (day,))
        answer = dict(counts.fetchall()), {minute for (minute,) in stale.fetchall()}
        self._rows.execute("DELETE FROM counted WHERE day = ?", (day,))
        return answer

    def left_counts(self, most: int) -> list[tuple[str, str, int]]:
        """Give counts of days that nobody took and that are not stale."""
        return list(
            self._rows.execute(
                "SELECT day, minute, count FROM counted WHERE NOT EXISTS (SELECT 1 FROM stale "
                "WHERE stale.day = counted.day AND (stale.minute = counted.minute "
                "OR counted.minute LIKE stale.minute || ' %')) LIMIT ?",
                (most,),
            ).fetchall()
        )
