"""Checks a partner's own records against the contract, before the bus sees them.

It needs nothing of Kentongan's code: only jsonschema, for topics confluent-kafka, and what stands
beside it, ``contract.py`` and the folder ``schemas``. Records are CloudEvents in structured mode:
one JSON object or a list of them, or one object a line. Each wrong one is printed with what is
wrong; the status is 1 then, and where a file or topic has no record. It is 2 where something cannot
be read at all.

    python conform.py examples/*.json my-records.jsonl
    python conform.py --topic 127.0.0.1:9092 my-test-topic
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from contract import LONGEST_RECORD, Contract, parsed

SCHEMAS = Path(__file__).parent / "schemas"
STRUCTURED = "application/cloudevents+json"
JSON = re.compile(r"(?:application/(?!cloudevents)(?:[\w.+-]+\+)?json)?", re.ASCII)
Headers = Iterable[tuple[str, str | bytes | None]]


class NotRead(Exception):
    """A topic cannot be read, or not to its end."""


def from_file(path: Path) -> Iterator[tuple[str, Any]]:
    """Give each record of a file with its place; a ValueError where one cannot be read."""
    content = path.read_bytes()
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError):
        for number, line in enumerate(content.splitlines(), 1):
            if line.strip():
                yield f"{path}:{number}", _tried(line)
        return
    for number, event in enumerate(whole if isinstance(whole, list) else [whole], 1):
        try:
            body = json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")
        except RecursionError:
            body = b"[" * LONGEST_RECORD  # as deep
        yield f"{path}:{number}", _tried(body)


def _tried(content: bytes) -> Any:  # noqa: ANN401
    try:
        return parsed(content)
    except ValueError as broken:
        return broken


def from_topic(address: str, topic: str) -> Iterator[tuple[str, Any]]:
    """Give each record that a topic has now, in binary or in structured mode; raises NotRead."""
    from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition

    settings = {"bootstrap.servers": address, "group.id": "conform", "log_level": 0}
    # Some brokers count a batch as one record where they are asked for the end beforehand.
    consumer = Consumer({**settings, "enable.auto.commit": False, "enable.partition.eof": True})
    try:
        found = consumer.list_topics(topic, timeout=30).topics[topic]
        if found.error is not None or not found.partitions:
            raise NotRead(f"{topic} cannot be read: {found.error or 'it has no partitions'}")
        left = set(found.partitions)
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in left])
        while left:
            yield from _polled(consumer, topic, left)
    except KafkaException as failed:
        raise NotRead(f"{topic} cannot be read: {failed}") from None
    finally:
        consumer.close()


def _polled(consumer: Any, topic: str, left: set[int]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Give the next record, or take a partition that is at its end from those left."""
    from confluent_kafka import KafkaError

    message = consumer.poll(30)
    if message is None:
        raise NotRead(f"{topic} cannot be read to its end: the bus says nothing more")
    if (failed := message.error()) is None:
        place = f"{topic}:{message.partition()}:{message.offset()}"
        yield place, event_of(message.headers() or (), message.value() or b"")
    elif failed.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - the client's only name for it
        left.discard(message.partition())
    else:
        raise NotRead(f"{topic} cannot be read: {failed}")


def event_of(headers: Headers, body: bytes) -> Any:  # noqa: ANN401
    """Read one record of a topic; a ValueError says what cannot be read."""
    kind, attributes = "", dict[str, str]()
    for name, value in headers:
        with contextlib.suppress(UnicodeDecodeError):
            text = value if isinstance(value, str) else (value or b"").decode("utf-8")
            if name.lower() == "content-type":
                kind = text.partition(";")[0].strip().lower()
            elif name.startswith("ce_"):  # in small letters only
                attributes.setdefault(name[3:], text)
    if kind != STRUCTURED and JSON.fullmatch(kind) is None:
        return ValueError(f"content-type: it must be application/json or {STRUCTURED}")
    data = _tried(body)
    if kind == STRUCTURED or isinstance(data, ValueError):
        return data
    attributes.pop("data_base64", None)
    return {**attributes, "data": data}


def main() -> None:
    """Check what is named; print what is wrong; end with 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path, help="records as JSON or as JSON lines")
    parser.add_argument("--topic", nargs=2, metavar=("ADDRESS", "TOPIC"), help="a topic of yours")
    parser.add_argument("--schemas", type=Path, default=SCHEMAS, help="folder with the schemas")
    given = parser.parse_args()
    if not given.files and not given.topic:
        parser.error("name files, or a topic")
    sources = [(str(path), from_file(path)) for path in given.files]
    sources += [(given.topic[1], from_topic(*given.topic))] if given.topic else []
    try:
        contract = Contract(given.schemas)
        well = [checked(contract, *source) for source in sources]
    except OSError as failed:
        parser.error(f"{failed.filename}: {failed.strerror}")
    except NotRead as failed:
        parser.error(str(failed))
    records, wrong = (sum(each) for each in zip(*well, strict=True))
    print(f"{records} records, {wrong} of them wrong")
    sys.exit(1 if wrong or not all(count for count, _ in well) else 0)


def checked(contract: Contract, name: str, source: Iterator[tuple[str, Any]]) -> tuple[int, int]:
    """Print what is wrong in one file or topic; give how many records it has, how many wrong."""
    count, wrong = 0, 0
    for place, event in source:
        count += 1
        found = [str(event)] if isinstance(event, ValueError) else list(contract.wrong(event))
        wrong += bool(found)
        for sentence in found:
            print(f"{place}  {sentence}")
    if not count:
        print(f"{name}  there is no record in it")
    return count, wrong


if __name__ == "__main__":
    main()
