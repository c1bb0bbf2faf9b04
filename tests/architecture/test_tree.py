"""What must not stand in the tree, and what every test must say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import ROOT, files, modules, show, tree

# Written so that this file does not find itself.
SECRETS = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE K[E]Y-----"
    r"|\bAKI[A][0-9A-Z]{16}\b"
    r"|\bgh[p]_[A-Za-z0-9]{36}\b"
    r"|\bey[J][\w-]{12,}\.ey[J][\w-]{12,}\.[\w-]{12,}"
)
MACHINES = re.compile(r"(?<![\w.$}~*-])/(?:wor[k]|roo[t]|opt/whee[l]s|User[s])/")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.org|crates\.io|proxy\.golang\.org|repo1?\.maven\b"
    r"|maven\.apache\.org/maven2|deb\.debian\.org|(?:docker|ghcr|quay)\.io/"
)
TOP = {"services", "shared", "deploy", "tests", ".ci"}
TOP_FILES = {"README.md", "Makefile", "pyproject.toml", "CHANGELOG.md", "LICENSE"}


def _lines() -> Iterator[tuple[str, str]]:
    for path in files():
        try:
            text = (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{path}:{number}", line


def _found(pattern: re.Pattern[str]) -> list[str]:
    return [f"{place}: {hit[0]}" for place, line in _lines() if (hit := pattern.search(line))]


def test_the_top_is_tidy() -> None:
    """Only the fixed folders and the files a tool or a reader looks for stand at the top."""
    assert {path.parts[0] for path in files() if len(path.parts) > 1} <= TOP
    at_top = {path.name for path in files() if len(path.parts) == 1}
    assert {name for name in at_top if not name.startswith(".")} <= TOP_FILES


def test_there_are_no_secrets() -> None:
    """No key, token or password that would open anything stands in the tree."""
    assert not (found := _found(SECRETS)), show(found)


def test_settings_have_no_secret_defaults() -> None:
    """A setting that is a secret has no value until the environment gives one."""
    found = [
        f"{path}:{node.lineno}"
        for path in modules("services", "shared")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.AnnAssign) and "Secret" in ast.unparse(node.annotation)
        if node.value is not None and ast.unparse(node.value) != "None"
    ]
    assert not found, show(found)


def test_no_machine_and_no_registry_is_named() -> None:
    """The tree works anywhere: no path of one machine, no host that packages come from."""
    assert not (found := [*_found(MACHINES), *_found(REGISTRIES)]), show(found)


def test_every_test_says_what_it_expects() -> None:
    """Each test has a docstring, a sentence a reader of the glossary understands."""
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert not found, show(found)
