"""Pages of which who asks may not see all."""

from __future__ import annotations

from shared.runtime.document import Document
from shared.runtime.web.paging import MOST_READ, READINGS, seen_page

HIDDEN, SEEN = "hidden", "seen"


async def pages(kept: list[Document[str]], limit: int) -> tuple[list[str], list[str]]:
    """Read a list to its end; give what was shown, and every cursor."""

    async def read(after: str, most: int) -> list[Document[str]]:
        return [each for each in kept if each.id > f"{after}!"][:most]

    shown: list[str] = []
    cursors: list[str] = []
    after = ""
    while True:
        page, more = await seen_page(
            read, lambda each: each.state == SEEN, lambda each: each.id, after, limit
        )
        shown += [each.id for each in page]
        if more is None:
            return shown, cursors
        assert more > after
        cursors.append(more)
        after = more


def listed(*states: str) -> list[Document[str]]:
    """Give documents, each of a moment of its own."""
    return [Document(f"{at:08d}-0000-7000-{state}", state) for at, state in enumerate(states)]


async def test_a_cursor_names_nothing_that_is_hidden() -> None:
    """A page is filled from behind what is hidden, and the next begins behind what was shown."""
    kept = listed(*([HIDDEN] * 3 + [SEEN]) * 5)
    for limit in (1, 2, 5, 9):
        shown, cursors = await pages(kept, limit)
        assert shown == [each.id for each in kept if each.state == SEEN]
        assert set(cursors) <= set(shown)


async def test_4_behind_very_many_that_are_hidden_a_page_is_empty_and_names_none() -> None:
    """Statement 4: a page does not read on for ever; where it stopped is a moment."""
    kept = listed(*[HIDDEN] * (MOST_READ * READINGS + 1), SEEN)
    shown, cursors = await pages(kept, 1)
    assert shown == [kept[-1].id]
    assert cursors[:-1]
    assert not {each.id for each in kept if each.state == HIDDEN} & set(cursors)
