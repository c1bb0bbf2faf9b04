"""What the runtime asks of counted documents: they hear nothing and decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, Generic

from shared.contracts.fact import Fact, Payload
from shared.runtime.document import State


class Counting(Generic[State]):
    """A domain whose documents are counted; each kind says how a document begins, and its shape."""

    known: ClassVar[Mapping[str, type[Payload]]] = {}

    def fold(self, state: State, fact: Fact) -> State:  # noqa: ARG002
        """Take in nothing."""
        return state

    def react(self, state: State, fact: Fact, now: datetime) -> Iterable[Payload]:  # noqa: ARG002
        """Decide nothing."""
        return ()

    def dirties(self, before: State, after: State) -> Iterable[str]:  # noqa: ARG002
        """Concern no other document."""
        return ()
