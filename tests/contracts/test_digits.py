"""A digit is one of ten; a regular expression's ``d`` class takes those of every script."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.followup.api.messages import After
from services.notification.settings import MailServer
from services.routing.api.messages import Place
from shared.contracts.fact import Pair
from shared.contracts.tracking import NotATrackingNumber, TrackingNumber
from shared.contracts.vocabulary import AreaCode, NodeCode
from shared.runtime.settings import HostPort
from tests.architecture.house import PRODUCT, modules, show, tree

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WIDE_ON_PURPOSE = Path("shared/runtime/masking.py")
"""What might be a number of somebody is masked, however it is written."""
NUMBER = str(TrackingNumber.of("8171", "c"))


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        (NodeCode, "8171"),
        (NodeCode, "kl-042"),
        (AreaCode, "81.71.02"),
        (Place, "2026-03-17T03:00:00.000Z/c"),
        (After, "2026-03-17/c"),
        (HostPort, "127.0.0.1:8000"),
        (MailServer, "mail.example:25"),
    ],
)
def test_a_text_of_a_certain_form_has_ascii_digits(kind: Any, right: str) -> None:
    """The same text in Arabic digits would be another key, or no place at all."""
    form = TypeAdapter(kind)
    assert form.validate_python(right) == right
    with pytest.raises(ValidationError):
        form.validate_python(right.translate(ARABIC))


@pytest.mark.parametrize(
    "typed", [NUMBER.translate(ARABIC), NUMBER[:4].translate(ARABIC) + NUMBER[4:]]
)
def test_a_tracking_number_has_ascii_digits(typed: str) -> None:
    """It is told what one looks like, wherever the other digits stand."""
    assert str(TrackingNumber.read(NUMBER)) == NUMBER
    with pytest.raises(NotATrackingNumber):
        TrackingNumber.read(typed)


def test_a_pair_has_ascii_digits() -> None:
    """Two texts of one pair would be compared as different ones."""
    text = str(Pair(7, 1))
    assert Pair.read(text) == (7, 1)
    with pytest.raises(ValueError, match="13 digits"):
        Pair.read(text.translate(ARABIC))


def test_no_pattern_takes_digits_of_other_scripts() -> None:
    """In a regular expression digits are written [0-9]."""
    found = [
        f"{path}:{node.lineno}"
        for path in modules(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and r"\d" in node.value
        and path != WIDE_ON_PURPOSE
    ]
    assert not found, show(found)
