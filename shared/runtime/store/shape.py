"""What a service's documents look like in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic

from shared.runtime.document import State
from shared.runtime.shapes import Lift

MARKS: Mapping[str, Any] = {"untold": 0, "dirty_at": 0, "held_at": 0}
"""What the runtime marks documents with, and the least value of each."""


@dataclass(frozen=True, slots=True)
class Shape(Generic[State]):
    """How one service's documents look in the store.

    ``finds`` gives the fields a document can be found by, beside its id; those that are None are
    left out. ``indexed`` and ``unique`` name them with the least value that is looked for.

    An index holds only the documents that have its field, so the others do not pay for it when
    they are written. What is asked for must lie above its least value: the store can see then that
    the index has all of it (decision 0025).
    """

    state: type[State]
    finds: Callable[[State], Mapping[str, Any]] = lambda _state: {}
    indexed: Mapping[str, Any] = field(default_factory=dict)
    unique: Mapping[str, Any] = field(default_factory=dict)
    closed: Callable[[State], bool] | None = None
    """Says of a complaint that nobody has to do anything about it: then it may be archived."""
    lifts: Sequence[Lift] = ()
    """What lifts a stored document from shape 1 to 2, from 2 to 3, and so on to the present one."""

    @property
    def schema(self) -> int:
        """Give the number of the present shape."""
        return len(self.lifts) + 1

    def indexes(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Give every index: field and options."""
        return [
            ("changed_at", {}),
            *((name, _from(name, least)) for name, least in {**MARKS, **self.indexed}.items()),
            *(
                (name, {**_from(name, least), "unique": True})
                for name, least in self.unique.items()
            ),
        ]


def _from(name: str, least: Any) -> dict[str, Any]:
    return {"partialFilterExpression": {name: {"$gte": least}}}
