"""Every cell of metrics' rights is tried: route, role, agency and area."""

from __future__ import annotations

import pytest

from services.metrics.rights import RIGHTS
from tests.cells import ELSEWHERE, INSIDE, Cells, Tried, Who
from tests.metrics.doubles import Room


def _answer(by: str, who: Who) -> int:
    """Give what a bounded officer gets: rows that can be bounded, and no others."""
    bounded = "area" if who.role == "overseer" and who.area in (INSIDE, ELSEWHERE) else None
    if who.role == "liaison" or (who.role == "leader" and who.agency):
        bounded = "agency"
    return 200 if bounded in (None, by) else 403


@pytest.mark.parametrize("by", ["agency", "category", "area", "day"])
async def test_every_cell_is_as_the_table_has_it(by: str) -> None:
    """Officers see the rows of their own; those who see the node see all."""
    room = Room()
    room.receive("c1", area=INSIDE)
    await room.count()
    tried = Tried(
        lambda who: _answer(by, who),
        one=False,
        query="since=2026-03-01&until=2026-03-31",
        named={"by": by},
    )
    path = "/api/v1/officers/performance/{by}"
    tries = {f"GET {path}": tried, f"GET {path}.csv": tried}
    assert "\n".join(await Cells(room.door(), RIGHTS, tries, {}, by).wrong()) == ""
