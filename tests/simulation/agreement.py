"""Whether the services say the same of a complaint, and what their facts say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.followup.domain.policy import Term
from shared.contracts.fact import Fact, read_fact
from shared.contracts.topics import heard_by
from shared.runtime.document import Document
from tests.simulation.world import World

AnyDocument = Document[Any]
PRODUCERS = {
    "complaints": "intake",
    "dispositions": "routing",
    "cases": "followup",
    "notices": "notification",
}

_ENDS = ("case.opened.v1", "case.resolved.v1", "case.reopened.v1")
"""What decides, the last of them, whether metrics counts a case as done."""
_FILES = ("attachment.added.v1", "attachment.refused.v1")
_ANSWERS = ("appeal.filed.v1", "appeal.refused.v1")


def documents(world: World, service: str) -> Mapping[str, AnyDocument]:
    return world.nodes[service].store.documents


def contact_alone(world: World, service: str, key: str) -> bool:
    """Say whether all that is left of a lost complaint is its contact, which no fact goes with."""
    return key in world.lost.complaints and {*documents(world, service)[key].heard} == {"contacts"}


def states_agree(world: World) -> Iterator[str]:
    """Intake, routing, followup, notification and metrics say the same of a complaint."""
    for key, document in documents(world, "intake").items():
        if not document.facts or any(key == listed for listed, _ in world.listed):
            continue
        views = {name: documents(world, name).get(key) for name in world.nodes}
        if any(view is None or view.held for view in views.values()):
            continue
        routing, followup, notification, metrics = (
            views[name].state  # type: ignore[union-attr]
            for name in ("routing", "followup", "notification", "metrics")
        )
        stages = {
            "none": ("received", "verified"),
            "open": ("in_progress",),
            "answered": ("answered",),
            "declined": ("returned",),
            "resolved": ("resolved",),
        }
        state = document.state
        set_aside = routing.stage in ("deferred", "archived") or routing.main is not None
        aside = (routing.stage,) if set_aside else None
        if state.status not in (*(aside or stages[followup.stage]), "withdrawn"):
            yield f"{key[:8]} is {state.status} at intake and {followup.stage} at followup"
        waits = followup.stage in ("none", "declined")
        if not aside and routing.stage not in (
            "queue" if waits else "routed",
            "resolved",
            "withdrawn",
        ):
            yield f"{key[:8]} is {routing.stage} at routing and {followup.stage} at followup"
        if not aside and (routing.stage == "resolved") != (followup.stage == "resolved"):
            yield f"{key[:8]} is {routing.stage} at routing and {followup.stage} at followup"
        if not routing.turn == followup.turn == state.routed_turn == state.case_turn:
            yield f"{key[:8]} has other turns at routing, followup and intake"
        agencies = {routing.agency, followup.agency, notification.agency, state.routed_to}
        if len(agencies) > 1:
            yield f"{key[:8]} lies with {agencies}"
        measures = {each.measure for each in metrics.milestones}
        told = views["followup"].facts  # type: ignore[union-attr]
        ends = [each["type"] for each in told if each["type"] in _ENDS]
        done = ends[-1:] == ["case.resolved.v1"]
        if ("received" not in measures) or ("resolved" in measures) != done:
            yield f"metrics counted {sorted(measures)} of {key[:8]}, which is {followup.stage}"


def debts_agree(world: World) -> Iterator[str]:
    """What a digest of notification would name is what lies open on the agency's desk."""
    for key, document in documents(world, "followup").items():
        view, case = documents(world, "notification").get(key), document.state
        listed = any(key == each for each, _ in world.listed)
        if view is None or view.held or document.held or listed:
            continue
        owed = view.state.owed
        waits = case.place is not None and case.stage == "open"
        clock = Term.RESPOND if case.responded_at is None else Term.COMPLETE
        due_on = case.due_on(clock) if waits else None
        due = f"{case.agency}|{due_on}" if due_on else None
        if owed.place != due:
            yield f"followup waits for {due} of {key[:8]}, and notification for {owed.place}"


def withdrawals_agree(world: World) -> Iterator[str]:
    """What its reporter took back is withdrawn at routing and followup, and nothing else is."""
    for key, document in documents(world, "intake").items():
        said = document.state.withdrawn_at is not None
        for service in ("routing", "followup"):
            view = documents(world, service).get(key)
            listed = any(key == each for each, _ in world.listed)
            if view and not view.held and not listed and view.state.withdrawn != said:
                yield f"{key[:8]} is {'' if said else 'not '}withdrawn, and {service} disagrees"


def nobody_was_misled(world: World) -> Iterator[str]:
    """Of what was known to be withdrawn nobody was told that it goes on."""
    for said in world.mailbox.misled:
        yield f"{said} was to be told, and it was withdrawn"


def objections_are_answered(world: World) -> Iterator[str]:
    """Whoever objected to an end has a senior's date, or reads why nobody decides."""
    for key, document in documents(world, "intake").items():
        case = documents(world, "followup").get(key)
        if case is None or case.held or any(key == listed for listed, _ in world.listed):
            continue
        answered = sum(row["type"] in _ANSWERS for row in case.facts)
        if answered < len(document.state.appealed):
            yield f"{len(document.state.appealed)} objections to {key[:8]} have {answered} answers"


def files_have_ended(world: World) -> Iterator[str]:
    """Of each file that a publisher named it is known what became of it, and it became that once.

    What the network said is drawn, so what a lost store had kept may be refused when made again.
    """
    for key, document in documents(world, "intake").items():
        ends = sorted(
            (row["data"].get("about", ""), row["data"]["named"])
            for row in document.facts
            if row["type"] in _FILES and "named" in row["data"]
        )
        files = sorted(
            (row["id"] if at else "", nth)
            for at, row in enumerate(document.facts)
            for nth in range(1, row["data"].get("files", 0) + 1)
        )
        if ends != files or document.state.promised:
            yield f"of the files {files} of {key[:8]} {ends} have ended"
        kept = {each.sha256 for each in document.state.attachments}
        if len(kept) != len(document.state.attachments):
            yield f"a file of {key[:8]} is kept twice"


def states_follow_from_facts(world: World) -> Iterator[str]:
    """A state computed again, from own and heard facts in another order of streams, is the same."""
    for service in ("routing", "followup", "metrics"):
        domain = world.nodes[service].part.domain
        streams = [stream.name for stream in heard_by(service)]
        for key, document in documents(world, service).items():
            if any(key == listed for listed, _ in world.listed) or key in world.lost.complaints:
                continue  # what was made again stands under a later time than some have heard
            state = domain.begin(key)
            for fact in _facts(world, domain.known, service, key, streams):
                state = domain.fold(state, fact)
            if _comparable(state) != _comparable(document.state):
                yield f"{service}'s state of {key[:8]} does not follow from its facts"


def _facts(
    world: World, known: Mapping[str, Any], service: str, key: str, streams: list[str]
) -> Iterator[Fact]:
    for name in sorted({PRODUCERS[stream] for stream in streams if stream in PRODUCERS}):
        told = documents(world, name).get(key)
        for row in told.facts if told else ():
            yield read_fact(row, known)
    for row in documents(world, service)[key].facts:
        yield read_fact(row, known)


def _comparable(state: Any) -> Any:
    milestones = getattr(state, "milestones", None)
    return state if milestones is None else sorted(milestones, key=str)
