"""Going over an index: each entry once, in as many reads as there are pages."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from shared.runtime.walking import walked

Entry = tuple[int, str]


class Index:
    """Entries by place; those of one place come in another order at each read."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = list(entries)
        self.reads = list[int]()

    async def read(self, since: int, limit: int) -> Sequence[Entry]:
        self.reads.append(limit)
        Random(len(self.reads)).shuffle(self.entries)
        return sorted((e for e in self.entries if e[0] >= since), key=lambda e: e[0])[:limit]


async def pages(index: Index, size: int = 2) -> list[list[str]]:
    """Go over an index as everybody does, who knows that a short page is the last."""
    found: list[list[str]] = []
    async for page in walked(index.read, lambda each: each, 0, size):
        found.append([name for _, name in page])
        if len(page) < size:
            break
    return found


async def test_a_short_page_takes_one_read() -> None:
    """The common case costs what it would without any ties."""
    index = Index((7, "a"))
    assert await pages(index) == [["a"]]
    assert index.reads == [2]


async def test_apart_they_come_in_order_a_read_a_page() -> None:
    """A page asks for one entry more: the one with which the page before ended."""
    index = Index(*((at, f"n{at}") for at in range(5)))
    assert await pages(index) == [["n0", "n1"], ["n2", "n3"], ["n4"]]
    assert index.reads == [2, 3, 3]


@pytest.mark.parametrize("together", [2, 3, 4, 9])
@pytest.mark.parametrize("before", [0, 1, 2])
async def test_however_many_share_a_place_each_comes_once(together: int, before: int) -> None:
    """What lies behind them comes too, whatever order they are given in."""
    entries = [*((0, f"b{n}") for n in range(before)), *((1, f"t{n}") for n in range(together))]
    index = Index(*entries, (2, "last"))
    found = [name for page in await pages(index) for name in page]
    assert found[-1] == "last"
    assert sorted(found) == sorted(name for _, name in (*entries, (2, "last")))
    assert len(index.reads) == len(found) // 2 + 1


async def test_what_moves_behind_is_met_again() -> None:
    """An entry that changes while the walk goes on has another place, and comes at that one too."""
    index = Index((1, "a"), (1, "b"), (2, "c"))
    found = list[Entry]()
    async for page in walked(index.read, lambda each: each, 0, 2):
        found += page
        if len(found) == 2:
            index.entries = [
                (3 if each == found[0] else each[0], each[1]) for each in index.entries
            ]
    assert [each[1] for each in found[2:]] == ["c", found[0][1]]


async def test_what_a_reader_leaves_out_ends_nothing() -> None:
    """Where a short page may be one of which some was left out, the walk ends with an empty one."""
    index = Index(*((1, f"n{n}") for n in range(5)), (2, "left out"), (3, "last"))

    async def read(since: int, limit: int) -> Sequence[Entry]:
        return [each for each in await index.read(since, limit) if each[1] != "left out"]

    found = [each async for page in walked(read, lambda each: each, 0, 3) for each in page]
    assert len(found) == 6
