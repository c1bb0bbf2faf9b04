"""A partner's publisher: hands complaints in over the bus and waits for what became of each.

It needs nothing of Kentongan's code, only confluent-kafka and what stands in the contract:
CloudEvents 1.0 in Kafka's binary mode, submissions on one topic, receipts on another. It sends
three submissions, of which one is wrong and one repeats another, as happens after a lost
acknowledgement; the repeated one gets the same receipt again.

    python publish.py 127.0.0.1:9092 sigap

Where the bus asks who you are, add ``--password-file FILE``. Address, name and password are what
the people of the node give you.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    Message,
    Producer,
    TopicPartition,
)

Submission = dict[str, Any]
Settings = dict[str, Any]


def connection(
    address: str, publisher: str, password: Path | None, *, tls: bool = False
) -> Settings:
    """Say how the bus is reached, and who reaches it."""
    if password is None:
        return {"bootstrap.servers": address}
    return {
        "bootstrap.servers": address,
        "security.protocol": "SASL_SSL" if tls else "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": f"ext-{publisher}",
        "sasl.password": password.read_text("ascii").strip(),
    }


def submissions(run: str) -> list[tuple[str, Submission]]:
    """Give what is sent, each with its ``ce_id``: our own name for the record, never used twice."""
    lamp: Submission = {
        "reference": f"sigap-{run}-1",
        "title": "Lampu jalan padam",
        "text": "Lampu di depan pasar sudah seminggu padam, malam hari gelap sekali.",
        "area": "81.71.02",
        "category": "penerangan",
        "occurred_on": "2026-01-05",
    }
    wrong: Submission = {
        "reference": f"sigap-{run}-2",
        "title": "Sampah menumpuk",
        "text": "Sampah di tepi sungai tidak diangkut.",
        "area": "Ambon",  # no area code: this one is rejected, and the receipt says why
    }
    return [(f"{run}-1", lamp), (f"{run}-2", wrong), (f"{run}-1", lamp)]


def publish(bus: Settings, publisher: str, records: list[tuple[str, Submission]]) -> None:
    """Send every record; a record that is not acknowledged is an error, and can be sent again."""
    producer = Producer({**bus, "acks": "all"})
    failed: list[str] = []

    def noted(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failed.append(str(error))

    for record, submission in records:
        producer.produce(
            f"kentongan.ext.{publisher}.submissions.v1",
            key=submission["reference"],
            value=json.dumps(submission).encode(),
            headers={
                "ce_specversion": "1.0",
                "ce_id": record,
                "ce_type": "complaint.submitted.v1",
                "ce_source": f"/publisher/{publisher}",
                "content-type": "application/json",
            },
            on_delivery=noted,
        )
        print(f"sent      {submission['reference']}  as record {record}")
    if producer.flush(30) or failed:
        sys.exit(f"Not everything was acknowledged: {failed[:1] or 'the bus does not answer'}")


def receipts(bus: Settings, publisher: str, seconds: float) -> Iterator[dict[str, Any]]:
    """Read the receipts from the beginning of the topic, until the time is over."""
    consumer = Consumer(
        {
            **bus,
            "group.id": f"ext.{publisher}.example",
            "enable.auto.commit": False,
        }
    )
    topic = f"kentongan.ext.{publisher}.receipts.v1"
    try:
        partitions = consumer.list_topics(topic, timeout=30).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            message = consumer.poll(0.5)
            if message is not None and message.error() is None:
                yield json.loads(message.value() or b"{}")
    finally:
        consumer.close()


def follow(found: Iterator[dict[str, Any]], wanted: set[str], say: Callable[[str], None]) -> bool:
    """Wait until there is a receipt for each record; say whether there was."""
    missing = set(wanted)
    for receipt in found:
        if receipt.get("record") not in wanted:
            continue
        missing.discard(receipt["record"])
        result = receipt.get("tracking_number") or "; ".join(receipt.get("errors", ()))
        say(f"{receipt['outcome']:9} {receipt['reference']}  {result}  (receipt {receipt['id']})")
        if not missing:
            return True
    return False


def main() -> None:
    """Send, wait, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("address", help="bootstrap server, such as 127.0.0.1:9092")
    parser.add_argument("publisher", help="your name on the bus, such as sigap")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for receipts")
    parser.add_argument("--password-file", type=Path, help="where the bus asks who you are")
    parser.add_argument("--tls", action="store_true", help="the connection is encrypted")
    given = parser.parse_args()
    bus = connection(given.address, given.publisher, given.password_file, tls=given.tls)
    records = submissions(uuid.uuid4().hex[:8])
    publish(bus, given.publisher, records)
    found = receipts(bus, given.publisher, given.patience)
    if not follow(found, {record for record, _ in records}, print):
        sys.exit("No receipt for every record in time: is intake running, and does it know you?")


if __name__ == "__main__":
    main()
