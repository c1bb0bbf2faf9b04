"""A store that is put back to an older state, and what only the lost one knew."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from shared.contracts.envelope import Unreadable
from shared.contracts.fact import LOCAL_ID
from shared.contracts.topics import STREAMS, heard_by
from shared.runtime.document import Document
from shared.runtime.reading import told
from tests.simulation.store import Kept

if TYPE_CHECKING:
    from tests.simulation.world import World

AnyDocument = Document[Any]


@dataclass(slots=True)
class Lost:
    """What nobody can know any more: told to nobody, or only in what the log has let go."""

    facts: set[str] = field(default_factory=set)
    complaints: set[str] = field(default_factory=set)
    names: dict[tuple[str, str, str, str], set[str]] = field(
        default_factory=lambda: defaultdict(set)
    )
    """By service, complaint, type and cause, the ids of the facts that were lost."""
    requests: set[tuple[str, str]] = field(default_factory=set)
    """By service and request."""
    notices: set[str] = field(default_factory=set)


def restore(world: World, service: str, backup: Kept) -> None:
    """Put a service's store back to a backup, as an operator does: stopped, under a new epoch."""
    node, both = world.nodes[service], world.processes[service]
    for process in both:
        process.kill()
    note_what_is_lost(world, service, backup)
    node.store.put_back(backup, world.scheduler.now // 1000)
    world.broker.begin_afresh(service)
    for process in both:
        process.start()


def note_what_is_lost(world: World, service: str, backup: Kept) -> None:
    """Compare what the store knew with the backup and with what its own stream still carries."""
    told_still = newest_rows(world, service)
    for key, document in world.nodes[service].store.documents.items():
        saved = backup.known.get(key)
        if saved is None and key not in told_still:
            world.lost.complaints.add(key)
        known = {row["id"] for row in saved.facts} if saved else set()
        known |= told_still.get(key, set())
        for row in document.facts:
            if row["id"] in known:
                continue
            world.lost.facts.add(row["id"])
            world.lost.complaints.add(key)
            world.lost.names[service, key, row["type"], row["cause"]].add(row["id"])
            if row["request"]:
                world.lost.requests.add((service, row["request"]))
    if service == "notification":
        noted = {
            row["data"]["notice"]
            for document in world.nodes[service].store.documents.values()
            for row in document.facts
            if row["id"] not in world.lost.facts
        }
        world.lost.notices |= world.mailbox.delivered.keys() - noted


def newest_rows(world: World, service: str) -> dict[str, set[str]]:
    """Give, by complaint, the facts that the newest history of a service's stream carries."""
    voice = world.nodes[service].part.voice
    stream = next((each for each in STREAMS.values() if each.message == voice.type), None)
    found: dict[str, Any] = {}
    for record in world.broker.records(voice.topic) if stream else ():
        try:
            history = told(record, stream.name, stream.message)  # type: ignore[union-attr]
        except Unreadable:
            continue
        before = found.get(history.complaint)
        if before is None or history.last >= before.last:
            found[history.complaint] = history
    return {key: _ids(history.body) for key, history in found.items()}


def _ids(body: bytes) -> set[str]:
    """Name the facts of a body; one that broke on its way carries none."""
    try:
        return {row["id"] for row in orjson.loads(body)["facts"]}
    except orjson.JSONDecodeError:
        return set()


def astray(world: World) -> set[tuple[str, str]]:
    """List, as the audit does, by complaint and stream what readers heard and producers lack."""
    producers = {node.part.domain.stream: node for node in world.nodes.values()}
    listed = set()
    for node in world.nodes.values():
        for stream in heard_by(node.part.service):
            if stream.name not in producers:
                continue
            telling = producers[stream.name].store.documents
            for key, document in node.store.documents.items():
                heard = document.heard.get(stream.name)
                told_ids = (
                    {row["id"][:LOCAL_ID] for row in telling[key].facts}
                    if key in telling
                    else set()
                )
                if heard and not set(heard.ids) <= told_ids:
                    listed.add((key, stream.name))
    return listed
