"""Documents of an older shape, and of one newer than this code. Pure.

A document carries the number of its shape. An older one is lifted when it is read, by one function
from each shape to the next, and written in the present shape when it next changes. A newer one was
written by newer code, before a release was rolled back: what this code does not know of it would be
lost if it were written, so it is refused, and waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NoReturn, Protocol, cast, runtime_checkable

from shared.contracts.fact import Fact
from shared.runtime.document import Document, Domain, Refused

Row = dict[str, Any]
Lift = Callable[[Row], Row]
"""Makes a stored document of one shape into one of the next; gives a new row."""


@runtime_checkable
class Completing(Protocol):
    """A domain whose older documents lack what neither they nor a lift can say, but others told."""

    def lacks(self, state: Any, stream: str) -> bool:  # noqa: ANN401
        """Say whether a state lacks what a stream says when it is told again."""

    def complete(self, state: Any, stream: str, facts: Iterable[Fact]) -> Any:  # noqa: ANN401
        """Fill in what was not kept when these facts were heard; nothing follows from it."""


def completing(domain: object) -> Completing | None:
    """Give a domain as one, if it is; asked of every history that is heard."""
    kind: Any = type(domain)  # mypy takes a class for unhashable
    return cast("Completing", domain) if _completes(kind) else None


@cache
def _completes(kind: type) -> bool:
    return issubclass(kind, Completing)  # walks through every method: twenty microseconds


class Newer:
    """Stands for the state of a document of a newer shape: whoever asks it for anything is refused.

    So a page or a request that needs this one complaint says why it has to wait.
    """

    def __init__(self, schema: int, known: int) -> None:
        """Say which shape it has, and up to which shape this code can read."""
        self._sentence = (
            f"It was stored by a newer release, in shape {schema}; this one reads up to shape "
            f"{known} and leaves it as it is. Roll the service forward again."
        )

    def __getattr__(self, name: str) -> object:
        """Refuse; what the language itself asks for is merely lacking."""
        if name.startswith("__"):
            raise AttributeError(name)
        self.refuse()

    def refuse(self) -> NoReturn:
        """Raise Refused."""
        raise Refused(503, "newer_shape", self._sentence)

    def __str__(self) -> str:
        """Give the sentence."""
        return self._sentence


def newer(document: Document[Any]) -> str | None:
    """Say why a document cannot be read by this code; None where it can."""
    return str(document.state) if isinstance(document.state, Newer) else None


def readable(document: Document[Any]) -> None:
    """Refuse where this code cannot read a document."""
    if isinstance(document.state, Newer):
        document.state.refuse()


def lifted(row: Row, lifts: Sequence[Lift]) -> Row:
    """Give a row in the present shape: the first function lifts shape 1, the next shape 2."""
    for lift in lifts[row["schema"] - 1 :]:
        row = {**lift(row), "schema": row["schema"] + 1}
    return row


def as_it_was(row: Row) -> Row:
    """Lift to a shape in which what was stored before still means the same.

    Its number is for the release before, which would read what is stored now without a field that
    changes what the others mean.
    """
    return row


def fits(domain: Domain[Any], lifts: Sequence[Lift]) -> bool:
    """Say whether there is a way up from every shape there was to that of the domain."""
    return domain.schema == len(lifts) + 1
