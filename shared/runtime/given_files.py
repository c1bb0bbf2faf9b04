"""Files that an operator wrote: read whole and checked, or refused with the line to put right."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from json import JSONDecodeError, JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path
from typing import NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shared.contracts.plainly import plainly

Shape = TypeVar("Shape", bound=BaseModel)
Place = Sequence[str | int]
"""Where something stands in a file: names of fields, and numbers of entries from 0."""

LONGEST_FILE = 10 * 1024 * 1024
MOST_FAULTS = 20
"""Faults that are named at once."""
_SPACE = re.compile(r"[ \t\r\n]*")


def read_file(path: Path, shape: type[Shape]) -> Shape:
    """Read a JSON file that an operator wrote; where it is wrong, say in which lines, and end."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            sys.exit(f"{path} is longer than {LONGEST_FILE} bytes.")
        return shape.model_validate_json(path.read_bytes())
    except OSError as failed:
        sys.exit(f"{path} cannot be read: {failed.strerror}.")
    except ValidationError as wrong:
        reject(path, (_fault(error) for error in _errors(wrong)))


def reject(path: Path, faults: Iterable[tuple[Place, str]]) -> NoReturn:
    """End because a file is wrong: each fault with its line, its field and what to do."""
    text = path.read_bytes().decode("utf-8", "replace")
    lines = []
    for place, sentence in list(faults)[:MOST_FAULTS]:
        at = line_of(text, place)
        field = ".".join(str(part) for part in place)
        where = ", ".join(filter(None, [f"line {at}" if at else "", field]))
        lines.append(f"{where}: {sentence}" if where else sentence)
    sys.exit(f"{path} is not right; nothing of it was loaded:\n  " + "\n  ".join(lines))


def line_of(text: str, place: Place) -> int | None:
    """Give the line, from 1, where a field's value begins; of one that lacks, where it belongs.

    None of what stands in no place, and where the text cannot be followed.
    """
    if not place:
        return None
    try:
        at = _skip(text, 0)
        for part in place:
            found = _within(text, at, part)
            if found is None:
                break
            at = found
    except (JSONDecodeError, IndexError, RecursionError):
        return None
    return text.count("\n", 0, at) + 1


def _errors(wrong: ValidationError) -> Sequence[ErrorDetails]:
    return wrong.errors(include_url=False, include_input=False)  # a file may hold a secret


def _fault(error: ErrorDetails) -> tuple[Place, str]:
    cause = error.get("ctx", {}).get("error")
    place = (*error["loc"], *getattr(cause, "place", ()))
    return place, plainly(error)


def _within(text: str, at: int, part: str | int) -> int | None:
    """Find where an entry's value begins in the object or array that begins at a place."""
    if text[at] not in "{[":
        return None
    inside, number = text[at] == "{", 0
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        name: str | int = number
        if inside:
            name, at = scanstring(text, at + 1)
            at = _skip(text, _skip(text, at) + 1)
        if name == part:
            return at
        at = _skip(text, JSONDecoder().raw_decode(text, at)[1])
        number += 1
        if text[at] == ",":
            at = _skip(text, at + 1)
    return None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
