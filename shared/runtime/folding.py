"""What a reader makes of a history it hears. Pure.

New facts are folded in order; a fact of a known type that cannot be read, or on which the fold
fails, holds the complaint for that stream while its neighbours go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic

import orjson
from msgspec import Struct
from msgspec.structs import replace

from shared.contracts.fact import (
    LOCAL_ID,
    Fact,
    Pair,
    UnreadableFact,
    fact_id,
    read_fact,
    rows_above,
)
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    Domain,
    Heard,
    Held,
    State,
    record,
)
from shared.runtime.redacting import redacted
from shared.runtime.shapes import completing, newer


class Told(Struct, frozen=True, omit_defaults=True):
    """One message heard: the history of one complaint on one stream, not yet read."""

    stream: str
    complaint: str
    last: Pair
    body: bytes | None
    trace: str | None = None


class Folded(Struct, Generic[State], frozen=True, omit_defaults=True):
    """A document after hearing; ``blocked`` says why the rest of the history has to wait."""

    document: Document[State]
    blocked: str | None = None


def hear(
    domain: Domain[State],
    document: Document[State],
    told: Told,
    under: Circumstances,
    *,
    filling: bool = True,
) -> Folded[State]:
    """Fold what is new in a history; never refuses, at worst holds.

    While a stream is held for this complaint nothing of it is folded: a newer history takes the
    place of the one that waits. The facts before a broken one are folded. A document of a newer
    shape stays as it is, and what is told of it waits. ``filling`` adds what was not kept before.
    """
    if (why := newer(document)) is not None:
        return Folded(document, None if heard_before(document, told) else why)
    held = document.held.get(told.stream)
    if held is not None:
        if waits(document, told):
            return Folded(document, held.reason)
        return Folded(hold(document, told.stream, told.last, held.reason), held.reason)
    if heard_before(document, told):  # alone it brings nothing back from an archive
        fills = filling and not document.archived
        return Folded(_completed(domain, document, told) if fills else document)
    return _fold(domain, document, told, under, filling)


def _completed(domain: Domain[State], document: Document[State], told: Told) -> Document[State]:
    """Fill in what a release before did not keep of what it heard, and nothing else.

    From the very history that was heard to its end: an older one would put back what changed since.
    """
    whole = told.last == document.heard.get(told.stream, Heard()).pair
    filler = completing(domain) if whole else None
    if filler is None or not filler.lacks(document.state, told.stream):
        return document
    try:
        facts = [read_fact(row, domain.known) for row in read_rows(told)]
    except UnreadableFact:
        return document  # it was heard; what it lacks it goes on lacking
    return replace(document, state=filler.complete(document.state, told.stream, facts))


def heard_before(document: Document[Any], told: Told) -> bool:
    """Say whether everything in a history was folded before: it is a repeat."""
    return told.last <= document.heard.get(told.stream, Heard()).pair


def waits(document: Document[Any], told: Told) -> bool:
    """Say whether this history, or a newer one, waits already."""
    held = document.held.get(told.stream)
    return held is not None and told.last <= held.pair


def release(
    domain: Domain[State], document: Document[State], told: Told, under: Circumstances
) -> Folded[State]:
    """Try again to fold a history that waits; the stream is no longer held if it can be.

    It stays held where a newer history has taken the place of this one in quarantine meanwhile.
    """
    if (why := newer(document)) is not None:
        return Folded(document, why)
    held = document.held.get(told.stream)
    free = {name: why for name, why in document.held.items() if name != told.stream}
    after = _fold(domain, replace(document, held=free), told, under, filling=True)
    if held is None or held.pair <= told.last:
        return after
    kept = hold(after.document, told.stream, held.pair, after.blocked or held.reason)
    return Folded(kept, after.blocked)


def hold(document: Document[State], stream: str, pair: Pair, reason: str) -> Document[State]:
    """Hold a complaint for one stream; what waits is in quarantine under this pair."""
    return replace(document, held={**document.held, stream: Held(pair, reason[:300])})


def held_out(document: Document[State], stream: str) -> Document[State]:
    """Forget that a stream is held, for an operator who discards what waits."""
    free = {name: why for name, why in document.held.items() if name != stream}
    return replace(document, held=free)


def newest(histories: Sequence[Told]) -> dict[str, Told]:
    """Keep the newest history of each complaint: an older one may lie behind it."""
    return {each.complaint: each for each in sorted(histories, key=lambda each: each.last)}


def adopt(
    domain: Domain[State], document: Document[State], told: Told, *, snapshot: bool = False
) -> Document[State]:
    """Take back, from its own stream, what a restored store lacks; raises UnreadableFact.

    The facts of a snapshot stream were never part of the history: they go into the state alone.
    """
    if (why := newer(document)) is not None:
        raise UnreadableFact(why)
    own = {row["id"] for row in document.facts}
    state, rows = document.state, list(document.facts)
    for row in read_rows(told):
        if row["id"] in own:
            continue
        fact = read_fact(row, domain.known)
        state = domain.fold(state, fact)
        if not snapshot:
            rows = list(redacted(domain.stream, domain.known, [*rows, row], fact.data))
    rows.sort(key=lambda row: row["pair"])
    return replace(document, state=state, facts=tuple(rows))


def read_rows(told: Told) -> Sequence[Any]:
    """Read the body of a history; a tombstone reads as one fact that says so."""
    if told.body is None:
        kind = f"{told.stream}.erased.v1"
        return [
            {
                "id": fact_id(told.complaint, kind, str(told.last)),
                "pair": list(told.last),
                "type": kind,
                "at": "1970-01-01T00:00:00.000Z",
                "cause": "tombstone",
                "data": {},
            }
        ]
    try:
        history = orjson.loads(told.body)
        rows: Sequence[Any] = history["facts"]
        if history["complaint"] != told.complaint or not isinstance(rows, list) or not rows:
            raise UnreadableFact("the body is not the history its envelope names")
        if rows[-1]["pair"] != list(told.last):
            raise UnreadableFact("the envelope's ce_sequence is not the pair of the last fact")
    except (orjson.JSONDecodeError, KeyError, TypeError, IndexError):
        raise UnreadableFact("the body is not a history") from None
    return rows


def _fold(
    domain: Domain[State],
    document: Document[State],
    told: Told,
    under: Circumstances,
    filling: bool,  # noqa: FBT001 - as who calls was asked
) -> Folded[State]:
    before = document.heard.get(told.stream, Heard())
    heard, folded = list(before.ids), set(before.ids)
    at, blocked = before.pair, None
    try:
        rows = read_rows(told)
        document = _astray(document, told.stream, before, rows)
        new = list(rows_above(rows, at))  # whole: out of order, one could be left out for ever
        for row in new:
            fact = read_fact(row, domain.known)
            local = fact.id[:LOCAL_ID]
            if local not in folded:
                document = _take_in(domain, document, fact, under)
                heard.append(local)
                folded.add(local)
            at = fact.pair
    except Exception as broken:  # noqa: BLE001 - whatever the fold raises holds the complaint
        blocked = f"{type(broken).__name__}: {broken}"[:300]
    if at != before.pair:
        document = replace(document, heard={**document.heard, told.stream: Heard(at, tuple(heard))})
    if blocked is not None:
        return Folded(hold(document, told.stream, told.last, blocked), blocked)
    return Folded(_completed(domain, document, told) if filling else document)


def _take_in(
    domain: Domain[State], document: Document[State], fact: Fact, under: Circumstances
) -> Document[State]:
    if fact.data is None:
        return document  # a type from a newer producer: counts as heard
    state = domain.fold(document.state, fact)
    facts = tuple(redacted(domain.stream, domain.known, document.facts, fact.data))
    document = replace(document, state=state, facts=facts)
    payloads = tuple(domain.react(state, fact, under.now))
    if not payloads:
        return document
    return record(domain, document, payloads, Cause(fact.id, trace=fact.trace), under)


def _astray(
    document: Document[State], stream: str, before: Heard, rows: Sequence[Mapping[str, Any]]
) -> Document[State]:
    """Note facts that were heard and that a restored line lacks."""
    if not before.ids or rows[-1]["pair"][0] == before.pair.epoch:
        return document
    line = {row["id"][:LOCAL_ID] for row in rows}
    lost = tuple(local for local in before.ids if local not in line)
    if not lost:
        return document
    return replace(document, astray={**document.astray, stream: lost})
