"""Whether what was archived is so everywhere, and who was archived for silence was silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from shared.contracts.routing import ArchiveReason
from shared.runtime.timing import moment
from tests.simulation.agreement import documents
from tests.simulation.parts import WINDOW
from tests.simulation.scheduler import SECOND
from tests.simulation.world import World

_DEFERRED, _ARCHIVED = "complaint.deferred.v1", "complaint.archived.v1"
_REPLIED = "reporter.replied.v1"
_SPEAKS = (_REPLIED, "complaint.amended.v1", "attachment.added.v1")
LATEST = 100 * SECOND
"""A beat lies a minute back, and it takes a while until it was told, heard, noted and looked at."""


def archives_agree(world: World) -> Iterator[str]:
    """What is archived is so at routing and followup, and whoever reported it reads that."""
    for key, document in documents(world, "routing").items():
        views = [documents(world, name).get(key) for name in ("intake", "followup")]
        listed = any(key == each for each, _ in world.listed)
        if document.held or listed or any(view is None or view.held for view in views):
            continue
        intake, followup = (view.state for view in views if view)
        archived = document.state.archival is not None
        if followup.archived != archived:
            yield f"{key[:8]} is {document.state.stage} at routing, and followup disagrees"
        shown = intake.aside is not None and intake.aside.status == "archived"
        if shown != archived and document.state.main is None:
            yield f"{key[:8]} is {document.state.stage} at routing, and its reporter reads another"


def nobody_was_archived_who_spoke(world: World) -> Iterator[str]:
    """3.5: whoever completed a report in time is not archived for silence, however late it came.

    What an older release of routing does not know as words, it cannot take for them.
    """
    words = [kind for kind in _SPEAKS if not (world.scenario.older_readers and kind == _REPLIED)]
    for key, document in documents(world, "routing").items():
        told = documents(world, "intake").get(key)
        if told is None or key in world.lost.complaints:
            continue
        said = [_at(row) for row in told.facts if row["type"] in words]
        rows = [row for row in document.facts if row["type"].startswith("complaint.")]
        for asked, archived in pairwise(rows):
            if not _lapsed(archived) or asked["type"] != _DEFERRED:
                continue
            over = _over(asked)
            if any(_at(asked) < at < over for at in said):
                yield f"{key[:8]} was archived for silence, and its reporter had spoken"
            if _at(archived) < over:
                yield f"{key[:8]} was archived before its date was over"


def who_was_silent_was_archived(world: World) -> Iterator[str]:
    """What was not completed in time is archived once that is known."""
    known = moment(world.scheduler.since_lived(LATEST))
    for key, document in documents(world, "routing").items():
        state = document.state
        if state.stage == "deferred" and not document.held:
            over = WINDOW.calendar.end_of(state.deferral.complete_by)
            if over < known:
                yield f"{key[:8]} waits for its reporter since {over}, and is not archived"


def _lapsed(row: Any) -> bool:
    return (row["type"], row["data"].get("reason")) == (_ARCHIVED, ArchiveReason.NOT_COMPLETED)


def _at(row: Any) -> datetime:
    return datetime.fromisoformat(row["at"])


def _over(row: Any) -> datetime:
    return WINDOW.calendar.end_of(date.fromisoformat(row["data"]["complete_by"]))
