"""From a record to what it tells."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from shared.contracts.envelope import Unreadable, read_envelope
from shared.contracts.topics import heard_by, topic
from shared.runtime.asking import Ask
from shared.runtime.document import State
from shared.runtime.folding import Told
from shared.runtime.ports import Record
from shared.runtime.sorting import Reading

log = logging.getLogger(__name__)


def reading_of(node: str, service: str, others: Mapping[str, Reading[State]]) -> Reading[State]:
    """Read the streams a service hears as histories, and other topics as it says itself."""
    streams = {topic(node, stream.name): stream for stream in heard_by(service)}

    def read(record: Record) -> Told | Ask[State]:
        stream = streams.get(record.topic)
        if stream is None:
            return _by_itself(others[record.topic], record)
        return told(record, stream.name, stream.message)

    return read


def _by_itself(read: Reading[State], record: Record) -> Told | Ask[State]:
    """Read what a service reads itself; where that fails, one record must not stop the others."""
    try:
        return read(record)
    except Unreadable:
        raise
    except Exception as broken:
        log.exception("reading_failed")
        raise Unreadable(f"our reading of it failed: {type(broken).__name__}") from broken


def told(record: Record, stream: str, message: str) -> Told:
    """Read the envelope of a history. Raises Unreadable."""
    envelope = read_envelope(record.headers)
    if envelope.type != message:
        raise Unreadable(f"ce_type is {envelope.type[:60]!r}, not {message!r}")
    if record.key != envelope.subject.encode():
        raise Unreadable("the key is not ce_subject")
    return Told(stream, envelope.subject, envelope.sequence, record.value, envelope.trace)
