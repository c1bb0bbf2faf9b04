"""How the last attempt at a notice is told."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from services.notification.domain.ending import without
from services.notification.domain.message import Outcome
from services.notification.domain.notice import Notices, Pending
from shared.contracts import notification
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    Domain,
    HistoryFull,
    record,
)

_TOLD: Mapping[str, type[notification.Notice]] = {
    "sent": notification.NoticeSent,
    "failed": notification.NoticeFailed,
    "retry": notification.NoticeDead,
    "uncertain": notification.NoticeUncertain,
}
"""By the outcome of the attempt that was the last."""


def close(
    domain: Domain[Notices],
    document: Document[Notices],
    mine: Pending,
    outcome: Outcome,
    under: Circumstances,
    why: Cause | None = None,
) -> Document[Notices]:
    """Tell how a notice ended.

    Where the history is full it is dropped: it would be due first for ever.
    """
    told = _TOLD[outcome.kind]
    said = {
        "notice": mine.notice,
        "about": mine.about,
        "audience": document.state.audience_of(mine),
        "channel": outcome.channel,
    }
    if "reason" in told.model_fields:
        said["reason"] = outcome.reason[:200] or "no reason was given"
    ended = told.model_validate(said)
    try:
        cause = replace(why or Cause(""), id=_cause(mine))
        return record(domain, document, [ended], cause, under)
    except HistoryFull:
        left = without(document.state, mine.notice)
        return replace(document, state=replace(left, unrecorded=left.unrecorded + 1))


def _cause(pending: Pending) -> str:
    """Name an end by its notice, and by its round where it is not the first."""
    again = f"/{pending.rounds}" if pending.rounds else ""
    return f"notice/{pending.notice}{again}"
