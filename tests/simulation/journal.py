"""What people know: what they were told, and what they published."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from shared.runtime.document import Document

AnyDocument = Document[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person was told: the request stands, and so does what it caused."""

    service: str
    complaint: str
    request: str
    after: AnyDocument | None
    refusal: str | None
    judged: int
    """Which version of the document it was judged on."""


@dataclass(slots=True)
class Journal:
    """What people know: their answers, and the records they submitted."""

    answers: dict[str, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    records: dict[str, bool | None] = field(default_factory=dict)
    """By the publisher's mark, whether the record must be taken; None where it may be refused."""
