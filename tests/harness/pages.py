"""Commands as a page has them: blocks of code, each marked with where it can be run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

from deploy.cli import app
from tests.architecture.house import ROOT

RUNBOOK = (ROOT / "deploy/README.md").read_text("utf-8")
ANYWHERE = ""
"""The mark of a block that no test runs."""


def lines(page: str, mark: str) -> list[str]:
    """Give the commands of all blocks with this mark, in the page's order, each on one line."""
    found = re.findall(rf"^```sh *{mark}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    text = re.sub(r"\\\n *", "", "".join(found))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def marks(page: str) -> set[str]:
    """Give the marks that blocks of commands have."""
    return set(re.findall(r"^```sh *(\S*)$", page, re.MULTILINE))


def is_a_command(words: Sequence[str]) -> bool:
    """Say whether there is such a command of deploy, with the options shown."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while rest and rest[0][0] != "-" and (under := getattr(command, "commands", None)):
        if rest[0] not in under:
            return False
        command, rest = under[rest[0]], rest[1:]
    if not command.params:  # what another program reads
        return True
    known = {"--help", *(option for each in command.params for option in each.opts)}
    return {word.partition("=")[0] for word in rest if word.startswith("--")} <= known
