"""Whether the services say the same of reports that follow others, and of what was set aside."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.agreement import AnyDocument, documents
from tests.simulation.world import World


def followers_agree(world: World) -> Iterator[str]:
    """What follows another does so everywhere, rests, and knows how far that one is."""
    for key, document in documents(world, "routing").items():
        known = (documents(world, name).get(key) for name in ("intake", "followup"))
        views = [each for each in known if each is not None and not each.held]
        if len(views) < 2 or document.held or any(key == listed for listed, _ in world.listed):
            continue
        intake, followup = (each.state for each in views)
        state, aside = document.state, intake.aside
        if followup.merged != (state.main is not None):
            yield f"{key[:8]} follows {state.main} at routing, and followup says {followup.merged}"
        if state.main is not None and (followup.place or followup.rung or [*followup.running()]):
            yield f"{key[:8]} follows another, and its agency is to answer it"
        follows = (aside.main, aside.number) if aside and aside.status == "merged" else (None, None)
        if follows != (state.main, state.main_number):
            yield f"{key[:8]} follows {state.main} at routing and {follows} at intake"
        if state.main is not None and not state.withdrawn:
            yield from _is_led(world, key, document)


def _is_led(world: World, key: str, document: AnyDocument) -> Iterator[str]:
    """Say whether somebody handles what a report follows, and whether it was told what became."""
    main = documents(world, "routing")[document.state.main].state
    if main.main is not None or main.stage in ("withdrawn", "archived"):
        yield f"{key[:8]} follows one that is {main.stage}"
    if not main.leads:
        yield f"{key[:8]} follows one that nobody is known to follow"
    if main.steps > document.state.followed:
        yield f"{key[:8]} was told {document.state.followed} of {main.steps} steps of its main one"


def deferrals_agree(world: World) -> Iterator[str]:
    """What waits for its reporter says everywhere until when, and for what."""
    for key, document in documents(world, "routing").items():
        intake = documents(world, "intake").get(key)
        if intake is None or intake.held or document.held:
            continue
        if any(key == listed for listed, _ in world.listed):
            continue
        aside, deferral = intake.state.aside, document.state.deferral
        shown = aside if aside and aside.status == "deferred" else None
        waits = deferral if document.state.stage == "deferred" else None
        if document.state.withdrawn:
            continue
        if (shown.complete_by if shown else None) != (waits.complete_by if waits else None):
            yield f"{key[:8]} waits until {waits} at routing and {shown} at intake"
