"""Outages that an operator declared while the node ran (gangguan)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import asdict

from services.followup.domain.policy import Outage


class Declared(Struct, frozen=True):
    """One outage, who stands for it, and when they said so; it is never changed."""

    link: str
    since: datetime
    until: datetime
    because: str
    agencies: tuple[str, ...]
    by: str
    at: datetime

    @classmethod
    def of(cls, outage: Outage, by: str, at: datetime) -> Declared:
        """Keep what somebody declares."""
        return cls(**outage.model_dump(), by=by, at=at)

    @property
    def outage(self) -> Outage:
        """Give it as the policy file would have it."""
        said = asdict(self)
        return Outage(**{name: said[name] for name in Outage.model_fields})


class Declarations(Protocol):
    """What operators had declared at any time."""

    def at(self, now: datetime) -> Sequence[Outage]:
        """Give the outages that were declared by a moment, oldest first."""


class _Nothing:
    def at(self, now: datetime) -> Sequence[Outage]:  # noqa: ARG002
        return ()


NOTHING: Declarations = _Nothing()
"""Where nothing was ever declared."""
