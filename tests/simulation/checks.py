"""What must be true when everything has settled; each finding is a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson

from services.intake.handlers import of_request
from shared.contracts.fact import LOCAL_ID, Pair
from shared.contracts.topics import heard_by
from shared.runtime.document import Document, Heard
from tests.simulation import (
    agreement,
    agreement_figures,
    agreement_hidden,
    agreement_leaders,
    agreement_merged,
    agreement_notices,
    agreement_silence,
)
from tests.simulation.agreement import PRODUCERS, contact_alone, documents
from tests.simulation.agreement_late import lateness_agrees
from tests.simulation.bus import PUBLISHER
from tests.simulation.parts import RECEIPTS
from tests.simulation.registers import registers_are_whole
from tests.simulation.restore import astray
from tests.simulation.world import World

AnyDocument = Document[Any]
_OUTCOMES = {True: ("accepted",), False: ("rejected",), None: ("accepted", "rejected")}


class Broken(AssertionError):
    """A run did not end as it must."""


def check(world: World) -> None:
    """Raise Broken with the scenario, the seed and what was found, if anything was."""
    found = list(findings(world))
    if found:
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise Broken(f"{world.scenario.name}, seed {world.seed}: " + "; ".join(found[:5]) + more)


def findings(world: World) -> Iterator[str]:
    """Say everything that is not as it must be."""
    world.listed = astray(world)
    for key, stream in sorted(world.listed):
        if key not in world.lost.complaints:
            yield f"{stream} of {key[:8]} is astray, and no store was lost"
    yield from accepted_stand(world)
    yield from nobody_is_missing(world)
    yield from all_was_heard(world)
    yield from registers_are_whole(world)
    yield from nothing_waits(world)
    yield from what_was_passed_is_kept(world)
    yield from what_is_astray_is_noted(world)
    yield from ids_are_unique(world)
    yield from names_follow_from_causes(world)
    yield from agreement.states_agree(world)
    yield from agreement.debts_agree(world)
    yield from agreement.withdrawals_agree(world)
    yield from agreement.nobody_was_misled(world)
    yield from agreement.objections_are_answered(world)
    yield from agreement.files_have_ended(world)
    yield from agreement.states_follow_from_facts(world)
    yield from agreement_leaders.drafts_are_no_answers(world)
    yield from agreement_leaders.objections_are_decided(world)
    yield from agreement_merged.followers_agree(world)
    yield from agreement_merged.deferrals_agree(world)
    yield from lateness_agrees(world)
    yield from agreement_silence.archives_agree(world)
    yield from agreement_silence.nobody_was_archived_who_spoke(world)
    yield from agreement_silence.who_was_silent_was_archived(world)
    yield from receipts_are_given(world)
    yield from agreement_notices.contacts_arrived(world)
    yield from agreement_notices.nothing_was_delivered_twice(world)
    yield from agreement_notices.pins_open_what_they_are_for(world)
    yield from agreement_hidden.nothing_hidden_is_written(world)
    yield from agreement_hidden.nothing_hidden_is_public(world)
    yield from agreement_hidden.nobody_follows_what_is_hidden(world)
    yield from agreement_figures.figures_are_right(world)
    yield from agreement_figures.rows_are_right(world)
    yield from agreement_figures.what_is_counted_is_told(world)
    yield from agreement_figures.what_was_complete_stays(world)


def accepted_stand(world: World) -> Iterator[str]:
    """What people were told was accepted stands, once, and every answer was the same."""
    for mark, answers in world.people.journal.answers.items():
        accepted = [each for each in answers if each.after is not None]
        since = min((each.after.version for each in accepted if each.after), default=0)
        refused = {each.refusal for each in answers if each.refusal and each.judged >= since}
        if accepted and refused - {"busy"}:
            yield f"request {mark} was accepted and then refused: {sorted(refused)}"
        for each in accepted[:1]:
            document = documents(world, each.service).get(each.complaint)
            if (each.service, mark) in world.lost.requests:
                continue
            if document is None or document.answered(mark) is None:
                yield f"{each.service} forgot request {mark}"
                continue
            rows = [row["type"] for row in document.facts if row["request"] == mark]
            if len(rows) != len(set(rows)):
                yield f"request {mark} stands twice in {each.service}: {rows}"
        numbers = {each.after.state.tracking_number for each in accepted if each.after}
        numbers -= {None}  # another service may hear of it later
        if len(numbers) > 1:
            yield f"request {mark} was given the numbers {sorted(numbers)}"


def nobody_is_missing(world: World) -> Iterator[str]:
    """Every accepted complaint is known to every service, and nothing else is."""
    intake = {key for key, each in documents(world, "intake").items() if each.facts}
    known = set(documents(world, "intake"))
    for service in world.nodes:
        here = set(documents(world, service))
        if missing := (intake - here):
            yield f"{service} has never heard of {len(missing)} complaints"
        strange = here - known - {key for key, _ in world.listed}
        if strange := {key for key in strange if not contact_alone(world, service, key)}:
            yield f"{service} knows {len(strange)} complaints that intake does not"


def all_was_heard(world: World) -> Iterator[str]:
    """Each reader has heard each stream up to its producer's last pair."""
    for service in world.nodes:
        for stream in heard_by(service):
            if stream.name not in PRODUCERS:
                continue
            for key, told in documents(world, PRODUCERS[stream.name]).items():
                mine = documents(world, service).get(key)
                known = mine.heard.get(stream.name, Heard()) if mine else Heard()
                if mine and stream.name in mine.held:
                    continue
                if {row["id"][:LOCAL_ID] for row in told.facts} - set(known.ids):
                    yield f"{service} lacks facts that {stream.name} of {key[:8]} tells"
                heard = known.pair
                if heard == told.last:
                    continue
                if heard > told.last and (key, stream.name) in world.listed:
                    continue
                yield f"{service} heard {stream.name} of {key[:8]} to {heard}, not {told.last}"


def nothing_waits(world: World) -> Iterator[str]:
    """After the upgrade and the operator's mending nothing is held, and nothing waits."""
    for service, node in world.nodes.items():
        for key, document in node.store.documents.items():
            for stream, held in document.held.items():
                yield f"{service} holds {stream} of {key[:8]}: {held.reason}"
                if (key, stream) not in node.store.kept.waiting:
                    yield f"{service} holds {stream} of {key[:8]}, and nothing waits"
        for key, stream in node.store.kept.waiting:
            mine = node.store.documents.get(key)
            if mine is None or stream not in mine.held:
                yield f"{stream} of {key[:8]} waits at {service} and is not held"


def what_was_passed_is_kept(world: World) -> Iterator[str]:
    """Every reader has kept, by its place, each record without a readable envelope."""
    for name, part, offset in world.broker.unreadable:
        log = world.broker.logs[name, part]
        if not any(each.offset == offset for each in log.since(offset, 1)):
            continue  # compacted, or lost with its log
        for service, group in world.broker.groups.items():
            passed = world.nodes[service].store.kept.passed
            if (name, part) in group.parts and (name, part, offset) not in passed:
                yield f"{service} did not keep record {offset} of {name}"


def what_is_astray_is_noted(world: World) -> Iterator[str]:
    """Who has heard a restored line to its end has noted what was heard and it lacks."""
    for key, stream in sorted(world.listed):
        told = documents(world, PRODUCERS[stream]).get(key) if stream in PRODUCERS else None
        line = {row["id"][:LOCAL_ID] for row in told.facts} if told else set()
        for service in world.nodes:
            mine = documents(world, service).get(key)
            heard = mine.heard.get(stream, Heard()) if mine else Heard()
            if mine is None or told is None or heard.pair != told.last:
                continue
            if lost := set(heard.ids) - line - set(mine.astray.get(stream, ())):
                yield f"{service} has not noted {len(lost)} facts of {key[:8]} that are astray"


def ids_are_unique(world: World) -> Iterator[str]:
    """No fact stands twice, and each history is numbered upwards."""
    for service in world.nodes:
        for key, document in documents(world, service).items():
            ids = Counter(row["id"] for row in document.facts)
            if ids and ids.most_common(1)[0][1] > 1:
                yield f"{service} has a fact of {key[:8]} twice"
            pairs = [Pair(*row["pair"]) for row in document.facts]
            if pairs != sorted(set(pairs)):
                yield f"{service} numbers {key[:8]} {pairs}"


def names_follow_from_causes(world: World) -> Iterator[str]:
    """What a restored service made again from the same cause has the name it had."""
    for (service, key, kind, cause), lost in world.lost.names.items():
        document = documents(world, service).get(key)
        rows = document.facts if document else ()
        again = {row["id"] for row in rows if (row["type"], row["cause"]) == (kind, cause)}
        if again and not lost <= again:
            yield f"{service} made {kind} of {key[:8]} again under another name"


def receipts_are_given(world: World) -> Iterator[str]:
    """Every record of the publisher has a receipt, in the same words each time."""
    said: dict[str, set[tuple[str, str, str | None]]] = {}
    for record in world.broker.records(RECEIPTS):
        receipt = orjson.loads(record.value or b"{}")
        said.setdefault(receipt["record"], set()).add(
            (receipt["id"], receipt["outcome"], receipt["complaint"])
        )
    for mark, good in world.people.journal.records.items():
        outcomes, (submitted, _, act) = said.get(mark, set()), mark.partition("/")
        lost = of_request(PUBLISHER, submitted) in world.lost.complaints
        if lost and (act or not outcomes):
            continue  # what was said of it is judged again, by what is known then
        if len(outcomes) != 1:
            yield f"record {mark} got {len(outcomes)} different receipts"
        elif next(iter(outcomes))[1] not in _OUTCOMES[good]:
            yield f"record {mark} got the wrong receipt"
