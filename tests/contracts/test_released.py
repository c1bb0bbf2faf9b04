"""What was released stays readable, in both directions, whatever the tree says of itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from deploy.catalogue.schemas import schemas
from shared.contracts.fact import NOTHING, read_fact, rows_above
from shared.contracts.topics import STREAMS
from tests.contracts import releasing
from tests.contracts.compatibility import breaks
from tests.contracts.releasing import COMMAND, Breaks, Edition
from tests.contracts.test_examples import MODELS, example

NOW = dict(schemas())
RELEASED = releasing.editions()
STREAM_OF = {stream.message: stream for stream in STREAMS.values() if stream.facts}
each_edition = pytest.mark.parametrize("edition", RELEASED, ids=str)


def holds(whole: Any, part: Any) -> bool:
    """Say whether everything in ``part``, at whatever depth, is still said in ``whole``."""
    if isinstance(part, dict):
        return all(key in whole and holds(whole[key], part[key]) for key in part)
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    moment = _moment(part)
    return bool(whole == part) or (moment is not None and _moment(whole) == moment)


def _moment(said: object) -> datetime | None:
    """Read a moment, which is written with more or fewer zeros."""
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return None


@each_edition
def test_readers_of_today_read_what_was_told_when_it_was_released(edition: Edition) -> None:
    """Nothing of a released example is refused, and nothing it says is lost."""
    if edition.name in MODELS:
        read = MODELS[edition.name].model_validate(edition.example)
        assert holds(read.model_dump(mode="json"), edition.example)
        return
    stream = STREAM_OF[edition.name]
    rows = list(rows_above(edition.example["facts"], NOTHING))
    for row in rows:
        data = read_fact(row, stream.facts).data
        assert data is not None, f"{row['type']} is told no more, and was released"
        assert holds(data.model_dump(mode="json"), row["data"])
    assert rows


@each_edition
def test_readers_of_a_release_read_what_is_told_today(edition: Edition) -> None:
    """Against each released schema only optional fields were added; a message never goes away."""
    assert edition.name in NOW, "it was released: who reads a topic from its beginning meets it"
    broken = breaks(edition.schema, NOW[edition.name])
    assert not broken, f"{'; '.join(broken)}: tell it under a new major version"
    jsonschema.validate(example(edition.name), edition.schema)
    jsonschema.validate(edition.example, NOW[edition.name])


def test_what_is_told_is_released() -> None:
    """A new message, or a new optional field, gets an edition of its own in the same commit."""
    lacking = [str(edition) for edition in releasing.unreleased()]
    assert not lacking, f"run `{COMMAND}`, which adds {lacking}"


def test_what_was_released_is_never_changed() -> None:
    """Each file is there, and is what it was when it was added."""
    listed = (releasing.RELEASED / "digests").read_text().splitlines()
    assert sorted(listed) == sorted(releasing.digests()), "put back what git has"


def _required(schema: dict[str, Any]) -> None:
    schema["properties"]["mood"] = {"type": "string"}
    schema["required"].append("mood")


def _optional(schema: dict[str, Any]) -> None:
    schema["properties"]["mood"] = {"type": "string", "default": ""}


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], None]], None]:
    """Give what has the code tell ``complaint.received.v1`` in another way."""

    def change(how: Callable[[Any], None]) -> None:
        changed = deepcopy(NOW)
        how(changed["complaint.received.v1"])
        monkeypatch.setattr(releasing, "schemas", changed.items)

    return change


def test_an_edition_is_added_and_none_is_written_again(
    tmp_path: Path, tomorrow: Callable[[Callable[[Any], None]], None]
) -> None:
    """Once everything is released nothing changes any more, until a field is added."""
    first = releasing.release(tmp_path)
    assert {edition.name for edition in first} == NOW.keys()
    told = releasing.digests(tmp_path)
    assert releasing.release(tmp_path) == []
    tomorrow(_optional)
    assert [str(edition) for edition in releasing.release(tmp_path)] == ["2/complaint.received.v1"]
    assert set(told) < set(releasing.digests(tmp_path))
    listed = (tmp_path / "digests").read_text().splitlines()
    assert listed == releasing.digests(tmp_path)
    assert json.loads((tmp_path / "2/complaint.received.v1.json").read_text())["schema"]


def test_a_break_cannot_be_released(
    tmp_path: Path, tomorrow: Callable[[Callable[[Any], None]], None]
) -> None:
    """What would break a reader is refused with the reason, and nothing is written."""
    releasing.release(tmp_path)
    told = releasing.digests(tmp_path)
    tomorrow(_required)
    with pytest.raises(Breaks, match="mood: became required"):
        releasing.release(tmp_path)
    assert releasing.digests(tmp_path) == told
