"""What officers wrote, blanked where an erasure names it: as the facts then have it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from services.routing.domain.disposition import Disposition
from services.routing.domain.reasons import Lack
from shared.contracts.fact import BLANKED, NOTHING, Pair, Redaction


def decline(state: Disposition, turn: int, reason: str | None, pair: Pair) -> Disposition:
    """Take in why an agency gave it back; heard after the erasure that names it, it is blanked."""
    words = BLANKED if pair in state.erased else reason
    return replace(state, declined_turn=turn, declined_because=words, declined_in=pair)


def forget(state: Disposition, redactions: Iterable[Redaction]) -> Disposition:
    """Blank what an erasure names; words kept without their pair may be what it names.

    The pairs of an agency's facts are kept: such a fact may come later, as it first was.
    """
    named: dict[str, set[Pair]] = {"dispositions": set(), "cases": set()}
    for each in redactions:
        named.setdefault(each.stream, set()).add(each.pair)
    own, others = named["dispositions"], named["cases"]
    state = replace(state, erased=tuple(sorted({*state.erased, *others})))
    if state.declined_because is not None and _names(others, state.declined_in):
        state = replace(state, declined_because=BLANKED)
    deferral, archival = state.deferral, state.archival
    if deferral is not None and (_names(own, deferral.pair) or deferral.repeats in own):
        lacks = tuple(Lack(each.code, _blank(each.words)) for each in deferral.missing)
        deferral = replace(deferral, missing=lacks)
    if archival is not None and _names(own, archival.pair):
        archival = replace(archival, words=_blank(archival.words))
    return replace(state, deferral=deferral, archival=archival)


def _names(pairs: set[Pair], pair: Pair) -> bool:
    return pair in pairs or (bool(pairs) and pair == NOTHING)


def _blank(words: str | None) -> str | None:
    return words and BLANKED
