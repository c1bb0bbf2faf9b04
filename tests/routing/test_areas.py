"""Areas by code and by what people write, and where a wrong one is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.app import create_app
from services.routing.areas import ALIASES, LokalAreas
from services.routing.domain.area import Areas, key_of
from services.routing.domain.known import Known
from services.routing.settings import RoutingSettings
from tests.desk import client
from tests.routing.doubles import COMPLAINT, SHOWN, Room, get, post

AREAS: Areas = LokalAreas()
PUBLIC = "/api/v1/areas"


@pytest.mark.parametrize(
    ("code", "name", "within"),
    [
        ("81", "Maluku", ()),
        ("81.71", "Kota Ambon", ("Maluku",)),
        ("81.71.02", "Sirimau", ("Kota Ambon", "Maluku")),
        ("21.72", "Kota Tanjung Pinang", ("Kepulauan Riau",)),
        ("74.71", "Kota Kendari", ("Sulawesi Tenggara",)),
    ],
)
def test_a_code_of_the_table_has_its_area(code: str, name: str, within: tuple[str, ...]) -> None:
    """Statement 20: what the Kemendagri table has is found, with the areas around it."""
    area = AREAS.find(code)
    assert area is not None
    assert (area.code, area.name, area.within) == (code, name, within)


@pytest.mark.parametrize(
    "code", ["99", "81.99", "81.71.99", "81.71.02.9999", "8171", "", "81.", " 81.71", "x"]
)
def test_a_code_that_is_not_in_the_table_is_none(code: str) -> None:
    """Statement 20: a code of the right form, or of nearly the right one, may still be none."""
    assert AREAS.find(code) is None


@pytest.mark.parametrize(
    "written",
    ["Tanjungpinang", "Tanjung Pinang", "kota tanjung pinang", "TANJUNG-PINANG", " tj. pinang "],
)
def test_tanjungpinang_resolves_however_it_is_written(written: str) -> None:
    """Statement 20: "Tanjungpinang" and "Tanjung Pinang" are both 21.72."""
    assert AREAS.search(written, None, 5)[0].code == "21.72"


@pytest.mark.parametrize(
    ("written", "within", "first"),
    [
        ("ambon", None, "81.71"),
        ("maluku", None, "81"),
        ("kab. bogor", None, "32.01"),
        ("sirimau", None, "81.71.02"),
        ("Kec. Teluk Ambon", "81.71", "81.71.04"),
        ("batu merah", "81.71.02", "81.71.02.2003"),
        ("solo", None, "33.72"),
    ],
)
def test_the_likeliest_area_comes_first(written: str, within: str | None, first: str) -> None:
    """The whole name before its beginning, the larger area before the smaller, aliases first."""
    assert first in [area.code for area in AREAS.search(written, within, 3)]


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("81.71", ["81.09.03", "61.05.15"]),
        ("61", ["61.05.15", "81.09.03"]),
        ("kl-042", ["61.05.15", "81.09.03"]),
    ],
)
def test_of_areas_with_one_name_the_nearest_comes_first(place: str, found: list[str]) -> None:
    """Ambalau in the own province before another one; at a node without a place, by code."""
    assert [area.code for area in LokalAreas(place).search("Ambalau", None, 5)] == found


@pytest.mark.parametrize(("area", "outside"), [("81.71.02", False), ("81.72", True)])
async def test_the_queue_says_of_an_area_that_it_is_elsewhere(area: str, *, outside: bool) -> None:
    """Also of one that a coordinator finds it to be: it is taken, and may be another's."""
    room = Room()
    room.receive(area="81.71.99")
    answer = await post(room, "verification", {"area": area})
    assert (answer.status_code, answer.json()["area_outside"]) == (200, outside)


def test_what_is_looked_for_within_an_area_lies_in_it() -> None:
    """Of areas that share a name only those around which the asker drew a line are given."""
    assert {a.code[:2] for a in AREAS.search("sorong", "96", 50)} == {"96"}
    assert AREAS.search("ambon", "21", 50) == []


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_leads_somewhere(alias: str) -> None:
    """An alias stands in the form it is looked for, and its area exists."""
    assert key_of(alias) == alias
    assert AREAS.find(ALIASES[alias]) is not None


@given(st.text(max_size=120))
def test_whatever_is_written_finds_no_more_than_was_asked_for(written: str) -> None:
    """No text breaks the search, and its answer is bounded."""
    assert len(AREAS.search(written, None, 7)) <= 7


async def test_everybody_may_look_for_an_area() -> None:
    """A citizen who chooses a place needs no account."""
    async with client(Room().app) as http:
        found = await http.get(PUBLIC, params={"name": "Tanjungpinang", "limit": 1})
        one = await http.get(f"{PUBLIC}/21.72")
        none = await http.get(f"{PUBLIC}/21.99")
    expected = {"code": "21.72", "name": "Kota Tanjung Pinang", "within": ["Kepulauan Riau"]}
    assert found.json() == {"items": [expected]}
    assert one.json() == expected
    assert (none.status_code, none.json()["code"]) == (404, "unknown_area")


@pytest.mark.parametrize(
    "query", [{}, {"name": "a"}, {"name": "x" * 101}, {"name": "ambon", "limit": "51"}]
)
async def test_a_bad_question_for_areas_is_named(query: dict[str, str]) -> None:
    """What is looked for is bounded at both ends, and so is the answer."""
    async with client(Room().app) as http:
        answer = await http.get(PUBLIC, params=query)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in {"name", "limit"}


async def test_a_coordinator_puts_the_area_right() -> None:
    """Verification may name another area; the queue shows the area by its name."""
    room = Room()
    room.receive(area="81.71.99")
    shown = (await get(room, SHOWN)).json()
    assert (shown["area_name"], shown["area_known"]) == (None, False)
    answer = await post(room, "verification", {"area": "81.71.02"})
    assert (answer.json()["area"], answer.json()["area_name"]) == ("81.71.02", "Sirimau")
    assert room.documents.kept[COMPLAINT].facts[-1]["data"] == {"area": "81.71.02"}


@pytest.mark.parametrize(
    ("place", "code", "known"),
    [("56.66", "56.66.01", True), ("56.66", "56.67", False), ("81.71", "81.71.99", False)],
)
def test_a_node_that_the_table_has_not_yet_knows_its_own_place(
    place: str, code: str, *, known: bool
) -> None:
    """As intake takes it: of a place that the table has, the table says what lies in it."""
    assert Known(AREAS, place).area(code) is known


async def test_an_area_that_does_not_exist_is_refused() -> None:
    """Statement 20: a code of the right form that the table has not is named, nothing changes."""
    room = Room()
    room.receive()
    answer = await post(room, "verification", {"area": "81.71.99"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "area")
    assert room.types(COMPLAINT) == []


def test_a_register_with_an_unknown_area_does_not_start(tmp_path: Path) -> None:
    """A rule for a place that does not exist would never decide: its operator is told."""
    register = {
        "agencies": [{"code": "a", "name": "A"}],
        "rules": [{"category": "jalan", "area": "81.99", "agency": "a"}],
    }
    path = tmp_path / "register.json"
    path.write_text(json.dumps(register))
    settings = RoutingSettings.model_validate(
        {"node": "8171", "kafka": "k:1", "mongo": "mongodb://m/", "register_file": path}
    )
    with pytest.raises(SystemExit, match=r"rules\.0\.area: .* 81\.99"):
        create_app(settings)
