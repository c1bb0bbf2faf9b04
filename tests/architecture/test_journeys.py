"""What runs on the embedded engines runs on Kafka and a real store, too."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.house import imports, modules, show, tree

JOURNEYS, CONNECTED = Path("tests/journeys"), Path("tests/connected")
EMBEDDED_ALONE = {
    "test_demo": "the demo has no other engines",
    "test_readme": "it is about the page; what its commands ask for is asked in test_people",
    "test_runbook": "it is about the page; its commands for containers run in test_compose",
}
"""Journeys that are not made on real engines, and why."""


def test_no_journey_is_left_out() -> None:
    """Each is imported where real engines are, unless its file stands above with a reason."""
    made = {name for path in modules("tests") if path.parent == CONNECTED for name in imports(path)}
    there = {
        f"tests.journeys.{path.stem}.{node.name}"
        for path in modules("tests")
        if path.parent == JOURNEYS and path.stem not in EMBEDDED_ALONE
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.name.startswith("test_")
    }
    assert there
    left_out = sorted(there - made)
    assert not left_out, show(left_out)


def test_who_is_excused_is_there() -> None:
    """Each name above is that of a file."""
    assert {path.stem for path in modules("tests") if path.parent == JOURNEYS} >= {*EMBEDDED_ALONE}
