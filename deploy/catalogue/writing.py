"""Where the documents of the catalogue lie, and writing them there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.catalogue.asyncapi import PUBLISHER, asyncapi
from deploy.catalogue.openapi import openapi
from deploy.catalogue.schemas import schemas
from shared.contracts.topics import SERVICES

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = ROOT / "shared" / "contracts" / "schemas"
DOCS = ROOT / "shared" / "docs"


def documents() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give every document as the code has it now, with the file it belongs in."""
    for name, schema in schemas():
        yield SCHEMAS / f"{name}.json", schema
    for service in (*SERVICES, PUBLISHER):
        yield DOCS / "asyncapi" / f"{service}.json", asyncapi(service)
    for service, document in openapi():
        yield DOCS / "openapi" / f"{service}.json", document


def text_of(document: dict[str, Any]) -> str:
    """Write a document the same way every time."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every document; what the code no longer has is deleted."""
    written = set()
    for path, document in documents():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(document))
        written.add(path)
    for folder in {path.parent for path in written}:
        for stale in set(folder.glob("*.json")) - written:
            stale.unlink()
    print(f"{len(written)} documents written")
