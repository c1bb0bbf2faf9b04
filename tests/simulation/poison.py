"""Facts that cannot be folded until the reader is upgraded."""

from __future__ import annotations

from typing import Any
from zlib import crc32

from shared.contracts.fact import Fact


class CannotFold(Exception):
    """The reader has a fault that one fact brings to light."""


class Poison:
    """One fact of so many breaks the fold of whoever hears it, until the upgrade."""

    def __init__(self, one_of: int) -> None:
        self.one_of, self.upgraded, self.struck = one_of, False, 0

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
