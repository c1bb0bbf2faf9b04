"""The register of topics: who tells what to whom, and how the bus must keep it.

``deploy`` creates topics and rights from this table, and the AsyncAPI documents are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.contracts import followup, intake, metrics, notification, publishing, routing
from shared.contracts.beat import Beat
from shared.contracts.fact import Payload
from shared.contracts.register import AgencyRegistered

DAY_MS = 24 * 60 * 60 * 1000
SERVICES = ("intake", "routing", "followup", "notification", "metrics")


class Carries(StrEnum):
    """What one message of a stream is."""

    HISTORY = "history"
    """Every fact its producer has told about one complaint."""
    SNAPSHOT = "snapshot"
    """The newest state of one thing, with a version."""


class Cleanup(StrEnum):
    """How the bus forgets; the values are Kafka's own."""

    COMPACT = "compact"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a node, or of an outside publisher."""

    name: str
    producer: str
    """A service, or ``publisher``."""
    readers: tuple[str, ...]
    carries: Carries
    message: str
    """``ce_type`` of its messages."""
    key: str
    facts: Mapping[str, type[Payload]]
    partitions: int = 3
    cleanup: Cleanup = Cleanup.COMPACT
    retention_ms: int | None = None
    others: tuple[str, ...] = ()
    """``ce_type`` of further messages on the same topic; a reader passes what it does not know."""

    @property
    def messages(self) -> tuple[str, ...]:
        """Name every ``ce_type`` of its messages."""
        return (self.message, *self.others)

    @property
    def settings(self) -> dict[str, str]:
        """Give the topic's settings by Kafka's names."""
        settings: dict[str, Any] = {"cleanup.policy": str(self.cleanup)}
        if self.cleanup is Cleanup.COMPACT:
            settings["min.compaction.lag.ms"] = DAY_MS
        if self.retention_ms is not None:
            settings["retention.ms"] = self.retention_ms
        return {name: str(value) for name, value in settings.items()}


def _history(
    name: str, producer: str, readers: str, message: str, facts: Mapping[str, type[Payload]]
) -> Stream:
    return Stream(
        name, producer, tuple(readers.split()), Carries.HISTORY, message, "complaint id", facts
    )


_OF_A_NODE = (
    _history(
        "complaints",
        "intake",
        "routing followup notification metrics",
        intake.HISTORY,
        intake.FACTS,
    ),
    _history(
        "dispositions",
        "routing",
        "intake followup notification metrics",
        routing.HISTORY,
        routing.FACTS,
    ),
    _history(
        "cases",
        "followup",
        "intake routing notification metrics",
        followup.HISTORY,
        followup.FACTS,
    ),
    _history("notices", "notification", "intake metrics", notification.HISTORY, notification.FACTS),
    Stream(
        "contacts",
        "intake",
        ("notification",),
        Carries.SNAPSHOT,
        "contact.snapshot.v1",
        "complaint id",
        intake.CONTACTS,
    ),
    Stream(
        "register",
        "routing",
        ("intake", "followup", "notification", "metrics"),
        Carries.SNAPSHOT,
        AgencyRegistered.type,
        "agency code",
        {},
        partitions=1,
    ),
    Stream(
        "metrics",
        "metrics",
        ("dashboards",),
        Carries.SNAPSHOT,
        metrics.CellCounted.type,
        "measure, agency, window; performance, dimension, value, day; completed",
        {},
        partitions=1,
        others=(metrics.PerformanceCounted.type, metrics.WindowsCompleted.type),
    ),
    Stream(
        "beats",
        "all",
        (*SERVICES, "audit"),
        Carries.SNAPSHOT,
        Beat.type,
        "service",
        {},
        partitions=1,
    ),
)

_OF_A_PUBLISHER = (
    Stream(
        "submissions",
        "publisher",
        ("intake",),
        Carries.SNAPSHOT,
        intake.Submission.type,
        "the publisher's reference",
        {},
        cleanup=Cleanup.DELETE,
        retention_ms=30 * DAY_MS,
        others=tuple(kind for kind in publishing.RECORDS if kind != intake.Submission.type),
    ),
    Stream(
        "receipts",
        "intake",
        ("publisher",),
        Carries.SNAPSHOT,
        publishing.Receipt.type,
        "the publisher's reference",
        {},
        partitions=1,
        cleanup=Cleanup.DELETE,
        retention_ms=30 * DAY_MS,
    ),
    Stream(
        "progress",
        "intake",
        ("publisher",),
        Carries.SNAPSHOT,
        publishing.Progress.type,
        "the publisher's reference",
        {},
        partitions=1,
        cleanup=Cleanup.DELETE,
        retention_ms=30 * DAY_MS,
    ),
)

STREAMS: Mapping[str, Stream] = {stream.name: stream for stream in _OF_A_NODE}
"""The streams of every node."""
PUBLISHER_STREAMS: Mapping[str, Stream] = {stream.name: stream for stream in _OF_A_PUBLISHER}
"""The streams of every outside publisher."""


def topic(node: str, stream: str) -> str:
    """Name the topic of a node's stream."""
    return f"kentongan.{node}.{STREAMS[stream].name}.v1"


_PUBLISHER = re.compile(r"(?!citizen$)[a-z][a-z0-9-]{1,39}")


def publisher_name(name: str) -> str:
    """Give the name of an outside publisher back, as it stands in its topics; raises ValueError."""
    if _PUBLISHER.fullmatch(name) is None:
        raise ValueError(
            f"{name[:60]!r} is no name of a publisher: 2 to 40 small letters, digits and dashes, "
            "beginning with a letter, and not 'citizen'"
        )
    return name


def publisher_topic(publisher: str, stream: str) -> str:
    """Name the topic of a publisher's stream."""
    return f"kentongan.ext.{publisher}.{PUBLISHER_STREAMS[stream].name}.v1"


def miscounted(name: str, wanted: int, found: int) -> str:
    """Say that a topic has another number of partitions than it must, and what to do."""
    return (
        f"The topic {name} has {found} partitions and the register says {wanted}: a count never "
        "changes. While nothing is in it, delete it and run `python3 -m deploy topics`; else see "
        '"Is it well?" of the runbook first.'
    )


def told_by(service: str) -> tuple[Stream, ...]:
    """Give the streams a service tells."""
    return tuple(stream for stream in STREAMS.values() if stream.producer == service)


def heard_by(service: str) -> tuple[Stream, ...]:
    """Give the streams a service hears: what is told about complaints."""
    return tuple(
        stream for stream in STREAMS.values() if service in stream.readers and stream.facts
    )


def used_by(service: str) -> tuple[Stream, ...]:
    """Give every stream a service hears, reads or tells: without one of them it cannot begin."""
    return tuple(
        stream for stream in STREAMS.values() if service in (stream.producer, *stream.readers)
    )
