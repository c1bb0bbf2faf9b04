"""Decoding what the client does not: record by record, naming those that cannot be decoded.

A header name that is not UTF-8 is enough for the client to give up the whole batch. Source of the
format: Apache Kafka, "Message Format", record batch version 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack_from

from aiokafka import TopicPartition
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy as Batch
from aiokafka.record.util import decode_varint

from shared.runtime.ports import Record

_BEFORE_LENGTH, _BEFORE_BATCH = 8, 12
"""Bytes of the offset, and of offset and length together."""
VERSION = 2
"""Of the format; the bus writes no other any more."""


def salvaged(
    part: TopicPartition, data: bytes, position: int, most: int
) -> tuple[list[Record], int]:
    """Decode from a position on; give at most so many records, and the position behind them.

    Batches that are not there in full are left. Raises struct.error on what is no batch.
    """
    found: list[Record] = []
    onward = position
    while len(data) > _BEFORE_BATCH:
        end = _BEFORE_BATCH + unpack_from(">i", data, _BEFORE_LENGTH)[0]
        if end > len(data):
            break
        batch, data = Batch(data[:end]), data[end:]
        if batch.magic != VERSION or not batch.validate_crc():
            if len(found) == most:
                return found, onward
            # What it says of its own end is worth nothing: one offset at a time.
            why = "it cannot be decoded: the checksum of its batch is wrong"
            return [*found, _fault(part, onward, why)], onward + 1
        for record in () if batch.is_control_batch else _records(part, batch, onward):
            if len(found) == most:
                return found, onward
            if record.offset >= onward:
                found.append(record)
                onward = record.offset + 1
        onward = max(onward, batch.next_offset)
    return found, onward


def _records(part: TopicPartition, batch: Batch, onward: int) -> Iterator[Record]:
    """Decode a batch; where not even the ends of its records can be told, give its last offset."""
    try:
        for _ in range(iter(batch)._num_records):  # noqa: SLF001
            record = _record(part, batch)
            onward = max(onward, record.offset + 1)
            yield record
    except Exception as failed:  # noqa: BLE001 - hostile bytes fail in any way
        last = batch.next_offset - 1
        yield _fault(part, last, f"offsets {onward} to {last} cannot be decoded: {failed}")


def _record(part: TopicPartition, batch: Batch) -> Record:
    size, begin = decode_varint(batch._buffer, batch._pos)  # noqa: SLF001
    end = begin + size
    if not begin < end <= len(batch._buffer):  # noqa: SLF001
        raise CorruptRecordException("a record ends outside its batch")
    _, place = decode_varint(batch._buffer, begin + 1)  # noqa: SLF001  # a byte of attributes
    delta, _ = decode_varint(batch._buffer, place)  # noqa: SLF001
    try:
        r = batch._read_msg()  # noqa: SLF001
    except Exception as failed:  # noqa: BLE001 - hostile bytes fail in any way
        return _fault(part, batch.base_offset + delta, f"it cannot be decoded: {failed}")
    finally:
        batch._pos = end  # noqa: SLF001
    return Record(part.topic, part.partition, r.offset, r.key, r.headers, r.value, r.timestamp)


def _fault(part: TopicPartition, offset: int, fault: str) -> Record:
    return Record(part.topic, part.partition, offset, None, (), None, fault=fault)
