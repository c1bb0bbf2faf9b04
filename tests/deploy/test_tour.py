"""The tour of one complaint, as it is printed."""

from __future__ import annotations

from typing import Any, cast

import orjson
import pytest
from aiokafka import AIOKafkaConsumer

from deploy import tour
from deploy.found import Found
from shared.contracts.fact import fact_id, instant
from tests.desk import NOON

C = "c-1"


def row(kind: str, sequence: int, cause: str) -> dict[str, Any]:
    """Give a fact as it is told; all happened at one moment."""
    return {
        "id": fact_id(C, kind, ""),
        "pair": [0, sequence],
        "type": kind,
        "at": instant(NOON),
        "cause": cause,
        "by": None,
        "data": {},
    }


RECEIVED = row("complaint.received.v1", 1, "k")
VERIFIED = row("complaint.verified.v1", 1, RECEIVED["id"])
ROUTED = row("complaint.routed.v1", 2, RECEIVED["id"])
OPENED = row("case.opened.v1", 1, ROUTED["id"])
RESOLVED = row("case.resolved.v1", 2, "officer")


class Arriving:
    """A consumer to which records come in this order, one at a time."""

    def __init__(self, *records: tuple[str, list[dict[str, Any]]]) -> None:
        self.left = list(records)

    async def getmany(self, **_: Any) -> dict[Any, Any]:
        if not self.left:
            return {}
        stream, facts = self.left.pop(0)
        body = orjson.dumps({"complaint": C, "facts": facts})
        return {stream: [_Record(f"kentongan.8171.{stream}.v1", body)]}


class _Record:
    partition = offset = timestamp = 0
    key, headers = C.encode(), ()

    def __init__(self, topic: str, value: bytes) -> None:
        self.topic, self.value = topic, value


async def test_what_comes_together_is_shown_in_the_order_of_its_causes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The case is heard of before the routing that opened it, and shown after it, each once."""
    monkeypatch.setattr(tour, "LAST_WAIT", 0.0)
    lines: list[str] = []
    shown = tour.Tour(Found("8171"), lines.append, complaint=C)
    consumer = Arriving(
        ("cases", [OPENED, RESOLVED]),
        ("dispositions", [VERIFIED, ROUTED]),
        ("complaints", [RECEIVED]),
        ("dispositions", [VERIFIED, ROUTED]),
    )
    await shown._follow(cast(AIOKafkaConsumer, consumer))
    told = [RECEIVED, VERIFIED, ROUTED, OPENED, RESOLVED]
    assert [line.split()[4] for line in lines] == [each["type"] for each in told]
