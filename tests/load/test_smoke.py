"""The load program still works: few complaints, on the engines from pip, no figure judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.load.__main__ import main
from tests.load.bus import Look
from tests.load.complaints import SIZE, categories, complaints
from tests.load.meters import spent
from tests.load.stages import Stages, _passed

FEW = 10


def test_the_same_seed_gives_the_same_complaints() -> None:
    """Complaints are seeded, about as long as a usual report, and each has a rule."""
    first, again = (list(complaints(7, 100, 50)) for _ in range(2))
    assert first == again
    assert first != list(complaints(8, 100, 50))
    assert [each["reference"] for each in first[:2]] == ["7-0000100", "7-0000101"]
    assert all(abs(len(json.dumps(each)) - SIZE) < 20 for each in first)
    assert {each["category"] for each in first} <= set(categories())


def test_a_record_counts_as_passed_once_its_group_has_committed_past_it() -> None:
    """The first look at which the commit lies behind a record is when it was taken in."""
    part = ("complaints", 0)
    looks = [
        Look(float(at), {"metrics": {part: done}}, {part: 3})
        for at, done in ((1, 0), (2, 2), (3, 3))
    ]
    lies = {"a": (part, 0), "b": (part, 1), "c": (part, 2)}
    assert _passed(looks, "metrics", lies) == {"a": 2.0, "b": 2.0, "c": 3.0}
    assert [look.lag for look in looks] == [{"metrics": 3}, {"metrics": 1}, {"metrics": 0}]


def test_percentiles_are_of_what_arrived_and_say_what_did_not() -> None:
    """A stage that some complaints never reached says how many."""
    stages = Stages({"routed": [0.001 * n for n in range(1, 101)]}, {"routed": 2})
    figures = stages.percentiles()["routed"]
    assert figures["p50"] == pytest.approx(51)
    assert figures["p99"] == pytest.approx(100)
    assert figures["missing"] == 2
    assert spent({"a": 1.0}, {"a": 3.0, "b": 1.0}) == {"a": 2.0, "b": 1.0}


@pytest.mark.slow
@pytest.mark.parametrize("door", ["bus", "http"])
def test_the_program_measures_every_complaint(
    door: str, tmp_path: Path, engine_report: Callable[[str], None]
) -> None:
    """Over either door each complaint is received, routed, opened as a case and counted."""
    file = tmp_path / "figures.json"
    few = ["--complaints", str(FEW), "--runs", "1", "--settle", "0", "--connections", "4"]
    assert main(["--embedded", "--door", door, "--json", str(file), *few]) == 0
    result = json.loads(file.read_text())
    for name in result["engines"].split(", "):
        engine_report(name)
    kinds = {each["kind"]: each for each in result["rounds"]}
    assert set(kinds) == ({"floor", "services"} if door == "bus" else {"services"})
    for each in kinds.values():
        assert each["refused"] == 0
        assert set(each["documents"].values()) == {each["expected"]}
        assert each["cpu_per_1000"].keys() >= each["documents"].keys()
        assert all(stage["missing"] == 0 for stage in each["stages"].values())
