"""What an operator reads of an audit tells at once what differs from what is not finished."""

from __future__ import annotations

import re
from datetime import timedelta

from deploy.audit.comparing import Currency, compare
from deploy.audit.finding import NO_DIFFERENCE, Finding, Kind, Report
from deploy.audit.report import text
from shared.contracts.fact import Pair
from shared.contracts.topics import SERVICES
from tests.deploy.nodes import World
from tests.harness.pages import RUNBOOK

FIRST, SECOND = Pair(0, 1), Pair(0, 2)


def reported(*findings: Finding) -> str:
    """Give what is read of these findings."""
    report = Report("8171")
    for finding in findings:
        report.note(finding)
    return text(report)


def of_a_response(waiting: timedelta) -> str:
    """Give what is read of an answer given so long ago that nobody has heard."""
    world = World()
    complaint = world.file()
    world.spread(complaint)
    world.respond(complaint)
    heard_up_to = world.now + min(waiting - timedelta(seconds=30), timedelta(seconds=30))
    through = {(reader, "cases"): heard_up_to for reader in SERVICES}
    currency = Currency(world.now + waiting, through)
    return reported(*compare(complaint, world.group(complaint), currency))


def test_what_is_on_its_way_reads_as_not_finished() -> None:
    """From whom to whom, without a word of what lacks; the last line says that nothing differs."""
    said = of_a_response(timedelta(seconds=5))
    assert "news in cases on its way from followup to notification" in said
    assert "not finished, no difference" in said
    assert "DIFFERS" not in said
    assert said.splitlines()[-1].startswith("clean, after")
    assert "4 under way, which another audit in a minute finds arrived" in said.splitlines()[-1]


def test_the_same_an_hour_later_reads_as_a_difference() -> None:
    """Who has not heard what, and that --mend has it told again."""
    said = of_a_response(timedelta(hours=1))
    assert "DIFFERS" in said
    assert f"notification has heard cases up to {FIRST} and followup has {SECOND}" in said
    assert "on its way" not in said
    assert "--mend" in said
    assert "under way" not in said


def test_each_kind_that_is_no_difference_says_so() -> None:
    """None of them stands there by its name alone."""
    for kind in NO_DIFFERENCE:
        lines = reported(Finding(kind, "", "", "")).splitlines()
        (line,) = [one for one in lines if f"  {kind}: " in one]
        assert "no difference" in line


def test_the_runbook_explains_each_kind() -> None:
    """Whoever reads a finding finds there what to do about it."""
    rows = re.findall(r"^\| ([a-z, ]+) \| .+ \|", RUNBOOK, re.MULTILINE)
    named = {kind for row in rows for kind in row.split(", ")}
    assert set(Kind) <= named
