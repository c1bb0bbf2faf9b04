"""Checks a partner's own records against the contract, before the bus sees them.

It needs nothing of Kentongan's code: only jsonschema, for topics confluent-kafka, and the folder
``schemas`` beside it. Records are CloudEvents in structured mode: one JSON object or a list of
them, or one object a line. Each wrong one is printed with what is wrong; the status is 1 then.

    python conform.py examples/*.json my-records.jsonl
    python conform.py --topic 127.0.0.1:9092 my-test-topic
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

LONGEST_RECORD = 64 * 1024
LONGEST_FACT = 8 * 1024 - 1024
"""Bytes of what a record says; the rest of 8 KB is what the node writes beside it."""
KINDS = (
    "complaint.submitted.v1",
    "submission.amended.v1",
    "submission.replied.v1",
    "submission.withdrawn.v1",
)
SCHEMAS = Path(__file__).parent / "schemas"
ID = re.compile(r"(?!unnamed:)[^\x00-\x1f\x7f]{1,128}")
SEALED = re.compile(r"[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
BINARY, STRUCTURED = "application/json", "application/cloudevents+json"
Event = dict[str, Any]


class Contract:
    """The rules that a record must keep."""

    def __init__(self, schemas: Path) -> None:
        """Read the schemas."""
        self._validators = {
            kind: jsonschema.Draft202012Validator(
                json.loads((schemas / f"{kind}.json").read_text("utf-8"))
            )
            for kind in KINDS
        }
        self._known: dict[str, str] = {}

    def wrong(self, event: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON
        """Say in sentences what is wrong with one record."""
        if not isinstance(event, dict):
            yield "it is no JSON object"
            return
        yield from self._attributes(event)
        validator = self._validators.get(str(event.get("type")))
        if validator is None:
            return
        data = event.get("data")
        if "data_base64" in event:
            data = _decoded(event["data_base64"])
        for error in validator.iter_errors(data):
            place = ".".join(str(part) for part in error.absolute_path) or "data"
            yield f"{place}: {error.message[:200]}"
        if isinstance(data, dict):
            yield from _said(data)

    def _attributes(self, event: Event) -> Iterator[str]:
        if event.get("specversion") != "1.0":
            yield "specversion: it must be 1.0"
        if event.get("type") not in KINDS:
            yield f"type: it must be one of {', '.join(KINDS)}"
        if not isinstance(event.get("source"), str) or not event["source"]:
            yield "source: it is missing"
        named = event.get("id")
        if not isinstance(named, str) or ID.fullmatch(named) is None:
            yield "id: 1 to 128 characters that can be printed are needed"
            return
        says = json.dumps(
            [event.get(part) for part in ("type", "data", "data_base64")], sort_keys=True
        )
        if self._known.setdefault(named, says) != says:
            yield "id: another record has it already; the node would take this one for a repeat"


def _decoded(text: Any) -> Any:  # noqa: ANN401
    """Read data in base64; what cannot be read is nothing, and no schema takes that."""
    try:
        return json.loads(base64.b64decode(text, validate=True))
    except (ValueError, TypeError, RecursionError):
        return None


def _said(data: Event) -> Iterator[str]:
    size = len(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    sealed = data.get("reporter")
    if size - len(sealed if isinstance(sealed, str) else "") > LONGEST_FACT:
        yield f"text: shorten it, the record says more than {LONGEST_FACT} bytes"
    if isinstance(sealed, str) and not _is_sealed(sealed):
        yield "reporter: it must be a compact JWE by ECDH-ES or ECDH-ES+A256KW with A256GCM"


def _is_sealed(text: str) -> bool:
    if SEALED.fullmatch(text) is None:
        return False
    try:
        header = json.loads(base64.urlsafe_b64decode(text.partition(".")[0] + "=="))
    except ValueError:
        return False
    right = ("ECDH-ES", "ECDH-ES+A256KW")
    return (
        isinstance(header, dict) and header.get("alg") in right and header.get("enc") == "A256GCM"
    )


def parsed(content: bytes) -> Any:  # noqa: ANN401 - whatever JSON
    """Read a record's body; raises ValueError with what is wrong."""
    if len(content) > LONGEST_RECORD:
        raise ValueError(f"it has more than {LONGEST_RECORD} bytes")
    try:
        return json.loads(content.decode("utf-8"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


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
        body = json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")
        yield f"{path}:{number}", _tried(body)


def _tried(content: bytes) -> Any:  # noqa: ANN401
    try:
        return parsed(content)
    except ValueError as broken:
        return broken


def from_topic(address: str, topic: str) -> Iterator[tuple[str, Any]]:
    """Give each record that a topic has now, in binary or in structured mode."""
    from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

    consumer = Consumer({"bootstrap.servers": address, "group.id": "conform"})
    try:
        for number in consumer.list_topics(topic, timeout=30).topics[topic].partitions:
            part = TopicPartition(topic, number, OFFSET_BEGINNING)
            begin, end = consumer.get_watermark_offsets(part, timeout=30)
            consumer.assign([part])
            while begin < end:
                message = consumer.poll(10)
                if message is None or message.error():
                    sys.exit(f"{topic} cannot be read: {message and message.error()}")
                begin = int(message.offset() or 0) + 1
                headers: dict[str, Any] = dict(message.headers() or [])
                yield f"{topic}:{number}:{begin - 1}", event_of(headers, message.value() or b"")
    finally:
        consumer.close()


def event_of(headers: dict[str, bytes], body: bytes) -> Any:  # noqa: ANN401
    """Read one record of a topic; a ValueError says what cannot be read."""
    said = {}
    for name, value in headers.items():
        with contextlib.suppress(UnicodeDecodeError):
            said[name.lower()] = (value or b"").decode("utf-8")
    kind = said.get("content-type", BINARY).partition(";")[0].strip().lower()
    if kind not in {BINARY, STRUCTURED}:
        return ValueError(f"content-type: it must be {BINARY} or {STRUCTURED}")
    data = _tried(body)
    if kind == STRUCTURED or isinstance(data, ValueError):
        return data
    attributes = {name[3:]: value for name, value in said.items() if name.startswith("ce_")}
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
    contract, count, wrong = Contract(given.schemas), 0, 0
    sources = [from_file(path) for path in given.files]
    sources += [from_topic(*given.topic)] if given.topic else []
    for place, event in (pair for source in sources for pair in source):
        count += 1
        found = [str(event)] if isinstance(event, ValueError) else list(contract.wrong(event))
        wrong += bool(found)
        for sentence in found:
            print(f"{place}  {sentence}")
    print(f"{count} records, {wrong} of them wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
