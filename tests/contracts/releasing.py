"""What was told under each name, as it was released: every reader of today goes on reading it.

``released/1`` holds the first edition of each message, its schema and its example; where a message
was given an optional field later, ``released/2`` and so on hold what it was from then on. Nothing
there is ever written again: ``.venv/bin/python -m tests.contracts.releasing`` adds what is missing
and refuses what would break a reader. ``released/digests`` says what each file was (``sha256sum``).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from deploy.catalogue.schemas import schemas
from deploy.catalogue.writing import text_of
from tests.contracts.compatibility import Schema, breaks, plain

RELEASED = Path(__file__).parent / "released"
EXAMPLES = Path(__file__).parents[2] / "shared" / "contracts" / "examples"
COMMAND = ".venv/bin/python -m tests.contracts.releasing"


class Edition(NamedTuple):
    """What was told under one name from one release on."""

    name: str
    """Wire name with its major version."""
    number: int
    schema: Schema
    example: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.number}/{self.name}"


class Breaks(Exception):
    """What the code tells now cannot be told under the name it has."""


def editions(folder: Path = RELEASED) -> list[Edition]:
    """Give everything that was released, the first editions first."""
    found = []
    for path in folder.glob("*/*.json"):
        said = json.loads(path.read_text())
        found.append(Edition(path.stem, int(path.parent.name), said["schema"], said["example"]))
    return sorted(found, key=lambda edition: (edition.number, edition.name))


def unreleased(folder: Path = RELEASED) -> Iterator[Edition]:
    """Give what the code tells and no released edition says. Raises Breaks."""
    before = {edition.name: edition for edition in editions(folder)}
    for name, schema in sorted(schemas()):
        last = before.get(name)
        if last is None or plain(last.schema) != plain(schema):
            if last is not None and (broken := breaks(last.schema, schema)):
                raise Breaks(f"{name}: {'; '.join(broken)}: tell it under a new major version")
            example = json.loads((EXAMPLES / f"{name}.json").read_text())
            yield Edition(name, last.number + 1 if last else 1, schema, example)


def digests(folder: Path = RELEASED) -> list[str]:
    """Give a line for each released file, as ``sha256sum`` writes them."""
    paths = sorted(folder.glob("*/*.json"), key=lambda path: (path.stem, int(path.parent.name)))
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in paths
    ]


def release(folder: Path = RELEASED) -> list[Edition]:
    """Add what the code tells now and nobody has released; touch nothing else. Raises Breaks."""
    added = list(unreleased(folder))
    for edition in added:
        path = folder / f"{edition}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            file.write(text_of({"schema": edition.schema, "example": edition.example}))
    kept = (folder / "digests").read_text().splitlines() if (folder / "digests").exists() else []
    new = [line for line in digests(folder) if line.split()[1] not in {k.split()[1] for k in kept}]
    lines = sorted([*kept, *new], key=lambda line: line.split("/")[1] + line.split()[1])
    (folder / "digests").write_text("".join(f"{line}\n" for line in lines))
    return added


def main() -> int:
    """Add what is missing, and name it."""
    try:
        added = release()
    except Breaks as broken:
        print(broken, file=sys.stderr)
        return 1
    for edition in added:
        print(f"released {edition}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
