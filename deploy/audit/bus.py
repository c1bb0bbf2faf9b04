"""What the compacted topics carry: each is read once, to its end."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.audit.comparing import Documents, last_told
from deploy.audit.finding import Finding, Kind
from deploy.audit.notebook import Notebook
from shared.contracts.envelope import Unreadable, read_envelope
from shared.contracts.fact import NOTHING, Pair
from shared.contracts.topics import PUBLISHER_STREAMS, STREAMS, publisher_topic, topic
from shared.runtime.ports import Away
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
    address: str, node: str, publishers: Sequence[str], notebook: Notebook
) -> dict[str, int]:
    """Note the newest pair of each complaint on each stream. Raises Away."""
    names = {topic(node, stream): stream for stream in COMPACTED}
    names |= {publisher_topic(one, "receipts"): f"receipts/{one}" for one in publishers}
    kept = PUBLISHER_STREAMS["receipts"].message
    messages = {
        name: STREAMS[stream].message if stream in STREAMS else kept
        for name, stream in names.items()
    }
    receipts = PUBLISHER_STREAMS["receipts"].partitions
    partitions = {
        name: STREAMS[stream].partitions if stream in STREAMS else receipts
        for name, stream in names.items()
    }
    counts = dict.fromkeys(names.values(), 0)
    async for name, records in _records(address, partitions):
        counts[names[name]] += len(records)
        notebook.note_newest(names[name], _pairs(records, messages[name]))
    return counts


async def _records(address: str, names: Mapping[str, int]) -> AsyncIterator[tuple[str, list[Any]]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest")
    try:
        await consumer.start()
        there = await consumer.topics()
        if missing := [name for name in names if name not in there]:
            raise Away(f"the topic {missing[0]} is missing")
        parts = [
            TopicPartition(name, number) for name, count in names.items() for number in range(count)
        ]
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        await consumer.seek_to_beginning(*parts)
        while any([await consumer.position(part) < ends[part] for part in parts]):
            found = await consumer.getmany(timeout_ms=500, max_records=1000)
            for part, records in found.items():
                yield part.topic, records
    except KafkaError as failed:
        raise Away(f"the bus does not answer: {type(failed).__name__}") from failed
    finally:
        await consumer.stop()


def _pairs(records: Sequence[Any], message: str) -> Iterator[tuple[str, str]]:
    for record in records:
        with contextlib.suppress(Unreadable):
            envelope = read_envelope(record.headers)
            if envelope.type == message:
                yield envelope.subject, str(envelope.sequence)


def differences(
    complaint: str, documents: Documents, newest: Newest, read_at: datetime, *, settled: bool
) -> Iterator[Finding]:
    """Compare what the bus carries of a complaint with what its tellers have. Pure.

    What changed about when the bus was read is left for the next audit, unless all is settled.
    """
    patience = timedelta(0) if settled else PATIENCE
    young = micros(read_at - patience)
    for stream in COMPACTED:
        if stream not in newest:
            continue
        teller = STREAMS[stream].producer
        stored = last_told(stream, documents)
        text = newest[stream].get(complaint)
        carried = Pair.read(text) if text else NOTHING
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


def _changed(document: Any) -> int:  # noqa: ANN401 - of any service
    return int(document.changed_at) if document is not None else 0
