"""Decoding what the client does not; whole batches come from a broker in the journeys."""

from __future__ import annotations

from struct import pack_into

from aiokafka import TopicPartition
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy as Builder

from shared.runtime.bus.salvage import salvaged

PART = TopicPartition("submissions", 1)
NOT_UTF8 = type("NotUtf8", (str,), {"encode": lambda *_: b"\xff"})("x")


def batch(base: int, *headers: str) -> bytearray:
    """Write a batch of one record per header name."""
    builder = Builder(2, 0, 0, -1, -1, -1, 1 << 20)
    for number, name in enumerate(headers):
        assert builder.append(number, 5, b"key", b"value", [(name, b"1")])
    data = bytearray(builder.build())
    pack_into(">q", data, 0, base)
    return data


def read(data: bytes, position: int, most: int = 100) -> tuple[list[tuple[int, bool]], int]:
    """Give the offsets, whether each could be decoded, and where to go on."""
    found, onward = salvaged(PART, data, position, most)
    return [(record.offset, record.fault is None) for record in found], onward


def test_only_the_record_that_cannot_be_decoded_is_named() -> None:
    """Those around it in the same batch are given whole."""
    data = bytes(batch(7, "a", NOT_UTF8, "b") + batch(10, "c"))
    assert read(data, 7) == ([(7, True), (8, False), (9, True), (10, True)], 11)
    found, _ = salvaged(PART, data, 9, 1)
    assert (found[0].offset, found[0].key, found[0].value) == (9, b"key", b"value")
    assert (found[0].headers, found[0].timestamp) == ([("b", b"1")], 5)


def test_no_more_is_given_than_asked_for() -> None:
    """The rest is left for the next time, and a batch that is not all there too."""
    data = bytes(batch(0, "a", NOT_UTF8) + batch(2, "b", "c"))
    assert read(data, 0, most=3) == ([(0, True), (1, False), (2, True)], 3)
    assert read(data[:-1], 0) == ([(0, True), (1, False)], 2)


def test_an_offset_that_is_no_more_is_stepped_over() -> None:
    """A compacted log has gaps between batches and within."""
    assert read(bytes(batch(50, NOT_UTF8, "a")), 3) == ([(50, False), (51, True)], 52)


def test_a_batch_with_a_wrong_checksum_is_left_offset_by_offset() -> None:
    """Where it ends cannot be believed, and nothing behind it may be passed over."""
    broken = batch(2, "a", "b")
    broken[25] ^= 0x40  # how many offsets it claims
    data = bytes(batch(0, "a", "b") + broken + batch(4, "c"))
    assert read(data, 0) == ([(0, True), (1, True), (2, False)], 3)
    assert read(data, 0, most=2) == ([(0, True), (1, True)], 2)


def test_a_record_that_ends_outside_its_batch_takes_the_rest_with_it() -> None:
    """The rest is named once, by its last offset, and the next batch is read."""
    builder = Builder(2, 0, 0, -1, -1, -1, 1 << 20)
    for number in range(3):
        assert builder.append(number, 5, b"key", b"value", [])
    size = len(builder._buffer) - Builder.HEADER_STRUCT.size
    builder._buffer[Builder.HEADER_STRUCT.size + size // 3] = 0x7E
    data = bytes(builder.build() + batch(3, "a"))
    found, onward = salvaged(PART, data, 0, 100)
    assert [(record.offset, record.fault is None) for record in found] == [
        (0, True),
        (2, False),
        (3, True),
    ]
    assert "offsets 1 to 2 cannot be decoded" in str(found[1].fault)
    assert onward == 4
