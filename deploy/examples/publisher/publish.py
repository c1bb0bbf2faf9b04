"""A partner's publisher: hands complaints in over the bus and waits for what became of each.

It needs nothing of Kentongan's code, only confluent-kafka and what stands in the contract:
CloudEvents 1.0 in Kafka's binary mode, submissions on one topic, receipts on another. It sends
two submissions. One is wrong on purpose, and its receipt says ``rejected``. The other is sent once
more when both have their receipts, as after a lost acknowledgement, and gets the same one again.

    python publish.py 127.0.0.1:9092 sigap

``--attach URL FILE`` names a file beside the first of them: it lies at URL, and FILE is the same
here, of which digest and size are taken. The node fetches it, and its progress tells the rest.
``--reply URL FILE`` has the reporter of that one reply, with a file in the same way.

Where the bus asks who you are, add ``--password-file FILE``. Address, name and password are what
the people of the node give you.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import mimetypes
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
    KafkaException,
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


def partitions(consumer: Consumer, topic: str) -> list[int]:
    """Give the partitions of a topic; end where it is not there, without making it."""
    try:
        found = consumer.list_topics(topic, timeout=20).topics[topic]
    except KafkaException as failed:
        consumer.poll(0)  # has the client say to ``error_cb`` what it met
        sys.exit(f"The bus does not answer: {failed}")
    if found.error is not None or not found.partitions:
        why = found.error or "it has no partitions"
        sys.exit(f"{topic} cannot be used: {why}. Is this the name that the node gave you?")
    return list(found.partitions)


def attachment(url: str, path: Path) -> dict[str, Any]:
    """Name a file as a submission does: where it lies, and what is to be there."""
    content = path.read_bytes()
    return {
        "url": url,
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        "size": len(content),
    }


def submissions(publisher: str, run: str) -> list[tuple[str, Submission]]:
    """Give what is sent, each with its ``ce_id``: our own name for the record, never used twice."""
    lamp: Submission = {
        "reference": f"{publisher}-{run}-1",
        "title": "Lampu jalan padam",
        "text": "Lampu di depan pasar sudah seminggu padam, malam hari gelap sekali.",
        "area": "81.71.02",
        "category": "penerangan-jalan",
        "occurred_on": "2026-01-05",
    }
    wrong: Submission = {
        "reference": f"{publisher}-{run}-wrong",
        "title": "Sampah menumpuk",
        "text": "Sampah di tepi sungai tidak diangkut.",
        "area": "Ambon",  # no area code: this one is rejected, and the receipt says why
        "category": "sampah",
    }
    return [(f"{run}-1", lamp), (f"{run}-wrong", wrong)]


def answer(submission: tuple[str, Submission], file: dict[str, Any]) -> tuple[str, Submission]:
    """Give what the reporter of a submission says later, with its ``ce_id``, and a file beside it.

    It names the complaint by the record that submitted it, and goes under the same key.
    """
    record, said = submission
    reply: Submission = {
        "submission": record,
        "reference": said["reference"],
        "text": "Masih padam, ini fotonya.",
        "attachments": [file],
    }
    return f"{record}-reply", reply


def look(bus: Settings, publisher: str, topic: str) -> None:
    """End where a topic is not there: a bus may make one of a misspelt name for who writes."""
    said = set[str]()

    def met(error: KafkaError) -> None:
        if error.str() not in said:
            print(error.str()[:300], file=sys.stderr)
        said.add(error.str())

    quiet = {"log_level": 0, "error_cb": met}  # else the client writes a line for every attempt
    looking = Consumer({**bus, **quiet, "group.id": f"ext.{publisher}.example"})
    partitions(looking, topic)
    looking.close()


def publish(bus: Settings, publisher: str, records: list[tuple[str, Submission]]) -> None:
    """Send every record; a record that is not acknowledged is an error, and can be sent again."""
    topic = f"kentongan.ext.{publisher}.submissions.v1"
    look(bus, publisher, topic)
    producer = Producer({**bus, "acks": "all"})
    failed: list[str] = []

    def noted(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failed.append(str(error))

    for record, submission in records:
        said = "submission.replied" if "submission" in submission else "complaint.submitted"
        producer.produce(
            topic,
            key=submission["reference"],
            value=json.dumps(submission).encode(),
            headers={
                "ce_specversion": "1.0",
                "ce_id": record,
                "ce_type": f"{said}.v1",
                "ce_source": f"/publisher/{publisher}",
                "content-type": "application/json",
            },
            on_delivery=noted,
        )
        print(f"sent      {submission['reference']}  as record {record}")
    if producer.flush(30) or failed:
        sys.exit(f"Not everything was acknowledged: {failed[:1] or 'the bus does not answer'}")


def told(bus: Settings, publisher: str, stream: str, seconds: float) -> Iterator[dict[str, Any]]:
    """Read receipts or progress from the beginning of their topic, until the time is over."""
    consumer = Consumer(
        {
            **bus,
            "group.id": f"ext.{publisher}.example",
            "enable.auto.commit": False,
        }
    )
    topic = f"kentongan.ext.{publisher}.{stream}.v1"
    try:
        consumer.assign(
            [TopicPartition(topic, each, OFFSET_BEGINNING) for each in partitions(consumer, topic)]
        )
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


def fetched(
    found: Iterator[dict[str, Any]], reference: str, say: Callable[[str], None], count: int = 1
) -> bool:
    """Wait until it is known what became of so many files of a complaint; say whether it was."""
    for progress in found:
        files = (progress["reference"] == reference and progress.get("attachments")) or ()
        if len(files) == count and all(each["outcome"] != "awaited" for each in files):
            for each in files:
                name = f"{each['named']} of {each.get('record') or 'the submission'}"
                say(f"{each['outcome']:9} file {name}  {each['words'] or ''}".rstrip())
            return True
    return False


def main() -> None:
    """Send, wait, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("address", help="bootstrap server, such as 127.0.0.1:9092")
    parser.add_argument("publisher", help="your name on the bus, such as sigap")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for receipts")
    parser.add_argument("--password-file", type=Path, help="where the bus asks who you are")
    parser.add_argument("--attach", nargs=2, metavar=("URL", "FILE"), help="a file to be fetched")
    parser.add_argument("--reply", nargs=2, metavar=("URL", "FILE"), help="reply, with a file")
    parser.add_argument("--tls", action="store_true", help="the connection is encrypted")
    given = parser.parse_args()
    bus = connection(given.address, given.publisher, given.password_file, tls=given.tls)
    records = submissions(given.publisher, uuid.uuid4().hex[:8])
    if given.attach:
        records[0][1]["attachments"] = [attachment(given.attach[0], Path(given.attach[1]))]
    if given.reply:
        records.append(answer(records[0], attachment(given.reply[0], Path(given.reply[1]))))
    found = told(bus, given.publisher, "receipts", given.patience)
    for sent, expected in (
        (records, "the one named wrong is to be rejected"),
        (records[:1], "sent again, it is to get the same receipt"),
    ):
        publish(bus, given.publisher, sent)
        print(f"waiting   up to {given.patience:g} s in all; {expected}")
        if not follow(found, {record for record, _ in sent}, print):
            sys.exit("No receipt for each record in time: is intake running, does it know you?")
    if count := bool(given.attach) + bool(given.reply):
        found = told(bus, given.publisher, "progress", given.patience)
        if not fetched(found, records[0][1]["reference"], print, count):
            sys.exit("A file is still awaited: was its host agreed on, and does it answer?")


if __name__ == "__main__":
    main()
