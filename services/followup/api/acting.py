"""What an officer does to a complaint, from the request to its answer."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from fastapi import Depends, Response

from shared.runtime.document import Cause
from shared.runtime.web import Asked, IfMatch


class Act(NamedTuple):
    """Which complaint is changed, who asks under which id, and at which revision it was seen.

    ``response`` is the answer on its way.
    """

    complaint: str
    request: Cause
    seen: int
    response: Response


async def _act(complaint: str, request: Asked, seen: IfMatch, response: Response) -> Act:
    return Act(complaint, request, seen, response)


Acting = Annotated[Act, Depends(_act)]
"""An officer's act on the complaint that the path names; 428 without the revision seen."""
