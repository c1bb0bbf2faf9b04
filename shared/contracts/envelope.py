"""The envelope of every message: CloudEvents 1.0, Kafka binary mode.

Attributes travel as ``ce_*`` headers and the body as it is. Source: CloudEvents 1.0.2, Kafka
protocol binding 1.0.2, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from shared.contracts.fact import Pair, name_uuid

Headers = list[tuple[str, bytes]]
LONGEST_SUBJECT = 200


class Unreadable(ValueError):
    """A record without a readable envelope: passed, and kept by topic, partition and offset."""


class Envelope(Struct, frozen=True):
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
    return name_uuid(f"{source}/{subject}/{mark}")


def read_envelope(headers: Iterable[tuple[str, bytes | None]]) -> Envelope:
    """Read the headers of one of our own messages; raise Unreadable with the reason."""
    raw = dict(headers)
    try:
        if raw["ce_specversion"] != b"1.0":
            raise Unreadable("ce_specversion is not 1.0")
        subject = _text(raw, "ce_subject")
        if not 0 < len(subject) <= LONGEST_SUBJECT:
            raise Unreadable(f"ce_subject is empty or longer than {LONGEST_SUBJECT} characters")
        return Envelope(
            type=_text(raw, "ce_type"),
            source=_text(raw, "ce_source"),
            subject=subject,
            sequence=Pair.read(_text(raw, "ce_sequence")),
            id=_text(raw, "ce_id"),
            time=_text(raw, "ce_time"),
            trace=_text(raw, "ce_traceparent") if "ce_traceparent" in raw else None,
        )
    except KeyError as missing:
        raise Unreadable(f"header {missing.args[0]} is missing") from None
    except UnicodeDecodeError:
        raise Unreadable("a header is not UTF-8") from None
    except ValueError as broken:
        raise Unreadable(str(broken)) from None


def _text(raw: dict[str, bytes | None], name: str) -> str:
    value = raw[name]
    if value is None:
        raise Unreadable(f"header {name} is empty")
    return value.decode()
