"""Sizes and names: what keeps a room a room."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.house import PRODUCT, ROOT, SERVICES, imports, modules, show, tree

LONGEST_MODULE = 250
LONGEST_TEST = 520
"""A file of tests is read by the names of its tests, not from its beginning to its end."""
LONGEST_FUNCTION = 40
BANNED = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "processor"}
BANNED |= {"data", "info"}
RUNTIME = Path("shared/runtime")


def test_modules_are_short() -> None:
    """No module is longer than a reader can hold."""
    sizes = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in _all()}
    found = [
        f"{path}: {lines}"
        for path, lines in sizes.items()
        if lines > (LONGEST_TEST if path.name.startswith("test_") else LONGEST_MODULE)
    ]
    assert not found, show(found)


def test_functions_are_short() -> None:
    """No function of the product is longer than a screen.

    Its docstring does not count; a function inside it counts for itself.
    """
    found = [
        f"{path}:{node.lineno} {node.name}: {size}"
        for path in modules(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := _size(node)) > LONGEST_FUNCTION
    ]
    assert not found, show(found)


def test_names_say_something() -> None:
    """No file, class or function has a name that would fit anything."""
    found = [f"{path}: {name}" for path in _all() for name in _names(path) if _is_empty(name)]
    assert not found, show(found)


def test_services_have_no_surrounding_package() -> None:
    """``services/`` is a namespace, so that each service can stand alone beside ``shared``."""
    assert not (ROOT / "services/__init__.py").exists()
    assert {path.parts[1] for path in modules("services")} <= set(SERVICES)


def test_runtime_serves_at_least_three_services() -> None:
    """What fewer than three services need stands in those services, not in the runtime."""
    readers = {path: 0 for path in modules("shared") if path.is_relative_to(RUNTIME)}
    for reached in ({*_reached(service)} for service in ("deploy", *SERVICES)):
        for path in readers:
            readers[path] += path in reached
    deployed = {*_reached("deploy")}
    few = {
        str(path): count
        for path, count in readers.items()
        if count < 3 and path not in deployed and path.name != "__init__.py"
    }
    assert not few, show([f"{path}: {count}" for path, count in few.items()])


def _all() -> list[Path]:
    return modules(*PRODUCT, "tests")


def _size(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    apart: list[ast.stmt] = [node.body[0]] if ast.get_docstring(node) else []
    apart += [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return _lines(node) - sum(_lines(part) for part in apart)


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _names(path: Path) -> Iterator[str]:
    yield path.stem
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower()


THEIRS = {"data_received", "handle_async_request"}
"""Names that asyncio and httpx call us by."""


def _is_empty(name: str) -> bool:
    words = set(name.strip("_").split("_"))
    rest = name.partition("_")[2]
    ordered = name.startswith(("do_", "handle_")) and not rest[:1].isupper()  # http has do_GET
    return name not in THEIRS and (ordered or bool(words & BANNED))


def _reached(start: str) -> set[Path]:
    """Follow what a service, or ``deploy``, uses through ``shared``."""
    folder = Path("deploy") if start == "deploy" else Path("services", start)
    by_name = {
        ".".join(p.with_suffix("").parts).removesuffix(".__init__"): p for p in modules("shared")
    }
    waiting = [path for path in modules(folder.parts[0]) if path.is_relative_to(folder)]
    found: set[Path] = set()
    while waiting:
        for name in imports(waiting.pop()):
            path = _home(name, by_name)
            if path is not None and path not in found:
                found.add(path)
                waiting.append(path)
    return found


def _home(name: str, by_name: dict[str, Path]) -> Path | None:
    """Find the module that defines what is imported, though a package passes it on.

    A package by itself is None: who takes one name from it does not use the others.
    """
    if name in by_name:
        return None if by_name[name].name == "__init__.py" else by_name[name]
    package, _, last = name.rpartition(".")
    path = by_name.get(package)
    if path is None or path.name != "__init__.py":
        return path
    passed_on = (each for each in imports(path) if each.endswith(f".{last}"))
    return next((_home(each, by_name) for each in passed_on), path)
