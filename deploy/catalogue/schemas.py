"""JSON Schemas of every fact, history, snapshot and exchanged message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from shared.contracts import publishing
from shared.contracts.beat import Beat
from shared.contracts.fact import LONGEST_FACT, MOST_FACTS, Payload
from shared.contracts.metrics import CellCounted, PerformanceCounted, WindowsCompleted
from shared.contracts.register import AgencyRegistered
from shared.contracts.topics import STREAMS, Stream

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def facts() -> Mapping[str, type[Payload]]:
    """Give every fact by its type."""
    return {name: fact for stream in STREAMS.values() for name, fact in stream.facts.items()}


def alone() -> Mapping[str, type[BaseModel]]:
    """Give every message that is no history, by its type."""
    return {
        **publishing.EXCHANGED,
        AgencyRegistered.type: AgencyRegistered,
        CellCounted.type: CellCounted,
        PerformanceCounted.type: PerformanceCounted,
        WindowsCompleted.type: WindowsCompleted,
        Beat.type: Beat,
    }


def schemas() -> Iterator[tuple[str, Schema]]:
    """Give every schema with the type it is of."""
    for name, fact in sorted(facts().items()):
        yield name, schema_of(fact, name)
    for name, message in sorted(alone().items()):
        yield name, schema_of(message, name)
    for stream in STREAMS.values():
        if stream.facts:
            yield stream.message, history_schema(stream)


def schema_of(model: type[BaseModel], name: str, refs: str = "#/$defs/{model}") -> Schema:
    """Give the schema of one model's data; ``refs`` says where models within it are found."""
    schema = TypeAdapter(model).json_schema(mode="validation", ref_template=refs)
    return {"$schema": DIALECT, "$id": f"urn:kentongan:{name}", **schema}


def history_schema(stream: Stream) -> Schema:
    """Give the schema of a message that carries a history."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:kentongan:{stream.message}",
        "title": stream.message,
        "description": f"Every fact that {stream.producer} has told about one complaint.",
        "type": "object",
        "required": ["complaint", "facts"],
        "properties": {
            "complaint": {"type": "string"},
            "facts": {
                "type": "array",
                "minItems": 1,
                "maxItems": MOST_FACTS,
                "items": _row(stream),
            },
        },
    }


def _row(stream: Stream) -> Schema:
    moment = {"type": "string", "format": "date-time"}
    nullable = {"type": ["string", "null"]}
    return {
        "type": "object",
        "description": f"One fact, at most {LONGEST_FACT} bytes.",
        "required": ["id", "pair", "type", "at", "cause", "data"],
        "properties": {
            "id": {"type": "string", "description": "Derived from the cause."},
            "pair": {
                "type": "array",
                "prefixItems": [
                    {"type": "integer", "description": "Epoch, milliseconds; 0 if none."},
                    {"type": "integer", "description": "Sequence, from 1."},
                ],
                "minItems": 2,
                "maxItems": 2,
            },
            "type": {
                "type": "string",
                "x-known-values": sorted(stream.facts),
                "description": "Open: a reader counts a type it does not know as heard.",
            },
            "at": moment,
            "cause": {"type": "string", "description": "Another fact's id, a request, a clock."},
            "request": nullable,
            "by": nullable,
            "trace": {**nullable, "description": "W3C traceparent."},
            "data": {"type": "object", "description": "As the schema of the type says."},
        },
    }
