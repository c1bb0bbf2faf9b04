"""What a service's documents look like in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from shared.runtime.document import State


@dataclass(frozen=True, slots=True)
class Shape(Generic[State]):
    """How one service's documents look in the store.

    ``finds`` gives the fields a document can be found by, beside its id; those that are None are
    left out, and each has an index of its own (``unique`` names the unique ones). Every index is
    paid for at every write, even where a document has no such field, so ``dirties`` says whether
    documents are looked for by what they made stale.
    """

    state: type[State]
    finds: Callable[[State], Mapping[str, Any]] = lambda _state: {}
    indexed: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    dirties: bool = False

    def indexes(self) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """Give every index: field and options."""
        return [
            ("untold", {"sparse": True}),
            *([("dirty_at", {"sparse": True})] if self.dirties else []),
            ("held_at", {"sparse": True}),
            ("changed_at", {}),
            *((field, {"sparse": True}) for field in self.indexed),
            *((field, {"sparse": True, "unique": True}) for field in self.unique),
        ]
