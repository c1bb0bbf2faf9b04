"""The runbook is whole: each command is run by a test or named here, each figure is explained."""

from __future__ import annotations

import inspect
import re
import shlex

from services.notification import figures as notice_figures
from shared.runtime import figures
from shared.runtime.bus import cluster
from shared.runtime.process import Process
from tests.harness.pages import ANYWHERE, RUNBOOK, is_a_command, lines, marks

BY_A_TEST = {
    *("node", "outage", "erasing", "routing-stopped", "upgraded"),
    *("folder", "containers", "trial"),
}
"""Marks of blocks that tests/journeys/test_runbook.py and tests/connected/test_compose.py run."""
NOT_RUN = {
    "make demo": "tests/journeys/test_demo.py starts the same, in a folder of its own",
    "make tour": "tests/journeys/test_demo.py takes it there; in containers it is run",
    "python3 -m deploy node": "tests/deploy/test_chosen.py and every journey start such a node",
    "docker compose exec -T mongo": "MongoDB's own tools are nowhere here",
    "docker compose build prepare": "the fixture of tests/connected/test_compose.py builds all",
    "docker compose run --rm tools topics": "run from another block, marked `containers`",
    "docker compose stop": "the last test of tests/connected/test_compose.py stops the services",
    "docker compose start": "as `up`, which is run",
    "docker compose down": "the end of tests/connected/test_compose.py",
    "python3 -m deploy engines --images": "tests/connected/test_compose.py builds by its function",
}
"""How a command begins that no test runs from the page, and why."""


def test_each_command_is_run_or_named() -> None:
    """A block has a mark that a test knows, or each of its commands stands in the list above."""
    assert marks(RUNBOOK) == {*BY_A_TEST, ANYWHERE}
    left = lines(RUNBOOK, ANYWHERE)
    unnamed = [line for line in left if not line.startswith(tuple(NOT_RUN))]
    assert not unnamed
    assert all(any(line.startswith(begin) for line in left) for begin in NOT_RUN)


def test_each_command_of_deploy_exists_with_its_options() -> None:
    """Whether it is run or not: each is one, and takes the options shown."""
    every = [line for mark in marks(RUNBOOK) for line in lines(RUNBOOK, mark)]
    ours = [words[3:] for words in map(shlex.split, every) if words[1:3] == ["-m", "deploy"]]
    assert len(ours) > 10
    assert not (wrong := [words for words in ours if not is_a_command(words)]), wrong


def test_each_figure_is_explained() -> None:
    """What a process shows stands among the alarms or beside them, and nothing else does."""
    shown = set()
    for module in (figures, notice_figures):
        shown |= set(re.findall(r"^(kentongan_\w+) ", module.__doc__ or "", re.MULTILINE))
    page = set(re.findall(r"`(kentongan_[a-z_]+)`", RUNBOOK))
    files = {"kentongan_mongo", "kentongan_mongo_writer", "kentongan_pin_secret"}
    assert page - files == shown


def test_each_reason_is_explained() -> None:
    """Whatever health says against being ready, the page says what to do."""
    source = inspect.getsource(Process.reasons) + inspect.getsource(cluster.KafkaWatch.lacks)
    said = re.findall(r'"([A-Z][^"{]+)', re.sub(r'""".*?"""', "", source, flags=re.DOTALL))
    assert len(said) >= 7
    assert not (lacking := [each for each in said if each.strip() not in RUNBOOK]), lacking


def test_its_links_lead_somewhere() -> None:
    """A link inside the page goes to a heading."""
    headings = re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", RUNBOOK)) <= anchors
