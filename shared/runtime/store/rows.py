"""From a document to its row in the store, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from shared.contracts.fact import Pair
from shared.runtime.document import Document, Heard, Held, State
from shared.runtime.shapes import Newer, lifted
from shared.runtime.store.driver import Row
from shared.runtime.store.shape import Shape

PARTS = {"state": 1, "schema": 1, "facts": 1}
"""What the state of a document is read from, older shapes included."""


def lower(document: Document[State], shape: Shape[State]) -> Row:
    """Give the row of a document, with the fields it is found by."""
    row: Row = {
        "_id": document.id,
        "state": msgspec.to_builtins(document.state),
        "schema": document.schema,
        "version": document.version,
        "revision": document.revision,
        "heard": {
            stream: [*heard.pair, list(heard.ids)] for stream, heard in document.heard.items()
        },
        "facts": list(document.facts),
        "last": str(document.last),
        "changed_at": document.changed_at,
    }
    if document.untold is not None:
        row["untold"] = document.untold
    if document.held:
        row["held_at"] = document.changed_at
        row["held"] = {stream: [*held.pair, held.reason] for stream, held in document.held.items()}
    if document.dirty:
        row["dirty_at"] = document.changed_at
        row["dirty"] = list(document.dirty)
    if document.astray:
        row["astray"] = {stream: list(ids) for stream, ids in document.astray.items()}
    for field, value in shape.finds(document.state).items():
        if value is not None:
            row[field] = value
    return row


def lift(row: Row, shape: Shape[State]) -> Document[State]:
    """Give the document of a row, whichever shape it was written in; see ``shapes.Newer``."""
    return Document(
        id=row["_id"],
        state=state_of(row, shape),
        schema=max(row["schema"], shape.schema),
        version=row["version"],
        revision=row["revision"],
        heard={
            stream: Heard(Pair(epoch, sequence), tuple(ids))
            for stream, (epoch, sequence, ids) in row["heard"].items()
        },
        facts=tuple(row["facts"]),
        untold=row.get("untold"),
        held={
            stream: Held(Pair(epoch, sequence), reason)
            for stream, (epoch, sequence, reason) in row.get("held", {}).items()
        },
        dirty=tuple(row.get("dirty", ())),
        astray={stream: tuple(ids) for stream, ids in row.get("astray", {}).items()},
        changed_at=row["changed_at"],
    )


def state_of(row: Row, shape: Shape[State]) -> Any:
    """Read the state of a row; of a newer shape, what refuses to be asked."""
    if row["schema"] > shape.schema:
        return Newer(row["schema"], shape.schema)
    return msgspec.convert(lifted(row, shape.lifts)["state"], shape.state, strict=False)


def states_of(rows: Sequence[Row], shape: Shape[State]) -> Iterator[State]:
    """Read the states of rows; raises Refused where one is of a newer shape."""
    for row in rows:
        state = state_of(row, shape)
        if isinstance(state, Newer):
            state.refuse()
        yield state
