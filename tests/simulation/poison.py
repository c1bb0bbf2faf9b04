"""Facts that cannot be folded, or stored, until the reader is upgraded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zlib import crc32

from shared.contracts.fact import Fact
from shared.runtime.document import Document


class CannotFold(Exception):
    """The reader has a fault that one fact brings to light."""


class Poison:
    """One fact of so many breaks the fold of whoever hears it, until the upgrade.

    Of another one the store takes no document that has heard of it.
    """

    def __init__(self, one_of: int, refused: int = 0) -> None:
        self.one_of, self.upgraded, self.struck = one_of, False, 0
        self.refused = refused

    def refusal(self, service: str) -> Callable[[Document[Any]], str | None]:
        """Say of a document why the store of a service does not take it; None where it does."""

        def why(document: Document[Any]) -> str | None:
            if self.upgraded or not self.refused:
                return None
            heard = (name for each in document.heard.values() for name in each.ids)
            if all(crc32(f"{service}/{name}".encode()) % self.refused for name in heard):
                return None
            self.struck += 1
            return "the store does not take this"

        return why

    def within(self, kind: type[Any]) -> type[Any]:
        """Give a domain that has the fault."""
        if not self.one_of:
            return kind
        poison = self

        def fold(domain: Any, state: Any, fact: Fact) -> Any:
            poison.strike(domain, fact)
            return kind.fold(domain, state, fact)

        return type(kind.__name__, (kind,), {"fold": fold})

    def strike(self, domain: Any, fact: Fact) -> None:
        heard = f"{domain.stream}/{fact.id}"
        own = fact.cause.startswith(("request/", "notice/", "clock/", "main/")) or not _heard(
            domain, fact
        )
        if not self.upgraded and not own and crc32(heard.encode()) % self.one_of == 0:
            self.struck += 1
            raise CannotFold(fact.type)


_OWN = {
    "complaints": (
        *("complaint.received", "complaint.amended", "complaint.withdrawn"),
        *("attachment.", "reporter.", "pin."),
    ),
    "dispositions": ("complaint.verified", "complaint.routed"),
    "cases": ("case.", "response.", "disposition.", "deadline."),
    "notices": ("notice.",),
}


def _heard(domain: Any, fact: Fact) -> bool:
    return not fact.type.startswith(_OWN.get(domain.stream, ()))
