"""Every message has an example, and readers of both ages understand it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from deploy.catalogue.schemas import alone, facts
from shared.contracts.fact import NOTHING, read_fact, rows_above
from shared.contracts.topics import STREAMS, Stream

EXAMPLES = Path(__file__).parent.parent.parent / "shared" / "contracts" / "examples"
HISTORIES = [stream for stream in STREAMS.values() if stream.facts]
MODELS: dict[str, type[BaseModel]] = {**facts(), **alone()}
APART = {"appeal.refused.v1": {"until"}}
"""By message, what cannot be said beside what its example says."""


def example(name: str) -> Any:
    """Read the committed example of a message."""
    return json.loads((EXAMPLES / f"{name}.json").read_text())


def contains(whole: Any, part: Any) -> bool:
    """Say whether everything in ``part`` is still said in ``whole``."""
    if isinstance(part, dict):
        return all(key in whole and contains(whole[key], part[key]) for key in part)
    return bool(whole == part)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_what_an_example_says_survives_being_read_and_written(name: str) -> None:
    """A reader of today understands what was told when the example was written."""
    read = MODELS[name].model_validate(example(name))
    again = MODELS[name].model_validate_json(read.model_dump_json())
    assert again == read
    written = json.loads(read.model_dump_json())
    assert set(example(name)) <= set(written)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_an_example_says_every_field(name: str) -> None:
    """An example shows every field of its message that what it says leaves room for."""
    assert set(example(name)) == set(MODELS[name].model_fields) - APART.get(name, set())


def test_an_objection_is_late_or_moot_in_the_example_and_never_both() -> None:
    """What made it moot is said of a moot one alone, and its last day of a late one alone."""
    said = example("appeal.refused.v1")
    assert said["because"] == ("moot" if said.get("moot_by") else "late")
    assert ("until" in said) == (said["because"] == "late")


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_field_of_tomorrow_is_ignored(name: str) -> None:
    """A reader of today understands a message with a field that was added later."""
    tomorrow = {**example(name), "added_tomorrow": {"deep": [1, 2, 3]}}
    assert MODELS[name].model_validate(tomorrow) == MODELS[name].model_validate(example(name))


@pytest.mark.parametrize("stream", HISTORIES, ids=lambda stream: str(stream.message))
def test_a_history_is_read_fact_by_fact(stream: Stream) -> None:
    """The example of a history holds facts of its stream that can be read in order."""
    history = example(stream.message)
    read = [read_fact(row, stream.facts) for row in rows_above(history["facts"], NOTHING)]
    assert [fact.data is not None for fact in read] == [True] * len(history["facts"])


@pytest.mark.parametrize("stream", HISTORIES, ids=lambda stream: str(stream.message))
def test_a_fact_of_a_type_of_tomorrow_is_passed(stream: Stream) -> None:
    """A fact of an unknown type is read without its data, and is no error."""
    row = {**example(stream.message)["facts"][0], "type": "complaint.sung.v1", "data": {"tune": 1}}
    assert read_fact(row, stream.facts).data is None


def test_there_is_no_example_of_nothing() -> None:
    """Every example is of a message that exists."""
    known = {*MODELS, *(stream.message for stream in HISTORIES)}
    assert {path.stem for path in EXAMPLES.glob("*.json")} == known
