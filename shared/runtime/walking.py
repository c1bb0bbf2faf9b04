"""Going over an index page by page, past entries that share one place in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Sequence
from typing import TypeVar

Entry = TypeVar("Entry")
Place = TypeVar("Place", bound=Hashable)


async def walked(
    read: Callable[[Place, int], Awaitable[Sequence[Entry]]],
    key: Callable[[Entry], tuple[Place, Hashable]],
    since: Place,
    size: int,
) -> AsyncIterator[list[Entry]]:
    """Go over an index from a place on, each entry once, until there is nothing more.

    ``read`` gives entries from a place on, in the order of their places, and at most so many;
    ``key`` gives an entry's place and its name. What moves meanwhile to a later place is met again
    there. A page with fewer than ``size`` is the last, unless ``read`` leaves entries out.

    Entries of one place come in any order, so there is nothing within it to go on from: a page
    begins where the one before it ended, and asks for as many more as it has seen there. (Sorted by
    name too, a store would read all that is left for each page: no index has that order.)
    """
    seen = set[tuple[Place, Hashable]]()
    while page := await read(since, size + len(seen)):
        fresh = [each for each in page if key(each) not in seen][:size]
        if not fresh:
            return
        yield fresh
        since, _ = key(fresh[-1])
        seen = {each for each in (*seen, *map(key, fresh)) if each[0] == since}
