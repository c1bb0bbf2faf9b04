"""A publisher's record, read as far as it can be.

CloudEvents 1.0.2 over Kafka (protocol binding 1.0.2): binary mode (attributes in ``ce_*`` headers,
section 3.2) and structured mode (the whole event as JSON, section 3.3). Total: whatever comes
gives either a draft or words that say what is wrong.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
from pydantic import ValidationError

from shared.contracts.intake import Submission
from shared.contracts.plainly import plainly
from shared.contracts.publishing import RECORDS, Act
from shared.runtime.ports import Record
from shared.runtime.sealing import NotSealed, check_sealed

LONGEST_RECORD = 64 * 1024
LONGEST_ATTRIBUTE = 1024
STRUCTURED = "application/cloudevents+json"
UNNAMED = "unnamed:"
"""Begins the identity of a record without an id of its own."""
UNREFERRED = "reference: neither the data, the key nor the id is 1 to 128 visible ASCII characters"
"""Nothing can be answered: a receipt is kept by its reference."""

_ID = re.compile(rf"(?!{UNNAMED})[^\x00-\x1f\x7f]{{1,128}}")
_REFERENCE = re.compile(r"[\x21-\x7e]{1,128}")
_JSON = re.compile(r"(?:application/(?!cloudevents)(?:[\w.+-]+\+)?json)?", re.ASCII)
_TRACE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


@dataclass(slots=True)
class Submitted:
    """One record: a draft, or the words in which it is refused."""

    identity: str
    """Its ``ce_id``, or where it has none, a digest of what it says."""
    record: str | None = None
    reference: str | None = None
    draft: Submission | Act | None = None
    errors: list[str] = field(default_factory=list)
    trace: str | None = None


def read(record: Record) -> Submitted:
    """Read a record of a ``submissions`` topic."""
    errors: list[str] = []
    attributes, body = _event(record, errors)
    said = attributes.get("id")
    named = said if isinstance(said, str) and _ID.fullmatch(said) else None
    read = Submitted(named or _digest(record), named, errors=errors)
    read.errors += _wrong_attributes(attributes, named=read.record is not None)
    if not read.errors:
        read.draft = _draft(body, RECORDS[attributes["type"]], read.errors)
    if isinstance(read.draft, Act) and read.draft.submission == read.record:
        read.draft = None
        read.errors.append("submission: the record names itself; name the one that you submitted")
    read.reference = _reference(body, record.key, read.record)
    if read.reference is None:
        read.draft = None
        read.errors.append(UNREFERRED)
    trace = attributes.get("traceparent")
    read.trace = trace if isinstance(trace, str) and _TRACE.fullmatch(trace) else None
    return read


def _event(record: Record, errors: list[str]) -> tuple[dict[str, Any], Any]:
    """Take an event out of its record: attributes and data; add what is wrong."""
    attributes: dict[str, Any] = {}
    content_type = ""
    for name, value in record.headers:
        try:
            text = (value or b"")[:LONGEST_ATTRIBUTE].decode()
        except UnicodeDecodeError:
            continue
        if name.lower() == "content-type":
            content_type = text.partition(";")[0].strip().lower()
        elif name.startswith("ce_"):
            attributes.setdefault(name[3:], text)
    if record.value is None or len(record.value) > LONGEST_RECORD:
        size = "no body" if record.value is None else f"more than {LONGEST_RECORD} bytes"
        errors.append(f"the record has {size}")
        return attributes, None
    structured = content_type == STRUCTURED
    if not structured and _JSON.fullmatch(content_type) is None:
        errors.append(f"content-type: application/json or {STRUCTURED} is taken")
        return attributes, None
    try:
        body = orjson.loads(record.value)
    except orjson.JSONDecodeError as broken:
        errors.append(f"the body is no readable JSON: {str(broken)[:100]}")
        return attributes, None
    if not structured:
        return attributes, body
    if not isinstance(body, dict):
        errors.append("the event is no JSON object")
        return attributes, None
    return body, _content(body, errors)


def _content(event: dict[str, Any], errors: list[str]) -> Any:  # noqa: ANN401 - whatever JSON
    """Take the data out of a structured event (JSON event format 1.0.2, section 3.1)."""
    if "data_base64" not in event:
        return event.get("data")
    try:
        return orjson.loads(b64decode(event["data_base64"], validate=True))
    except (ValueError, TypeError):
        errors.append("data_base64: it is no JSON in base64")
        return None


def _wrong_attributes(attributes: dict[str, Any], *, named: bool) -> Iterator[str]:
    if attributes.get("specversion") != "1.0":
        yield "specversion: this is no CloudEvent 1.0, neither in binary nor in structured mode"
    if not named:
        yield "id: 1 to 128 characters that can be printed are needed"
    kind = attributes.get("type")
    if not isinstance(kind, str) or kind not in RECORDS:
        yield f"type: only {', '.join(RECORDS)} are taken"
    if not isinstance(attributes.get("source"), str) or not attributes["source"]:
        yield "source: it is missing"


def _draft(
    body: object, kind: type[Submission | Act], errors: list[str]
) -> Submission | Act | None:
    try:
        draft = kind.model_validate_json(orjson.dumps(body))
        if isinstance(draft, Submission) and draft.reporter is not None:
            check_sealed(draft.reporter)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False, include_input=False):
            place = ".".join(str(part) for part in error["loc"]) or "data"
            errors.append(f"{place}: {plainly(error)}")
    except NotSealed as wrong:
        errors.append(f"reporter: {wrong}")
    except TypeError:  # what can be read can be too deep to be written
        errors.append("data: it is nested too deeply")
    else:
        return draft
    return None


def _reference(body: Any, key: bytes | None, named: str | None) -> str | None:  # noqa: ANN401
    """Find by what name the publisher knows the record."""
    said = body.get("reference") if isinstance(body, dict) else None
    for name in (said, (key or b"").decode(errors="replace"), named):
        if isinstance(name, str) and _REFERENCE.fullmatch(name):
            return name
    return None


def _digest(record: Record) -> str:
    digest = sha256()
    for part in (record.key, record.value, *(part for pair in record.headers for part in pair)):
        said = part.encode() if isinstance(part, str) else part or b""
        digest.update(len(said).to_bytes(4) + said)
    return UNNAMED + digest.hexdigest()[:40]
