"""The tree of the project, as the tests of this folder look at it."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("intake", "routing", "followup", "notification", "metrics")
PRODUCT = ("services", "shared", "deploy")


@cache
def files() -> tuple[Path, ...]:
    """Give every file that belongs to the project, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        names = {Path(name.decode()) for name in listed.stdout.split(b"\0") if name}
    else:  # a tree without its history
        names = {
            path.relative_to(ROOT)
            for path in ROOT.rglob("*")
            if not any(part.startswith(".") or part == "__pycache__" for part in path.parts)
        }
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def modules(*folders: str) -> list[Path]:
    """Give the Python files under these folders, relative to the root."""
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse((ROOT / path).read_text("utf-8"), filename=str(path))


@cache
def imports(path: Path) -> frozenset[str]:
    """Give the absolute names a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.parts[: len(path.parts) - node.level]) if node.level else ""
            origin = ".".join(filter(None, [package, node.module]))
            found.add(origin)
            found.update(f"{origin}.{alias.name}" for alias in node.names)
    return frozenset(found)


def named(part: str) -> list[str]:
    """Give the requirements that ``services/x``, ``shared`` or ``deploy`` names."""
    text = (ROOT / part / "pyproject.toml").read_text("utf-8")
    dependencies: list[str] = tomllib.loads(text)["project"]["dependencies"]
    return dependencies


def show(faults: list[str]) -> str:
    """Write faults one a line, for the message of an assertion."""
    return "\n" + "\n".join(faults)
