"""What is said of a wrong field is a sentence for people, never a pattern."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.followup.api.messages import After
from services.intake.api.sent import Name
from services.routing.api.messages import Place
from shared.contracts.vocabulary import AgencyCode, AreaCode, CategoryCode, NodeCode, Reference
from shared.contracts.wording import ShortText, Text
from shared.runtime.settings import HostPort
from tests.architecture.house import modules, show, tree


def said_of(kind: Any, value: Any) -> str:
    """Have a value refused; give what is said of it."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    (error,) = refused.value.errors()
    return str(error["msg"])


@pytest.mark.parametrize("wrong", ["Ambon", "8171", "81.7", "81.71.", "", "81.71.02.10"])
def test_an_area_code_is_described(wrong: object) -> None:
    """Whatever is wrong with it, the sentence says what one looks like."""
    assert said_of(AreaCode, wrong).startswith("An area code (kode wilayah Kemendagri)")


@pytest.mark.parametrize("wrong", [8171, None, ["81.71"]])
def test_what_is_no_text_is_said_to_be_none(wrong: object) -> None:
    """The type comes first, then what one looks like."""
    assert said_of(AreaCode, wrong).startswith("This must be text. An area code")


@pytest.mark.parametrize(
    ("kind", "wrong", "hint"),
    [
        (AreaCode, "Ambon", "81.71.02"),
        (NodeCode, "ambon", "8171"),
        (AgencyCode, "Dinas PU", "dinas-pu"),
        (CategoryCode, "Jalan Raya", "jalan"),
        (Text, "a\x00b", "5,000 characters"),
        (Text, "", "5,000 characters"),
        (Text, "x" * 5001, "5,000 characters"),
        (ShortText, "a\x00b", "200 characters"),
        (Reference, "a b", "128"),
        (Name, "a\nb", "100 characters"),
        (Place, "7", "next"),
        (After, "zzz", "next"),
        (HostPort, "nowhere", "127.0.0.1:8000"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_right(kind: Any, wrong: str, hint: str) -> None:
    """A sentence that ends with a full stop and shows an example or a bound; no pattern."""
    said = said_of(kind, wrong)
    assert hint in said
    assert said.endswith(".")
    assert not set(said) & set("^$\\[]{}|"), said


def test_no_pattern_stands_without_its_sentence() -> None:
    """Fields get their pattern by ``Worded`` alone, so that nobody is shown one."""
    found = [
        f"{path}:{call.lineno}"
        for path in modules("services", "shared")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) not in {"Worded", "core_schema.str_schema"}
        and any(each.arg == "pattern" for each in call.keywords)
    ]
    assert not found, show(found)
