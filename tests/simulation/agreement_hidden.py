"""Whether of a confidential report (rahasia) nothing is told to who does not handle it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.metrics.store import TIMELINES
from services.notification.domain.audiences import PIN
from shared.contracts.topics import topic
from tests.simulation.agreement import AnyDocument, documents
from tests.simulation.bus import NODE
from tests.simulation.post import OFFICES
from tests.simulation.world import World

_WORDS = ("title", "text", "words", "reason", "note", "category", "area")
"""Fields of facts that say what a report is about."""


def hidden(world: World) -> Mapping[str, AnyDocument]:
    """Give the confidential reports, as intake has them."""
    return {
        key: document
        for key, document in documents(world, "intake").items()
        if document.facts and document.facts[0]["data"].get("confidential")
    }


def nothing_hidden_is_written(world: World) -> Iterator[str]:
    """Whatever happens to one, its mails say the same, name no agency and quote nobody.

    Nor does notification keep anybody's words of it.
    """
    for key in hidden(world):
        words = _words(world, key) | {each.name for each in OFFICES.values()}
        written = [each for each in world.mailbox.written[key] if each.notice != PIN]
        for to in {each.to for each in written}:
            said = {(each.subject, each.body) for each in written if each.to == to}
            if len(said) > 1:
                yield f"the mails of {key[:8]} to {to} tell what happened to it"
        told = [f"{each.subject} {each.body}" for each in world.mailbox.written[key]]
        if any(word in text for word in words for text in told):
            yield f"a mail of {key[:8]} says what it is about"
        view = documents(world, "notification").get(key)
        kept = f"{view.state} {view.facts}" if view else ""
        if key in world.mailbox.bare or any(word in kept for word in words):
            yield f"notification keeps what was said of {key[:8]}"


def nothing_hidden_is_public(world: World) -> Iterator[str]:
    """None is in the public feed, and of nobody's report a word is in what metrics has or tells."""
    for key in hidden(world):
        timeline = documents(world, "metrics").get(key)
        if timeline is None or timeline.held:
            continue
        if TIMELINES.finds(timeline.state)["newest"] is not None:
            yield f"the feed shows {key[:8]}"
        if any(word in repr(timeline) for word in _words(world, key)):
            yield f"metrics keeps what was said of {key[:8]}"
    for record in world.broker.records(topic(NODE, "metrics")):
        if b"m-" in (record.value or b""):
            yield f"metrics tells what somebody said: {record.key!r}"


def nobody_follows_what_is_hidden(world: World) -> Iterator[str]:
    """No report was merged into one of which nobody else may learn."""
    secret = hidden(world)
    for key, document in documents(world, "routing").items():
        if document.state.main in secret and not document.held:
            yield f"{key[:8]} follows a confidential report"


def _words(world: World, key: str) -> set[str]:
    """Give what anybody said of a report; a single word may stand in any mail."""
    return {
        said
        for service in ("intake", "routing", "followup")
        if (document := documents(world, service).get(key)) is not None
        for row in document.facts
        for said in _said(row["data"])
    }


def _said(data: Mapping[str, Any]) -> Iterator[str]:
    for field in _WORDS:
        if " " in str(data.get(field)):
            yield data[field]
