"""Pages of a list of which who asks may not see all: what is hidden is not named either."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from shared.runtime.document import Document

Listed = TypeVar("Listed")

MOST_READ = 100
"""Documents of one reading of the store."""
READINGS = 10
"""Readings of the store for one page."""
KEPT = 13
"""Characters of a hidden complaint's id that a cursor has: its moment, not the complaint."""


async def seen_page(
    read: Callable[[str, int], Awaitable[list[Document[Listed]]]],
    sees: Callable[[Document[Listed]], bool],
    place: Callable[[Document[Listed]], Any],
    after: str,
    limit: int,
) -> tuple[list[Document[Listed]], str | None]:
    """Give up to ``limit`` documents that who asks sees, and where the next page begins.

    ``read`` gives so many documents behind a place. That is the place of the last one shown, so
    that nothing names one that is not. After ``READINGS`` the page is short, and may be empty.
    """
    shown: list[Document[Listed]] = []
    low, most = after, limit
    for _ in range(READINGS):
        found = await read(low, most)
        shown += filter(sees, found)
        if len(shown) >= limit:
            return shown[:limit], str(place(shown[limit - 1]))
        if len(found) < most:
            return shown, None
        low, most = str(place(found[-1])), MOST_READ
    if shown:
        return shown, str(place(shown[-1]))
    shelf, slash, complaint = low.rpartition("/")
    return shown, max(after, f"{shelf}{slash}{complaint[:KEPT]}")
