"""The door plates of the services tell the truth about the bus."""

from __future__ import annotations

import ast
import re

import pytest

from shared.contracts.topics import STREAMS
from tests.architecture.house import ROOT, SERVICES

FOR_ALL = {name for name, stream in STREAMS.items() if stream.producer == "all"}


def _plate(service: str) -> str:
    text = (ROOT / "services" / service / "__init__.py").read_text("utf-8")
    return ast.get_docstring(ast.parse(text)) or ""


def _listed(plate: str, verb: str) -> set[str]:
    line = re.search(rf"^{verb}: (.+)$", plate, re.MULTILINE)
    return set(re.findall(r"[a-z]+", line[1])) if line else set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_plate_says_what_a_service_hears(service: str) -> None:
    """What stands after "Hears:" is what the register lets this service read."""
    heard = {name for name, stream in STREAMS.items() if service in stream.readers} - FOR_ALL
    assert _listed(_plate(service), "Hears") == heard


@pytest.mark.parametrize("service", SERVICES)
def test_a_plate_says_what_a_service_tells(service: str) -> None:
    """What stands after "Tells:" is what the register says this service produces."""
    told = {name for name, stream in STREAMS.items() if stream.producer == service}
    assert _listed(_plate(service), "Tells") == told


@pytest.mark.parametrize("service", SERVICES)
def test_a_plate_names_the_duty_in_both_languages(service: str) -> None:
    """The first sentence says what the service does, with the official term in parentheses."""
    assert re.match(r"[A-Z].+ \([a-z ,]+\)\.$", _plate(service).splitlines()[0])


def test_every_stream_has_a_teller_and_a_reader() -> None:
    """No stream is told by nobody or to nobody."""
    for stream in STREAMS.values():
        assert stream.producer in {*SERVICES, "all"}
        assert stream.readers
