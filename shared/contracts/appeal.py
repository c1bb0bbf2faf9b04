"""What intake tells of a reporter who does not accept how a case ended."""

from __future__ import annotations

from typing import ClassVar

from shared.contracts.fact import Payload
from shared.contracts.wording import Text


class ReporterAppealed(Payload):
    """The reporter objects to how the case ended (keberatan pelapor)."""

    type: ClassVar[str] = "reporter.appealed.v1"

    about: str
    """Id of the ``case.resolved.v1`` that is objected to."""
    text: Text
