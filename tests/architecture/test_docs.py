"""Glossary and decision records keep up with the code."""

from __future__ import annotations

import re

from shared.contracts.topics import STREAMS
from tests.architecture.house import ROOT

DOCS = ROOT / "shared" / "docs"
HEADINGS = ["Context", "Decision", "Consequences", "Alternatives"]
MOST_LINES = 40
"""Of one record: what is longer is two decisions, or a description of the code."""


def test_every_fact_is_in_the_glossary() -> None:
    """A fact that is told about complaints is explained, with its official term."""
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    told = {
        fact.__name__
        for stream in STREAMS.values()
        for fact in stream.facts.values()
        if stream.carries == "history"
    }
    assert told
    assert not {name for name in told if f"`{name}`" not in glossary}


def test_decisions_are_one_sequence_of_one_shape() -> None:
    """Numbered without gaps; each says why, what, what follows and what else, on one page."""
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(len(records)))
    for path in records:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS, path.name
        assert text.count("\n") <= MOST_LINES, path.name
