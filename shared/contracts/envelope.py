"""The envelope of every message: CloudEvents 1.0, Kafka binary mode.

Attributes travel as ``ce_*`` headers and the body as it is. Source: CloudEvents 1.0.2, Kafka
protocol binding 1.0.2, section 3.2.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.contracts.fact import NAMESPACE, Pair

Headers = list[tuple[str, bytes]]


class Unreadable(ValueError):
    """A record without a readable envelope: passed, and kept by topic, partition and offset."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a reader needs before it reads the body."""

    type: str
    source: str
    subject: str
    sequence: Pair
    id: str
    time: str
    trace: str | None = None

    def headers(self) -> Headers:
        """Write the headers in binary mode."""
        pairs = [
            ("ce_specversion", b"1.0"),
            ("ce_id", self.id.encode()),
            ("ce_type", self.type.encode()),
            ("ce_source", self.source.encode()),
            ("ce_time", self.time.encode()),
            ("ce_subject", self.subject.encode()),
            ("ce_sequence", str(self.sequence).encode()),
            ("content-type", b"application/json"),
        ]
        if self.trace:
            pairs.append(("ce_traceparent", self.trace.encode()))
        return pairs


def message_id(source: str, subject: str, mark: str) -> str:
    """Derive ``ce_id``: told again, a message has the same."""
    return str(uuid.uuid5(NAMESPACE, f"{source}/{subject}/{mark}"))


def header_texts(headers: Iterable[tuple[str, bytes | None]]) -> Mapping[str, str]:
    """Decode headers; raise Unreadable where one that the envelope needs is no text."""
    texts: dict[str, str] = {}
    for name, value in headers:
        if not name.startswith("ce_") and name != "content-type":
            continue
        try:
            texts[name] = (value or b"").decode()
        except UnicodeDecodeError:
            raise Unreadable(f"header {name[:60]!r} is not UTF-8") from None
    return texts


def read_envelope(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """Read the headers of one of our own messages; raise Unreadable with the reason."""
    texts = header_texts(headers)
    try:
        if texts["ce_specversion"] != "1.0":
            raise Unreadable("ce_specversion is not 1.0")
        subject = texts["ce_subject"]
        if not 0 < len(subject) <= 200:
            raise Unreadable("ce_subject is empty or longer than 200 characters")
        return Envelope(
            type=texts["ce_type"],
            source=texts["ce_source"],
            subject=subject,
            sequence=Pair.read(texts["ce_sequence"]),
            id=texts["ce_id"],
            time=texts.get("ce_time", ""),
            trace=texts.get("ce_traceparent"),
        )
    except KeyError as missing:
        raise Unreadable(f"header {missing.args[0]} is missing") from None
    except ValueError as broken:
        raise Unreadable(f"ce_sequence: {broken}") from None
