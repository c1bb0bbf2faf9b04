"""One server as a child process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.engines.cache import need
from deploy.engines.engine import EngineAbsent, EngineFailed
from deploy.engines.family import descendants
from deploy.engines.process import Process

# Like PostgreSQL: the child leads a session of its own, so no group reaches both.
_FAMILY = ["sh", "-c", "setsid sleep 300 & echo started; exec sleep 300"]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """Give a process that is not started yet."""
    process = Process("the sleeper", tmp_path / "sleeper.log", patience=5)
    yield process
    process.kill()


def _started(process: Process) -> bool:
    return process.log.read_text().startswith("started")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="families are seen in /proc only")
def test_a_kill_reaches_children_in_other_sessions(process: Process) -> None:
    """After a kill neither the process nor a child that left its group runs."""
    process.start(_FAMILY, lambda: _started(process))
    assert process._child is not None
    family = [process._child.pid, *descendants(process._child.pid)]
    assert len(family) == 2
    process.kill()
    states = [_state(pid) for pid in family]
    assert set(states) <= {"", "Z"}


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def test_a_start_that_gets_no_answer_ends_with_the_last_words(process: Process) -> None:
    """What never answers is killed, and the error quotes it."""
    process.patience = 0.3
    with pytest.raises(EngineFailed, match=r"(?s)the sleeper did not answer.*started"):
        process.start(_FAMILY, lambda: False)
    assert not process.alive()


def test_a_process_that_died_by_itself_can_be_started_again(process: Process) -> None:
    """Nobody has to stop what is dead already."""
    process.start(["sh", "-c", "echo started; sleep 0.2"], lambda: _started(process))
    assert process._child is not None
    process._child.wait(5)
    assert not process.alive()
    process.start(["sleep", "300"], lambda: True)
    assert process.alive()


def test_a_second_start_changes_nothing(process: Process) -> None:
    """What runs is left as it is."""
    process.start(["sleep", "300"], lambda: True)
    first = process._child
    process.start(["sleep", "300"], lambda: True)
    assert process._child is first


def test_a_missing_tool_is_named_with_its_remedy() -> None:
    """A person reads what is missing and what to do, in one sentence."""
    with pytest.raises(EngineAbsent, match="`no-such-mvn` is missing: install Maven"):
        need("no-such-mvn", "install Maven")


def test_the_program_says_why_it_cannot_go_on() -> None:
    """`python -m deploy.engines` ends with a sentence, not with a traceback."""
    done = subprocess.run(
        ["/usr/bin/env", "KENTONGAN_ENGINES=embedded", sys.executable, "-m", "deploy.engines"],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "KENTONGAN_ENGINES says embedded: no real engine is wanted."
