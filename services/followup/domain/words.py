"""What officers wrote, blanked where an erasure names it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from shared.contracts.fact import BLANKED, Pair, Redaction


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


def left(words: Words | None, stream: str, redactions: Iterable[Redaction]) -> Words | None:
    """Give words as an erasure leaves them; heard of after it, they come blanked."""
    named = {each.pair for each in redactions if each.stream == stream}
    if words is None or words.pair not in named:
        return words
    return replace(words, text=BLANKED)
