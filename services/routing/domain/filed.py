"""What a register file says of each agency, and what of it is new."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.routing.domain.entry import PARTS, AgencyAmended, Entries, Entry
from services.routing.domain.register import RegisterFile
from shared.contracts.fact import LONGEST_FACT
from shared.runtime.document import Cause, Circumstances, Document, record

LONGEST_PARTS = LONGEST_FACT - 1024
"""Bytes of what one agency is, as JSON; the rest is the fact's frame."""
FILE = "file"
"""Who decided where the register file did."""
GONE: Mapping[str, Any] = {"active": False}
"""What a file says of an agency that it names no more."""


def said_of(register: RegisterFile) -> dict[str, dict[str, Any]]:
    """Give what a register says of each agency, part by part, as JSON has it."""
    areas: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in register.rules:
        areas[rule.agency][rule.category].append(rule.area)
    said = {}
    for agency in register.agencies:
        parts = agency.model_dump(mode="json", exclude_none=True, include=set(PARTS))
        duties = sorted(areas[agency.code].items())
        parts["duties"] = [{"category": each, "areas": sorted(of)} for each, of in duties]
        said[agency.code] = parts
    return said


def too_long(register: RegisterFile) -> list[tuple[tuple[str | int, ...], str]]:
    """Name the agencies of a file that are too large to be one fact, with what to do."""
    said = said_of(register)
    advice = f"It takes over {LONGEST_PARTS} bytes with its rules; name wider areas, or less staff."
    return [
        (("agencies", at), advice)
        for at, each in enumerate(register.agencies)
        if len(json.dumps(said[each.code]).encode()) > LONGEST_PARTS
    ]


def adopt_file(
    entries: Entries,
    document: Document[Entry],
    parts: Mapping[str, Any],
    day: date,
    under: Circumstances,
) -> Document[Entry]:
    """Take over what a file says of an agency, as far as it is not what the file said before.

    So what people changed since stands until the file itself says something else of that part.
    """
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    state = document.state
    if state.file == digest:
        return document
    before = state.by_file
    new = {part: said for part, said in parts.items() if before.get(part) != said}
    gone = [
        part
        for part in ("email", "decree")
        if part in before and part not in parts and parts is not GONE
    ]
    said = AgencyAmended(**new, valid_from=day, cleared=tuple(gone), file=digest)
    cause = Cause(f"{FILE}/{digest}/{len(document.facts)}", by=FILE)
    return record(entries, document, [said], cause, under)
