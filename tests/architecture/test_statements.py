"""What a faithful system must do is numbered, and each number is carried by a test."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import modules, tree

LAST = 60
_NAMED = re.compile(r"test_([0-9]{2})_")
_SAID = re.compile(r"Statements? ([0-9]+(?:(?:, | and )[0-9]+)*)")
NOT_BUILT = {
    6: "no gateway takes reports by SMS; clerks enter them",
    16: "no node hands a report on to another, so none returns it",
    50: "no node is linked to another",
    54: "no command lists whom a breach concerns",
    55: "who withdraws consent is erased by an operator; nothing else hangs on it",
    56: "the limits of UU 14/2008 beside those of the policy",
    57: "no adapter for the XML of before",
    58: "no feed of Open311",
    60: "no screens for citizens; tests/screens tries the pages that there are",
}
"""What no test shows since there is nothing to show."""
ELSEWHERE = {59: "tests/load measures it; no test asserts a time"}
"""What is shown by other means."""
IN_PART = {
    2: "at one node: there is no other to send it to",
    15: "at one node: it comes back to the coordinator, who has no node above to send it to",
    47: "what nodes would send up adds up; no link carries it",
}
"""What is built in part, and is numbered as far as it is."""


def _carried() -> Iterator[int]:
    for path in modules("tests"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
                yield from (int(each) for each in _NAMED.findall(getattr(node, "name", "")))
                said = _SAID.findall(ast.get_docstring(node) or "")
                yield from (int(each) for some in said for each in re.findall("[0-9]+", some))


def test_each_statement_is_carried_by_a_test() -> None:
    """By its number in the name or the docstring, unless it stands above with a reason."""
    expected = set(range(1, LAST + 1)) - NOT_BUILT.keys() - ELSEWHERE.keys()
    assert sorted(expected - set(_carried())) == []


def test_no_statement_has_two_reasons() -> None:
    """It is built, built in part, shown elsewhere, or not there."""
    assert not NOT_BUILT.keys() & ELSEWHERE.keys()
    assert IN_PART.keys() <= set(_carried())
