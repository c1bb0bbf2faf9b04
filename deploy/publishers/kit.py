"""The contract kit: all that a partner needs to publish, in one folder, without our code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.catalogue.asyncapi import PUBLISHER, asyncapi
from deploy.catalogue.schemas import schema_of
from deploy.catalogue.writing import ROOT, text_of
from shared.contracts.publishing import EXCHANGED, RECORDS

PROGRAMS = ROOT / "deploy" / "examples" / "publisher"
GIVEN = ("README.md", "conform.py", "contract.py", "publish.py")
EXAMPLES = ROOT / "shared" / "contracts" / "examples"


def write(folder: Path) -> list[Path]:
    """Write the kit into a folder; give its files. Raises OSError, before it writes or then."""
    written = []
    for name in GIVEN:
        (PROGRAMS / name).stat()  # a build may have left the page out, which is no code
    folder.mkdir(parents=True, exist_ok=True)
    for name in GIVEN:
        shutil.copyfile(PROGRAMS / name, folder / name)
        written.append(folder / name)
    for name, document in _documents():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text_of(document), "utf-8")
        written.append(target)
    return written


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "asyncapi.json", asyncapi(PUBLISHER)
    for kind, model in EXCHANGED.items():
        yield f"schemas/{kind}.json", schema_of(model, kind)
    for nth, kind in enumerate(RECORDS):
        yield f"examples/{kind}.json", event(kind, "a3c1" if nth == 0 else f"a3c1-{nth}")


def event(kind: str, record: str) -> dict[str, Any]:
    """Give the example of a record as a CloudEvent in structured mode."""
    return {
        "specversion": "1.0",
        "id": record,
        "type": kind,
        "source": "/publisher/sigap",
        "datacontenttype": "application/json",
        "data": json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8")),
    }
