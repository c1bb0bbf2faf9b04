"""What the compacted topics carry: each is read once, to its end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiokafka.errors import KafkaError

from deploy.audit import windows
from deploy.audit.comparing import Documents, last_told
from deploy.audit.finding import Finding, Kind
from deploy.audit.notebook import Notebook
from shared.contracts.envelope import Unreadable, read_envelope
from shared.contracts.fact import NOTHING, Pair
from shared.contracts.topics import PUBLISHER_STREAMS, STREAMS, publisher_topic, topic
from shared.runtime.bus import TopicMissing, whole
from shared.runtime.ports import Away, Record
from shared.runtime.timing import micros

COMPACTED = tuple(
    name
    for name, stream in STREAMS.items()
    if stream.facts  # what is told of complaints
)
PATIENCE = timedelta(seconds=30)
"""What changed later than this before the reading may not be on the bus yet."""
RECEIPTS_KEPT = timedelta(days=29)
Newest = Mapping[str, Mapping[str, str]]
"""By stream and complaint, the newest pair on the bus."""


async def read_topics(
    address: str,
    node: str,
    publishers: Sequence[str],
    notebook: Notebook,
    note: Callable[[Finding], None],
) -> None:
    """Note the last pair of each complaint and each window, and what no reader can decode.

    Raises Away.
    """
    streams = {topic(node, name): (name, STREAMS[name]) for name in (*COMPACTED, windows.STREAM)}
    receipts = PUBLISHER_STREAMS["receipts"]
    streams |= {
        publisher_topic(one, "receipts"): (f"receipts/{one}", receipts) for one in publishers
    }
    partitions = {name: stream.partitions for name, (_, stream) in streams.items()}
    try:
        async for page in whole(address, partitions):
            name, stream = streams[page[0].topic]
            if name == windows.STREAM:
                windows.note(notebook, node, page)
            else:
                notebook.note_newest(name, _pairs(page, stream.message))
            for record in page:
                if record.fault:
                    place = f"{record.topic}, partition {record.partition}, offset {record.offset}"
                    sentence = f"{place}: {record.fault}"
                    note(Finding(Kind.UNDECODABLE, "", stream.producer, sentence))
    except TopicMissing as missing:
        raise Away(f"the topic {missing.args[0]} is missing") from missing
    except KafkaError as failed:
        raise Away(f"the bus does not answer: {type(failed).__name__}") from failed


def _pairs(records: Sequence[Record], message: str) -> Iterator[tuple[str, str]]:
    for record in records:
        with contextlib.suppress(Unreadable):
            envelope = read_envelope(record.headers)
            if envelope.type == message:
                yield envelope.subject, str(envelope.sequence)


def too_young(read_at: datetime, *, settled: bool) -> int:
    """Say after when a change may not have been on the bus as it was read, in microseconds."""
    return micros(read_at if settled else read_at - PATIENCE)


def differences(
    complaint: str, documents: Documents, newest: Newest, read_at: datetime, *, settled: bool
) -> Iterator[Finding]:
    """Compare what the bus carries of a complaint with what its tellers have. Pure.

    What changed about when the bus was read is left for the next audit, unless all is settled.
    """
    young = too_young(read_at, settled=settled)
    for stream in COMPACTED:
        if stream not in newest:
            continue
        teller = STREAMS[stream].producer
        stored = last_told(stream, documents)
        text = newest[stream].get(complaint)
        carried = Pair.read(text) if text else NOTHING
        if stream == "contacts" and text is None and _buried(documents.get(teller)):
            continue  # compaction takes a tombstone too, in the end
        if carried == stored or _changed(documents.get(teller)) > young:
            continue
        sentence = f"{stream} carries {carried} and {teller} has {stored}"
        yield Finding(Kind.BUS, complaint, teller, sentence, teller=teller)
    intake = documents.get("intake")
    publisher = getattr(intake.state, "publisher", None) if intake else None
    receipts = f"receipts/{publisher}"
    if intake is None or receipts not in newest or _changed(intake) > young:
        return
    old = intake.changed_at < micros(read_at - RECEIPTS_KEPT)
    if complaint not in newest[receipts] and not old:
        sentence = f"{publisher} has no receipt for {intake.state.reference}"
        yield Finding(Kind.RECEIPT, complaint, "intake", sentence, teller="intake")


def _buried(document: Any) -> bool:  # noqa: ANN401 - intake's, or none
    return document is not None and document.state.sealed is None


def _changed(document: Any) -> int:  # noqa: ANN401 - of any service
    return int(document.changed_at) if document is not None else 0
