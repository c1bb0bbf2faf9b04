"""Where on the map a report is."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from shared.contracts.vocabulary import Point
from tests.intake.reports import COMPLAINTS, filed

AMBON = {"latitude": -3.69543, "longitude": 128.18141}
"""The market of Mardika, more exactly than it is kept."""


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(-10.99, 122.9), (6.07, 95.1), (5.9, 94.97), (-8.5, 141.02), (-3.7, 128.2)],
)
def test_every_corner_of_the_country_is_in_it(latitude: float, longitude: float) -> None:
    """Ndana below Rote, Rondo, Benggala, the border of Papua, and Ambon."""
    assert Point(latitude=latitude, longitude=longitude).pair == (latitude, longitude)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (128.18, -3.69),
        (0.0, 0.0),
        (-33.9, 151.2),
        (13.7, 100.5),
        (float("nan"), 128.2),
        (-3.7, float("inf")),
    ],
)
def test_a_point_abroad_is_refused(latitude: float, longitude: float) -> None:
    """Swapped degrees and the middle of the Atlantic, too."""
    with pytest.raises(ValidationError):
        Point(latitude=latitude, longitude=longitude)


async def test_a_point_is_kept_to_eleven_metres(door: httpx.AsyncClient) -> None:
    """A phone knows in which room of the house its owner is; nobody needs that."""
    said = (await filed(door, point=AMBON)).json()
    shown = await door.get(
        f"{COMPLAINTS}/{said['tracking_number']}", headers={"Kentongan-PIN": said["pin"]}
    )
    assert shown.json()["point"] == {"latitude": -3.6954, "longitude": 128.1814}


@pytest.mark.parametrize(
    ("point", "field"),
    [
        ({"latitude": 48.1, "longitude": 128.2}, "point.latitude"),
        ({"latitude": -3.7, "longitude": 11.5}, "point.longitude"),
        ({"latitude": -3.7}, "point.longitude"),
        ({**AMBON, "altitude": 3}, "point.altitude"),
        ("-3.7,128.2", "point"),
    ],
)
async def test_a_wrong_point_names_its_field(
    door: httpx.AsyncClient, point: Any, field: str
) -> None:
    """422 with the field."""
    answer = await filed(door, point=point)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
