"""What decides is told the time and its names; it never asks the world for them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.house import imports, modules, show, tree

WORLD = ("os", "random", "secrets", "socket", "subprocess", "time")
ASKED = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "uuid.uuid1"),
    *("uuid.uuid4", "uuid.uuid7", "uuid1", "uuid4", "uuid7", "open", "print", "input"),
}

RUNTIME = (
    *("document", "folding", "measuring", "redacting", "shapes", "sorting", "suspicion"),
    *("bus/leisure", "bus/sharing"),
)
"""What of the runtime only decides; a name without a file fails."""


def _pure() -> list[Path]:
    domains = [path for path in modules("services") if path.parts[2:3] == ("domain",)]
    contracts = [path for path in modules("shared") if path.parts[1] == "contracts"]
    return [*domains, *contracts, *(Path(f"shared/runtime/{name}.py") for name in RUNTIME)]


@pytest.mark.parametrize("path", _pure(), ids=str)
def test_nothing_is_asked_of_the_world(path: Path) -> None:
    """What only decides knows no clock, no chance, no environment and no file."""
    found = [f"imports {name}" for name in imports(path) if name.partition(".")[0] in WORLD]
    found += [
        f"line {node.lineno}: {ast.unparse(node.func)}()"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ".".join(ast.unparse(node.func).split(".")[-2:]) in ASKED
    ]
    assert not found, show(found)
