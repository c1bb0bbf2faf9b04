"""Files that an operator wrote: whole, or refused with the line to put right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain.register import RegisterFile
from shared.runtime.given_files import line_of, read_file

GOOD: dict[str, Any] = {
    "agencies": [
        {"code": "dinas-pu", "name": "Dinas PU", "units": [{"code": "jalan", "name": "Jalan"}]},
        {"code": "dinsos", "name": "Dinas Sosial"},
    ],
    "rules": [{"category": "jalan", "area": "81.71", "agency": "dinas-pu"}],
}


def changed(change: dict[str, Any], *place: str | int) -> dict[str, Any]:
    """Give the good register with something set in one place of it."""
    wrong: Any = json.loads(json.dumps(GOOD))
    inner = wrong
    for part in place:
        inner = inner[part]
    inner.update(change)
    whole: dict[str, Any] = wrong
    return whole


@pytest.mark.parametrize(
    ("wrong", "has", "field", "words"),
    [
        (changed({"name": ""}, "agencies", 1), '"name": ""', "agencies.1.name", "Write 1 to 200"),
        (
            changed({"email": "pu"}, "agencies", 0),
            '"email": "pu"',
            "agencies.0.email",
            "looks like",
        ),
        (changed({"telp": "1"}, "agencies", 1), '"telp": "1"', "agencies.1.telp", "no such field"),
        (changed({"code": "dinas-pu"}, "agencies", 1), "{", "agencies.1", "twice"),
        (
            changed({"agency": "x"}, "rules", 0),
            '"agency": "x"',
            "rules.0.agency",
            "no agency of this file",
        ),
        (
            changed({"officers": [{"name": "A", "position": "b", "unit": "c"}]}, "agencies", 1),
            '"unit": "c"',
            "agencies.1.officers.0.unit",
            "no unit",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    tmp_path: Path, wrong: dict[str, Any], has: str, field: str, words: str
) -> None:
    """The operator reads which line of which file, which field, and what to do."""
    path = tmp_path / "register.json"
    path.write_text(json.dumps(wrong, indent=2))
    with pytest.raises(SystemExit) as refused:
        read_file(path, RegisterFile)
    said = str(refused.value)
    assert str(path) in said
    assert "nothing of it was loaded" in said
    found = re.search(rf"line (\d+), {re.escape(field)}:", said)
    assert found, said
    assert path.read_text().splitlines()[int(found[1]) - 1].strip().rstrip(",") == has
    assert words in said


def test_a_file_that_is_no_json_says_where(tmp_path: Path) -> None:
    """A comma too few is found by line and column."""
    path = tmp_path / "register.json"
    path.write_text('{\n  "agencies": []\n  "rules": []\n}')
    with pytest.raises(SystemExit, match="line 3, byte"):
        read_file(path, RegisterFile)


def test_a_field_that_lacks_is_named_where_it_belongs(tmp_path: Path) -> None:
    """What is missing has no line; the entry it is missing from has."""
    path = tmp_path / "register.json"
    path.write_text('{"agencies": [\n  {"code": "a"}\n], "rules": []}')
    with pytest.raises(SystemExit, match=r"line 2, agencies\.0\.name: This field is missing"):
        read_file(path, RegisterFile)


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.lists(st.text() | st.integers(), max_size=4), st.integers(0, 3))
def test_any_place_of_any_text_has_a_line_of_it_or_none(
    content: Any, place: list[str | int], cut: int
) -> None:
    """Whatever the file and whatever is looked for, looking ends within the file."""
    text = json.dumps(content, indent=1)
    text = text[: len(text) - cut]
    line = line_of(text, place)
    assert line is None or 1 <= line <= text.count("\n") + 1
