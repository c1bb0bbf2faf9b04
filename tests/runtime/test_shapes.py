"""Documents of other shapes: an older one is lifted, a newer one is left as it is."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace

from deploy.shapes import shape
from services.metrics.domain.figures import DayFigures
from services.metrics.domain.performance import DayPerformance
from services.metrics.store import FIGURES, PERFORMANCE
from shared.runtime.asking import Ask, once
from shared.runtime.document import Document, Refused
from shared.runtime.shapes import Newer, fits, lifted
from shared.runtime.store import Shape
from shared.runtime.store.rows import lift, lower, states_of
from tests.runtime.drums import STROKES, Sound, Spoken, fresh, say, strokes
from tests.runtime.hall import Drummer, Hall, a_record
from tests.simulation.parts import domains

SHAPE = Shape(Sound)


def of_newer_shape() -> Document[Sound]:
    """Read a document that a newer release has stored in shape 2."""
    row = {**lower(replace(fresh("c"), version=4, schema=2, untold=5), SHAPE), "state": {"new": 1}}
    return lift(row, SHAPE)


def rolled_back() -> tuple[Hall, Drummer]:
    """Give an older process a store in which a newer one has written."""
    hall = Hall()
    hall.store.kept.documents["c"] = of_newer_shape()
    return hall, Drummer(hall)


def test_each_shape_is_lifted_to_the_next() -> None:
    """The functions are applied in turn, from the one that lifts the shape a row has."""
    to_2 = lambda row: {**row, "to": 2}  # noqa: E731
    to_3 = lambda row: {**row, "to": row.get("to", 0) + 3}  # noqa: E731
    assert lifted({"schema": 1}, (to_2, to_3)) == {"schema": 3, "to": 5}
    assert lifted({"schema": 2}, (to_2, to_3)) == {"schema": 3, "to": 3}
    assert lifted({"schema": 3}, (to_2, to_3)) == {"schema": 3}


def test_a_lifted_document_is_in_the_present_shape() -> None:
    """So it is written in it when it next changes."""
    now = dataclasses.replace(SHAPE, lifts=[lambda row: {**row, "state": {"spoken": ["a"]}}])
    document = lift(lower(fresh("c"), SHAPE), now)
    assert (document.schema, document.state) == (2, Sound(spoken=("a",)))


@pytest.mark.parametrize("service", domains())
def test_there_is_a_way_up_from_every_shape(service: str) -> None:
    """Whoever makes another shape writes how the one before is lifted to it."""
    assert fits(domains()[service], shape(service, "8171").lifts)


def test_figures_have_a_way_up_too() -> None:
    """What metrics counts is kept in documents as well."""
    assert fits(DayFigures(), FIGURES.lifts)
    assert fits(DayPerformance(), PERFORMANCE.lifts)


def test_what_is_told_of_a_newer_document_waits() -> None:
    """It is kept for the release that can read the document, which stays as it is."""
    hall, drummer = rolled_back()
    before = hall.document()
    hall.run(drummer.hear(a_record(strokes(1)), a_record(strokes(2, complaint="d"))))
    assert hall.document() is before
    assert list(hall.store.kept.waiting) == [("c", STROKES)]
    assert hall.document("d").state.struck == (2,)


def test_after_the_upgrade_it_is_folded() -> None:
    """A process tries again at its start whatever waits."""
    hall, drummer = rolled_back()
    hall.run(drummer.hear(a_record(strokes(1))))
    assert hall.run(drummer.relay.release()) == [0]
    hall.store.kept.documents["c"] = replace(hall.document(), state=Sound())
    assert hall.run(drummer.relay.release()) == [1]
    assert hall.document().state.struck == (1,)
    assert not hall.store.kept.waiting


def test_a_request_about_a_newer_document_is_refused_with_a_sentence() -> None:
    """Nothing is written, and its neighbours are answered."""
    hall, drummer = rolled_back()
    before = hall.document()
    judge = once("r-1", Spoken.type, {"text": "tok"}, say("tok"))
    asks = [Ask("c", judge), Ask("d", judge)]
    hall.run(drummer.desk.settle(asks))
    assert isinstance(asks[0].failure, Refused)
    assert (asks[0].failure.status, asks[0].failure.code) == (503, "newer_shape")
    assert "shape 2; this one reads up to shape 1" in str(asks[0].failure)
    assert asks[1].after is not None
    assert hall.document() is before


def test_its_mark_is_left_to_who_can_tell_all_of_it() -> None:
    """Its history can be told; what is derived from a state nobody here can read cannot."""
    hall, drummer = rolled_back()
    hall.run(drummer.relay.tell([hall.document()]))
    assert hall.document().untold == 5


def test_whoever_asks_a_newer_state_for_anything_is_refused() -> None:
    """A page that needs it says why; figures are not counted without it."""
    state: Any = of_newer_shape().state
    assert isinstance(state, Newer)
    with pytest.raises(Refused, match="Roll the service forward again"):
        _ = state.stage
    with pytest.raises(Refused):
        list(states_of([{"schema": 2, "state": {}}], SHAPE))
