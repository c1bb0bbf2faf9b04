"""What reporters hand in."""

from __future__ import annotations

import base64
from random import Random

from shared.contracts.intake import Submission

_JWE = base64.urlsafe_b64encode(b'{"alg":"ECDH-ES","enc":"A256GCM"}').decode().rstrip("=")


def a_contact(chance: Random) -> str | None:
    return f"{_JWE}..n.{chance.randrange(10**6)}.t" if chance.random() < 0.7 else None


def a_draft(chance: Random, mark: str) -> Submission:
    return Submission(
        reference=mark,
        title="Jalan berlubang",
        text=f"Jalan di depan pasar berlubang ({mark}).",
        category="jalan" if chance.random() < 0.6 else None,
        area=chance.choice(("81.71.01", "81.71.02", "81.71.03")),
    )
