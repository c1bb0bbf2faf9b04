"""What notification tells: notice histories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from shared.contracts.fact import Payload
from shared.contracts.wording import ShortText

HISTORY = "notice.history.v1"


class Notice(Payload):
    """Fields every fact about a notice (pemberitahuan) has."""

    notice: str
    """Stable id, derived from the fact it is about and the audience, whatever the channel."""
    about: str
    """Type of the fact it is about."""
    audience: str
    """``reporter`` or an agency code."""
    channel: str
    """By which it ended: ``email``, ``sms``, ``chat``, or ``letter`` that a clerk printed."""


class NoticeSent(Notice):
    """The channel took the notice."""

    type: ClassVar[str] = "notice.sent.v1"


class NoticeFailed(Notice):
    """The notice will not be delivered: the channel refused it, or nobody can be reached."""

    type: ClassVar[str] = "notice.failed.v1"

    reason: ShortText


class NoticeDead(Notice):
    """The notice was given up: every attempt was put off, on every channel that was open."""

    type: ClassVar[str] = "notice.dead.v1"

    reason: ShortText


class NoticeUncertain(Notice):
    """The channel fell silent while it had the notice; it is not sent again blindly."""

    type: ClassVar[str] = "notice.uncertain.v1"

    reason: ShortText


class NoticeReplayed(Notice):
    """An operator has a notice sent again that was dead or uncertain; it ends once more."""

    type: ClassVar[str] = "notice.replayed.v1"


FACTS: Mapping[str, type[Payload]] = {
    fact.type: fact
    for fact in (NoticeSent, NoticeFailed, NoticeDead, NoticeUncertain, NoticeReplayed)
}
