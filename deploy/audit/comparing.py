"""Compare what five services know of one complaint. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from deploy.audit.agreeing import disagreements
from deploy.audit.erasing import nameless, unforgotten
from deploy.audit.finding import Finding, Kind
from shared.contracts.fact import NOTHING, Pair
from shared.contracts.topics import SERVICES, STREAMS, heard_by
from shared.runtime.document import Document
from shared.runtime.timing import micros, moment

Documents = Mapping[str, Document[Any]]
"""By service; a service that does not know the complaint is absent."""
LONGEST_WAY = timedelta(days=1)
"""Older than this nothing is under way, whatever a service says of its view."""
UNTOLD_FOR = timedelta(minutes=1)
UNTOLD_SETTLED = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Currency:
    """Up to when each service has heard each stream. ``settled``: nothing is under way any more."""

    now: datetime
    through: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    settled: bool = False

    def under_way(self, reader: str, stream: str, at: datetime) -> bool:
        """Say whether the reader may not have heard yet what happened then."""
        if self.settled:
            return False
        # Contacts have no beat of their own; they are told together with complaints.
        stream = "complaints" if stream == "contacts" else stream
        heard = self.through.get((reader, stream))
        floor = self.now - LONGEST_WAY
        return at > (max(heard, floor) if heard else floor)


def compare(complaint: str, documents: Documents, currency: Currency) -> Iterator[Finding]:
    """Give everything that is not as it should be with one complaint."""
    for service, document in documents.items():
        yield from of_one(complaint, service, document, currency)
    intake = documents.get("intake")
    if intake is None or not intake.facts:
        for service in documents:
            if service != "intake":
                sentence = f"{service} knows it and intake never accepted it"
                yield Finding(Kind.STRAY, complaint, service, sentence)
        return
    late = False
    for service in SERVICES:
        for finding in _of_reader(complaint, service, documents, currency):
            late = True
            yield finding
    if not late:
        for service, sentence in disagreements(documents):
            yield Finding(Kind.STATE, complaint, service, sentence)
        if intake.state.erased_at is not None:
            yield from _of_erased(complaint, documents)


def last_told(stream: str, documents: Documents) -> Pair:
    """Give the last pair of a stream as its teller's store has it."""
    teller = documents.get(STREAMS[stream].producer)
    if teller is None:
        return NOTHING
    if stream == "contacts":
        version = teller.state.contact_version
        return Pair(teller.state.contact_epoch, version) if version else NOTHING
    return teller.last


def _of_reader(
    complaint: str, reader: str, documents: Documents, currency: Currency
) -> Iterator[Finding]:
    known = documents.get(reader)
    for stream in heard_by(reader):
        told = last_told(stream.name, documents)
        if known is not None and stream.name in known.held:
            held = known.held[stream.name]
            sentence = f"{reader} holds {stream.name} at {held.pair}: {held.reason}"
            yield Finding(Kind.HELD, complaint, reader, sentence)
            continue
        heard = known.heard.get(stream.name) if known is not None else None
        at = heard.pair if heard is not None else NOTHING
        if at == told:
            continue
        teller = stream.producer
        if at > told:
            sentence = f"{reader} has heard {stream.name} up to {at} and {teller} has only {told}"
            yield Finding(Kind.AHEAD, complaint, reader, sentence)
            continue
        since = _first_above(stream.name, documents[teller], at)
        if currency.under_way(reader, stream.name, since):
            kind = Kind.UNDER_WAY
            sentence = f"news in {stream.name} on its way from {teller} to {reader}"
        else:
            kind = Kind.MISSING if known is None else Kind.BEHIND
            sentence = f"{reader} has heard {stream.name} up to {at} and {teller} has {told}"
        yield Finding(kind, complaint, reader, sentence, teller=teller)


def _first_above(stream: str, teller: Document[Any], heard: Pair) -> datetime:
    """Give the time of the first thing told that was not heard."""
    if stream != "contacts":
        for row in teller.facts:
            if Pair(*row["pair"]) > heard:
                return datetime.fromisoformat(row["at"])
    received: datetime | None = getattr(teller.state, "received_at", None)
    newest = moment(teller.changed_at)
    if stream == "contacts" and teller.state.contact_version == 1 and received is not None:
        return received
    return newest.astimezone(UTC)


def _of_erased(complaint: str, documents: Documents) -> Iterator[Finding]:
    """Say that the reporter was erased, or who has something of the person left."""
    left = list(unforgotten(documents))
    for service, sentence in left:
        yield Finding(Kind.STATE, complaint, service, sentence)
    for service, sentence in nameless(documents):
        yield Finding(Kind.NAMES_NOTHING, complaint, service, sentence)
    if not left:
        at = documents["intake"].state.erased_at.isoformat(timespec="seconds")
        sentence = f"its reporter was erased at {at}: contact and words are gone everywhere"
        yield Finding(Kind.ERASED, complaint, "intake", sentence)


def of_one(
    complaint: str, service: str, document: Document[Any], currency: Currency
) -> Iterator[Finding]:
    """Give what is not as it should be with one document by itself."""
    if problem := flaw_of(document):
        yield Finding(Kind.HISTORY, complaint, service, f"{service}: {problem}")
    if document.untold is not None:
        patience = UNTOLD_SETTLED if currency.settled else UNTOLD_FOR
        if document.untold < micros(currency.now - patience):
            since = moment(document.untold).isoformat(timespec="seconds")
            sentence = f"{service} has not told what changed since {since}"
            yield Finding(Kind.UNTOLD, complaint, service, sentence)
    for stream, ids in document.astray.items():
        sentence = f"{service} heard {len(ids)} facts of {stream} that the restored line lacks"
        yield Finding(Kind.ASTRAY, complaint, service, sentence)


def flaw_of(document: Document[Any]) -> str | None:
    """Say what is wrong with a history; nothing if it is whole."""
    pairs = [Pair(*row["pair"]) for row in document.facts]
    if any(later <= earlier for earlier, later in pairwise(pairs)):
        return "its facts are not in order"
    if [pair.sequence for pair in pairs] != list(range(1, len(pairs) + 1)):
        return "its facts have a gap"
    ids = [row["id"] for row in document.facts]
    if len(ids) != len(set(ids)):
        return "a fact stands in it twice"
    return None
