"""Hostile records on every topic, and what services keep in memory of those that tell a state."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest

from deploy import topics
from shared.contracts.envelope import Unreadable, read_envelope
from shared.contracts.topics import PUBLISHER_STREAMS, SERVICES, STREAMS, topic
from shared.runtime.agencies import Agencies
from shared.runtime.beats import Beats
from shared.runtime.ports import Record
from tests.desk import NOON, Clock
from tests.hostile.topics import made, snapshot
from tests.notebook import Notebook

MANY = int(os.environ.get("KENTONGAN_HOSTILE", "1000"))
NODE = "8171"
WANTED = topics.wanted([NODE], ["dinsos"])


def test_no_topic_of_the_register_is_left_out() -> None:
    """Each has hostile records of its own kind, by the register of topics alone."""
    assert len(WANTED) == len(STREAMS) + len(PUBLISHER_STREAMS)


@pytest.mark.parametrize("where", WANTED)
def test_broken_records_lie_beside_right_ones(where: str) -> None:
    """On every topic, some cannot be read, some can and say nonsense, and some are right."""
    stream, chance = WANTED[where], Random(where)
    records = [made(stream, where, nth, chance) for nth in range(MANY)]
    assert {record.topic for record in records} == {where}
    unreadable = [record for record in records if not _is_json(record.value)]
    faceless = [record for record in records if not _has_envelope(record)]
    assert 0 < len(unreadable) < MANY / 2
    assert 0 < len(faceless) < MANY / 2


def _is_json(value: bytes | None) -> bool:
    try:
        orjson.loads(value or b"")
    except ValueError:
        return False
    return True


def _has_envelope(record: Record) -> bool:
    try:
        read_envelope(record.headers)
    except Unreadable:
        return record.topic.endswith("submissions.v1") and _is_json(record.value)
    return True


def test_whatever_is_told_of_agencies_the_register_can_be_read() -> None:
    """What is no agency is passed, and each that is there has a name, duties and a day."""
    chance, where = Random(1), topic(NODE, "register")
    agencies = Agencies(lambda: date(2026, 11, 23))
    for nth in range(MANY):
        agencies.take([snapshot(STREAMS["register"], where, nth, chance)])
        for code in agencies:
            assert agencies.called(code) == agencies[code].name
        agencies.answered_for()
    assert len(agencies) >= 20


class Hearing:
    """Where a group stands; a partition that a topic has not, no bus can be asked about."""

    async def committed(self, where: str, partitions: Sequence[int]) -> dict[int, int]:
        there = range(WANTED[where].partitions)
        assert set(partitions) <= set(there), partitions
        return dict.fromkeys(there, 2**40)


@pytest.mark.parametrize("service", SERVICES)
async def test_whatever_beats_say_a_service_goes_on_noting_views(service: str) -> None:
    """It believes beats that speak of the partitions there are, of a time that there can be."""
    notes, chance, where = Notebook(), Random(service), topic(NODE, "beats")
    store = SimpleNamespace(notes=SimpleNamespace(add=notes.write, read=notes.read))
    ports = {"hearing": Hearing(), "store": store, "time": Clock()}
    process = SimpleNamespace(name=service, node=NODE, incarnation="kentongan-1", **ports)
    beats = Beats(cast("Any", process))
    noted = 0
    for nth in range(MANY):
        assert beats.take(snapshot(STREAMS["beats"], where, nth, chance))
        notes.kept.clear()
        await beats.note_views()
        noted += bool(notes.kept)
        assert all(at <= NOON for at in (await beats.views()).values())
    assert noted
