"""AsyncAPI 3.0 documents: what each service hears and tells. Source: AsyncAPI 3.0.0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from deploy.catalogue.schemas import alone, history_schema, schema_of
from shared.contracts.topics import PUBLISHER_STREAMS, SERVICES, STREAMS, Stream

Part = dict[str, Any]

_HEADERS: Part = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka binary mode.",
    "required": [
        *("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject"),
        *("ce_sequence", "content-type"),
    ],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "UUIDv5: told again, it is the same."},
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string", "examples": ["/node/8171/intake"]},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string", "description": "Complaint id, or what a snapshot is of."},
        "ce_sequence": {"type": "string", "pattern": r"^[0-9]{13}-[0-9]{6}$"},
        "ce_traceparent": {"type": "string"},
        "content-type": {"const": "application/json"},
    },
}


PUBLISHER = "publisher"
"""An outside publisher, as whose document another is written beside those of the services."""
_OF_A_RECORD: Part = {
    "type": "object",
    "description": "CloudEvents 1.0, Kafka binary mode; structured mode is taken, too.",
    "required": ["ce_specversion", "ce_id", "ce_type", "ce_source"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {
            "type": "string",
            "maxLength": 128,
            "description": "The publisher's own name for the record: sent again, it is the same.",
        },
        "ce_type": {"type": "string"},
        "ce_source": {"type": "string", "examples": ["/publisher/sigap"]},
        "ce_traceparent": {"type": "string"},
        "content-type": {"enum": ["application/json", "application/cloudevents+json"]},
    },
}


def asyncapi(service: str) -> Part:
    """Write the document of one service, or of an outside publisher."""
    if service not in (*SERVICES, PUBLISHER):
        raise ValueError(f"there is no service {service!r}")
    every = [*STREAMS.values(), *PUBLISHER_STREAMS.values()]
    tells = (service,) if service == PUBLISHER else (service, "all")
    told = [stream for stream in every if stream.producer in tells]
    heard = [stream for stream in every if service in stream.readers]
    used = list({stream.name: stream for stream in (*told, *heard)}.values())
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Kentongan {service}",
            "version": "1",
            "description": f"What {service} hears and tells on the bus.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {stream.name: _channel(stream) for stream in used},
        "operations": {
            **{f"tell-{stream.name}": _operation("send", stream) for stream in told},
            **{f"hear-{stream.name}": _operation("receive", stream) for stream in heard},
        },
        "components": {"schemas": _schemas(used), "messages": _messages(used)},
    }


def _channel(stream: Stream) -> Part:
    ours = stream.name in STREAMS
    owner = "node" if ours else "publisher"
    what = "Code of the node, such as 8171." if ours else "Name of the publisher."
    address = f"kentongan.{{node}}.{stream.name}.v1"
    return {
        "address": address if ours else f"kentongan.ext.{{publisher}}.{stream.name}.v1",
        "parameters": {owner: {"description": what}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in stream.messages},
        "bindings": {
            "kafka": {
                "partitions": stream.partitions,
                "topicConfiguration": {
                    name: [value] if name == "cleanup.policy" else int(value)
                    for name, value in stream.settings.items()
                },
            }
        },
    }


def _operation(action: str, stream: Stream) -> Part:
    channel = f"#/channels/{stream.name}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in stream.messages],
    }


def _messages(used: Iterable[Stream]) -> Part:
    return {
        name: {
            "name": name,
            "summary": f"Key: {stream.key}.",
            "headers": _OF_A_RECORD if stream.producer == PUBLISHER else _HEADERS,
            "payload": {"$ref": f"#/components/schemas/{name}"},
        }
        for stream in used
        for name in stream.messages
    }


def _schemas(used: Iterable[Stream]) -> Part:
    found: Part = {}
    for stream in used:
        if stream.facts:
            found[stream.message] = history_schema(stream)
        models: Mapping[str, type[BaseModel]] = stream.facts or {
            name: alone()[name] for name in stream.messages
        }
        for name, model in models.items():
            schema = schema_of(model, name, "#/components/schemas/{model}")
            found.update(schema.pop("$defs", {}))
            found[name] = schema
    return {name: _within(schema) for name, schema in sorted(found.items())}


def _within(schema: Part) -> Part:
    """Leave out what only a schema of its own may say."""
    return {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
