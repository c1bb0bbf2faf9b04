"""What every test has: the loop it runs on, and the report of engines and skips at the end.

A test that uses an engine says so with the ``engine_report`` fixture; what was really used,
in whichever worker, is printed when all is over, together with everything that was skipped.
"""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

WANTS_REAL = os.environ.get("KENTONGAN_ENGINES") == "real"
LONGEST = (
    "simulation/test_planted_faults.py",
    "journeys/test_faults.py",
    "simulation/test_losses.py",
    "simulation/test_storms.py",
    "storm/test_storm.py",
    "simulation/test_plays.py",
    "journeys/test_demo.py",
    "journeys/test_growing_old.py",
    "journeys/test_malice.py",
)
"""The files that take longest; those that mostly wait stand between those that work."""
LONG = ("connected", "journeys", "simulation", "storm")
"""The folders whose files take longer than those of others."""
_ENGINES = "kentongan_engines"
_engines: set[str] = set()

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")  # that a machine has other work too is no fault of the product
# Drawn in colour with all local variables, a traceback takes seconds, and pytest shows its own.
structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback


def note_engine(name: str) -> None:
    """Remember for the report that this engine, with its version, was really used."""
    _engines.add(name)


@pytest.fixture(scope="session")
def engine_report() -> Callable[[str], None]:
    """Give what tells the report which engine is used: ``engine_report("Apache Kafka 4.3.1")``."""
    return note_engine


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run every ``async def test_…`` on asyncio."""
    return "asyncio"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: begun last, it would leave the other workers idle."""

    def turn(item: pytest.Item) -> int:
        folder = item.path.parent.name
        name = f"{folder}/{item.path.name}"
        return LONGEST.index(name) if name in LONGEST else len(LONGEST) + (folder not in LONG)

    items.sort(key=turn)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while everything is imported, and never again in what was.

    It all stays, so that to go through it time and again is a quarter of collecting.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Give one worker more than there are cores: journeys and storms wait more than they work."""
    return (os.cpu_count() or 1) + 1


def pytest_testnodedown(node: object, error: object) -> None:
    """Take over what a worker has noted."""
    _engines.update(getattr(node, "workeroutput", {}).get(_ENGINES, ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the notes to the controller; where real engines are wanted, let no skip pass."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_ENGINES] = sorted(_engines)
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and session.exitstatus == pytest.ExitCode.OK and any(_forbidden_skips(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which engines were used, and what was skipped and why."""
    write = terminalreporter.write_line
    terminalreporter.section("engines and skips")
    write(f"engines: {', '.join(sorted(_engines)) or 'none; no test that ran needs one'}")
    skips = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, times in sorted(skips.items()):
        write(f"skipped {times:4}: {reason}", yellow=True)
    if not skips:
        write("skipped    0")
    for report in _forbidden_skips(terminalreporter):
        write(f"FAILED  a skip is no pass with KENTONGAN_ENGINES=real: {report.nodeid}", red=True)


def _forbidden_skips(reporter: pytest.TerminalReporter) -> Iterator[pytest.TestReport]:
    """Give the tests that had to see a real engine and did not; Docker may be missing."""
    for report in reporter.stats.get("skipped", ()) if WANTS_REAL else ():
        if "connected" in report.keywords and "docker" not in report.keywords:
            yield report


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
