"""What officers wrote to a reporter, and where it stands in their streams."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from shared.contracts.fact import NOTHING, Pair


class Answer(Struct, frozen=True, omit_defaults=True):
    """What an agency answered, as its reporter reads it (tanggapan instansi)."""

    at: datetime
    agency: str
    text: str
    pair: Pair = NOTHING
    interim: bool = False
    reply_by: date | None = None


class Ruling(Struct, frozen=True, omit_defaults=True):
    """What became of the reporter's objection, and why (putusan keberatan); ``what`` is the fact.

    ``outcome`` is ``upheld`` or ``dismissed``; where nobody decides, why, and ``until`` when there
    was time.
    """

    at: datetime
    what: str
    outcome: str
    agency: str | None = None
    text: str | None = None
    pair: Pair = NOTHING
    until: date | None = None
    moot_by: str | None = None
    """What left it without a decision, where that is known."""


SetAside = Literal["deferred", "archived", "merged"]


class Aside(Struct, frozen=True, omit_defaults=True):
    """Why a complaint is not with anybody who could act on it (tunda, arsip, digabung).

    ``missing`` are pairs of a code and of words that may be empty. ``main`` is the complaint that
    it follows, ``number`` what people know that one by.
    """

    status: SetAside
    at: datetime
    missing: tuple[tuple[str, str], ...] = ()
    complete_by: date | None = None
    reason: str | None = None
    words: str | None = None
    pair: Pair = NOTHING
    main: str | None = None
    number: str | None = None
    repeats: Pair | None = None
    """Where these words stood first, if they were said before."""
