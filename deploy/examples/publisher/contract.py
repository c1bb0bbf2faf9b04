"""The rules of the contract, as ``conform.py`` checks records by them.

What the schemas say, read as the node reads them, and what no schema can say: bytes, seals, names.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import jsonschema

LONGEST_RECORD = 64 * 1024
LONGEST_FACT = 8 * 1024 - 1024
"""Bytes of what a record says; the rest of 8 KB is what the node writes beside it."""
DEEPEST = 201
"""Lists and objects within each other, in what a record says."""
SUBMITTED = "complaint.submitted.v1"
KINDS = (
    SUBMITTED,
    "submission.amended.v1",
    "submission.replied.v1",
    "submission.withdrawn.v1",
)
ID = re.compile(r"(?!unnamed:)[^\x00-\x1f\x7f]{1,128}")
SEALED = re.compile(r"[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
Event = dict[str, Any]
Wrong = Iterator[jsonschema.ValidationError]


def _pattern(_: Any, pattern: str, text: Any, __: Any) -> Wrong:  # noqa: ANN401
    """Read ``$`` as the schemas mean it: Python's own lets a line end behind it."""
    if isinstance(text, str) and re.search(re.sub(r"\$$", r"\\Z", pattern), text) is None:
        yield jsonschema.ValidationError(f"{text!r} does not match {pattern!r}")


def _shortest(_: Any, least: int, text: Any, __: Any) -> Wrong:  # noqa: ANN401
    if isinstance(text, str) and len(text.strip()) < least:
        yield jsonschema.ValidationError("it is blank")


def _longest(_: Any, most: int, text: Any, __: Any) -> Wrong:  # noqa: ANN401
    if isinstance(text, str) and len(text.strip()) > most:
        yield jsonschema.ValidationError(f"it has more than {most} characters")


def _names(validator: Any, patterns: Event, value: Any, schema: Any) -> Wrong:  # noqa: ANN401
    """Refuse names that fit none of the patterns, beside what is said wrongly under the others."""
    for name in value if isinstance(value, dict) else ():
        if all(list(_pattern(None, pattern, name, None)) for pattern in patterns):
            yield jsonschema.ValidationError(f"{name!r} is no name that is taken")
    usual = jsonschema.Draft202012Validator.VALIDATORS["patternProperties"]
    yield from usual(validator, patterns, value, schema)


Validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
    jsonschema.Draft202012Validator,
    {
        "pattern": _pattern,
        "minLength": _shortest,
        "maxLength": _longest,
        "patternProperties": _names,
    },
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)
"""Reads the schemas as the node does."""


class Contract:
    """The rules that a record must keep."""

    def __init__(self, schemas: Path) -> None:
        """Read the schemas."""
        self._validators = {
            kind: Validator(
                json.loads((schemas / f"{kind}.json").read_text("utf-8")),
                format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
            )
            for kind in KINDS
        }
        self._known: dict[str, str] = {}

    def wrong(self, event: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON
        """Say in sentences what is wrong with one record."""
        if not isinstance(event, dict):
            yield "it is no JSON object"
            return
        data = event.get("data")
        if "data_base64" in event:
            data = _decoded(event["data_base64"])
        if _is_too_deep(data):
            yield "data: it is nested too deeply"
            return
        yield from self._attributes(event)
        validator = self._validators.get(str(event.get("type")))
        if validator is None:
            return
        for error in validator.iter_errors(data):
            place = ".".join(str(part) for part in error.absolute_path) or "data"
            yield f"{place}: {error.message[:200]}"
        if isinstance(data, dict):
            yield from _said(data)
            if event["type"] != SUBMITTED and data.get("submission") == event.get("id"):
                yield "submission: the record names itself; name the one that you submitted"

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
        return parsed(base64.b64decode(text, validate=True))
    except (ValueError, TypeError):
        return None


def _is_too_deep(value: Any) -> bool:  # noqa: ANN401
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [each for each in level if isinstance(each, dict | list)]
        if not level:
            return False
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [one for each in inner for one in each]
    return True


def _said(data: Event) -> Iterator[str]:
    told = {name: data[name] for name in data if name not in ("reporter", "attachments")}
    size = len(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
    sealed = data.get("reporter")
    if size > LONGEST_FACT:
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
        body = json.loads(content.decode("utf-8"), parse_constant=_no_number, parse_float=_finite)
        json.dumps(body, ensure_ascii=False).encode("utf-8")  # half a character has no UTF-8
    except UnicodeError:
        raise ValueError("it is no UTF-8") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return body


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:40]} is no number in JSON")


def _finite(text: str) -> float:
    return number if math.isfinite(number := float(text)) else _no_number(text)
