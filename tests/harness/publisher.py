"""A publisher as an outside system would write it: on confluent-kafka, knowing only the topics."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

Told = Mapping[str, Any]
Sent = dict[str, tuple[bytes, str, Mapping[str, str]]]
"""Value, key and headers of each record that was sent, by ``ce_id``."""


class Publisher:
    """Sends submissions, and reads receipts and progress."""

    def __init__(
        self,
        name: str,
        address: str,
        compression: str = "none",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Connect to a bus under a name; ``settings`` say how it signs in, where it must."""
        self.name, self._compression = name, compression
        self.settings = {"bootstrap.servers": address, **(settings or {})}
        self._producer = self._connect()
        self.sent: Sent = {}
        self._lock = threading.Lock()

    def _connect(self) -> Producer:
        return Producer(
            {
                **self.settings,
                "acks": "all",
                "compression.type": self._compression,
                "message.timeout.ms": 60_000,
                "socket.timeout.ms": 5_000,
                "reconnect.backoff.max.ms": 500,
                "log_level": 0,
            }
        )

    def topic(self, stream: str) -> str:
        """Name one of its topics."""
        return f"kentongan.ext.{self.name}.{stream}.v1"

    def submit(
        self, reference: str, *, event: str | None = None, attempts: int = 20, **said: Any
    ) -> str:
        """Send one record until the bus has acknowledged it; give its ``ce_id``."""
        event = event or str(uuid.uuid4())
        body = {
            "reference": reference,
            "title": "Sampah menumpuk",
            "text": "Sampah di pasar tidak diangkut sejak Senin.",
            "category": "sampah",
            "area": "81.71.02",
            **said,
        }
        for _ in range(attempts):
            if self.send(
                json.dumps(body).encode(), key=reference, headers=binary(event, self.name)
            ):
                return event
        raise AssertionError(f"the bus does not take {reference}")

    def say(
        self,
        kind: str,
        submission: str,
        reference: str,
        *,
        event: str | None = None,
        attempts: int = 1,
    ) -> str:
        """Send a record about the complaint that another submitted; give its ``ce_id``."""
        event = event or str(uuid.uuid4())
        body = {"submission": submission, "reference": reference, "text": "Sudah beres."}
        headers = {**binary(event, self.name), "ce_type": f"submission.{kind}.v1"}
        sent = json.dumps(body).encode()
        taken = (self.send(sent, key=reference, headers=headers) for _ in range(attempts))
        assert any(taken), f"the bus does not take what is said of {reference}"
        return event

    def send(self, value: bytes, *, key: str, headers: Mapping[str, str]) -> bool:
        """Send one record as it is; say whether it was acknowledged."""
        self.sent[headers["ce_id"]] = value, key, headers
        done: list[bool] = []
        with self._lock:
            producer = self._producer
        try:
            producer.produce(
                self.topic("submissions"),
                value,
                key=key,
                headers=list(headers.items()),
                on_delivery=lambda error, _message: done.append(error is None),
            )
        except (BufferError, KafkaException):
            producer.flush(1)
            return False
        deadline = time.monotonic() + 70
        while not done and time.monotonic() < deadline:
            producer.poll(0.05)
        return done == [True]

    def again(self, reference: str, event: str) -> None:
        """Send a record once more: the very one that was sent, or a submission where none was."""
        if event not in self.sent:
            self.submit(reference, event=event)
            return
        value, key, headers = self.sent[event]
        self.send(value, key=key, headers=headers)

    def told(self, stream: str) -> list[tuple[str, Told]]:
        """Read a whole stream of ours from its start: ``ce_id`` and body of each record."""
        return [(event, json.loads(value)) for event, value in self.raw(stream)]

    def raw(self, stream: str) -> list[tuple[str, bytes]]:
        """Read a whole stream as it is, whoever may have written there."""
        with reading(self.settings, self.name, self.topic(stream)) as consumer:
            return list(_all(consumer))


def binary(event: str, name: str) -> dict[str, str]:
    """Give the headers of a CloudEvent in binary mode."""
    return {
        "ce_specversion": "1.0",
        "ce_id": event,
        "ce_type": "complaint.submitted.v1",
        "ce_source": f"/publisher/{name}",
        "content-type": "application/json",
    }


@contextmanager
def reading(settings: Mapping[str, Any], name: str, topic: str) -> Iterator[Consumer]:
    """Read a topic outside any lasting group."""
    consumer = Consumer(
        {
            **settings,
            "group.id": f"ext.{name}.look-{uuid.uuid4()}",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 20,
            "log_level": 0,
        }
    )
    try:
        _assign(consumer, topic)
        yield consumer
    finally:
        consumer.close()


def _assign(consumer: Consumer, topic: str) -> None:
    from confluent_kafka import OFFSET_BEGINNING, TopicPartition

    known = consumer.list_topics(topic, timeout=20).topics[topic]
    consumer.assign(
        [TopicPartition(topic, number, OFFSET_BEGINNING) for number in known.partitions]
    )


def _all(consumer: Consumer) -> Iterator[tuple[str, bytes]]:
    """Read until every partition is at its end, as the broker says while it is read.

    Asked beforehand, the embedded one counts the last batch as one record.
    """
    left = {part.partition for part in consumer.assignment()}
    while left:
        message = consumer.poll(10)
        if message is None:
            raise AssertionError("the topic cannot be read to its end")
        if (failed := message.error()) is None:
            named: dict[str, bytes] = dict(message.headers() or ())  # type: ignore[arg-type]
            yield (named.get("ce_id") or b"").decode(errors="replace"), message.value() or b"{}"
        elif failed.code() == KafkaError._PARTITION_EOF:
            left.discard(message.partition() or 0)
        else:
            raise KafkaException(failed)
