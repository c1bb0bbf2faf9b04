"""The beat of a service: evidence up to when its readers can have heard it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict


class Beat(BaseModel):
    """Everything the service did up to ``through`` lies below ``ends`` on its stream.

    ``ends`` gives, per partition number of the stream's topic, the offset after its last record.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str] = "service.beat.v1"

    service: str
    stream: str
    through: AwareDatetime
    ends: dict[int, int]
    incarnation: str
    """Of the bus; ends of another incarnation say nothing."""
