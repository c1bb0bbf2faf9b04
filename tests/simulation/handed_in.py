"""What reporters hand in."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from random import Random
from typing import Any
from zlib import crc32

from services.intake.domain import acts
from shared.contracts.intake import ComplaintAmended, ReporterReplied, Submission
from shared.contracts.vocabulary import Kind
from shared.runtime.document import Document

KINDS = tuple(Kind)
Doing = Callable[..., Document[Any]]

_JWE = base64.urlsafe_b64encode(b'{"alg":"ECDH-ES","enc":"A256GCM"}').decode().rstrip("=")


def a_contact(chance: Random) -> str | None:
    return sealed(str(chance.randrange(10**6))) if chance.random() < 0.7 else None


def sealed(content: str) -> str:
    """Seal what has no dot, as far as anybody can tell."""
    return f"{_JWE}..n.{content}.t"


def inside(sealed: str) -> str:
    """Open what was sealed; raises ValueError."""
    _, _, _, content, _ = sealed.split(".")
    return content


def a_draft(chance: Random, mark: str) -> Submission:
    return Submission(
        reference=mark,
        kind=KINDS[crc32(mark.encode()) % len(KINDS)],
        title="Jalan berlubang",
        text=f"Jalan di depan pasar berlubang ({mark}).",
        category="jalan" if chance.random() < 0.6 else None,
        area=chance.choice(("81.71.01", "81.71.02", "81.71.03")),
        confidential=chance.random() < 0.15,
    )


def doings(text: str, says: Mapping[str, Any]) -> Mapping[str, tuple[Doing, Any]]:
    """Give what a reporter does, and with what, by the fact that it makes."""
    return {
        "reporter.replied.v1": (acts.reply, ReporterReplied(text=text)),
        "complaint.withdrawn.v1": (acts.withdraw, None),
        "complaint.amended.v1": (acts.amend, ComplaintAmended(text=text)),
        "reporter.rated.v1": (acts.rate, acts.Rating(3, solved=says.get("solved"))),
        "reporter.appealed.v1": (acts.appeal, text),
    }
