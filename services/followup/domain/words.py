"""What officers wrote, blanked where an erasure names it, and what the reporter wrote back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts.fact import BLANKED, Pair, Redaction

if TYPE_CHECKING:
    from services.followup.domain.case import Case


class Words(Struct, frozen=True):
    """What an officer wrote in a fact, and where that fact stands in its stream."""

    text: str
    pair: Pair


class Draft(Struct, frozen=True, omit_defaults=True):
    """An answer that waits for the agency's leader (konsep tanggapan)."""

    text: str
    interim: bool
    at: datetime
    by: str | None = None


class Written(Struct, frozen=True):
    """What the reporter wrote back, and when."""

    at: datetime
    text: str


def blanked(words: Words | None) -> Words | None:
    """Give words as an erasure leaves them."""
    return words and replace(words, text=BLANKED)


def routed(state: Case, words: str | None, pair: Pair) -> Case:
    """Take in why it came from another agency; an erasure may have named it before it is heard."""
    because = Words(words, pair) if words else None
    return replace(state, routed_because=blanked(because) if pair in state.erased else because)


def forget(state: Case, redactions: Iterable[Redaction]) -> Case:
    """Blank what an erasure names of routing's words, now or when they are heard."""
    named = {each.pair for each in redactions if each.stream == "dispositions"}
    erased = tuple(sorted({*state.erased, *named}))
    because = state.routed_because
    if because is not None and because.pair in named:
        because = blanked(because)
    return replace(state, erased=erased, routed_because=because)
