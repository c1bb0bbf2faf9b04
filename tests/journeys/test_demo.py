"""The demo as a person has it: started, toured, wounded, ended with Ctrl-C, and started again."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo.people import Samples
from deploy.engines.choose import embedded
from deploy.engines.family import descendants, wait_for_end
from deploy.engines.ports import free_port
from deploy.engines.process import Process
from deploy.folder import Folder
from deploy.parts import environment
from tests.harness.waiting import until

PROMISED = 3.0
"""Seconds after Ctrl-C in which everything has ended."""
HERE = environment({"KENTONGAN_BOOTSTRAP": "off", "NO_COLOR": "1"})
DEPLOY = [sys.executable, "-m", "deploy"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self").exists(), reason="processes are found in /proc"),
]


class City:
    """A demo with a data folder and ports of its own."""

    def __init__(self, folder: Path) -> None:
        """Start nothing yet."""
        self.folder, self.port, self.starts = Folder(folder / "data"), free_port(), 0
        self._process = Process("demo", folder / "said", 240, signal.SIGINT)

    @property
    def said(self) -> str:
        """Give what a person has read in its terminal since it was started last."""
        return self._process.log.read_text().rpartition("Kentongan: ")[2]

    def start(self) -> None:
        """Start it as `make demo` does; return once it says how to stop it."""
        self.starts += 1
        options = ["--data", str(self.folder.path), "--port", str(self.port)]

        def ready() -> bool:
            begun = self._process.log.read_text().count("Kentongan: ") == self.starts
            return begun and "Stop  Ctrl-C" in self.said

        self._process.start([*DEPLOY, "demo", *options], ready, HERE)

    def lines(self, what: str) -> list[str]:
        """Give the lines it said in which something stands."""
        return [line for line in self.said.splitlines() if what in line]

    def url(self, service: str) -> str:
        """Give where a service answers, as other commands find it."""
        state = self.folder.read_state()
        assert state is not None
        return str(state["addresses"][service])

    def sample(self) -> tuple[str, str]:
        """Give number and PIN of the complaint that it offers to track."""
        found = re.search(r"Kentongan-PIN: (\d+)'.*?complaints/([\w-]+)", self.said, re.DOTALL)
        assert found, self.said
        return found[2], found[1]

    def track(self, number: str, pin: str) -> dict[str, Any]:
        """Read where a report stands, as its reporter does."""
        url = f"{self.url('intake')}/api/v1/complaints/{number}"
        answer = httpx.get(url, headers={"Kentongan-PIN": pin}, timeout=20)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def received(self) -> int:
        """Give how many complaints metrics has counted today."""
        figures = httpx.get(f"{self.url('metrics')}/api/v1/figures", timeout=20).json()
        return int(figures["total"]["received"])

    def pid_of(self, module: str) -> int:
        """Find the process that runs one of our programs."""
        assert self._process._child is not None
        for pid in descendants(self._process._child.pid):
            if module in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                return pid
        raise AssertionError(f"nobody runs {module}")

    def stop(self) -> tuple[int | None, float]:
        """Press Ctrl-C; give its status, and the seconds until none of its processes was left."""
        child = self._process._child
        assert child is not None
        family = descendants(child.pid)
        assert len(family) >= 9  # five services, sign-in, mailbox, store and broker
        began = time.monotonic()
        os.kill(child.pid, signal.SIGINT)
        status = child.wait(60)
        wait_for_end(family, 60)
        return status, time.monotonic() - began

    def end(self) -> None:
        """Kill whatever is left."""
        self._process.kill()


@pytest.fixture
def city(tmp_path: Path, engine_report: Callable[[str], None]) -> Iterator[City]:
    """Give a demo, ended afterwards; what it said is shown where the test fails."""
    city, engines = City(tmp_path), embedded(tmp_path)
    for engine in (engines.broker, engines.store):
        engine_report(engine.name)
    try:
        yield city
    finally:
        print(city._process.last_words(80))
        city.end()


def test_a_city_lives_is_wounded_ends_and_comes_back(city: City) -> None:
    """Complaints come and move; a killed service is started again; what was stored is there."""
    city.start()
    assert not city.lines("!!"), city.said
    number, pin = city.sample()
    samples = len(Samples.of("8171").complaints)
    until(lambda: city.received() <= samples and "a complaint beyond the samples")
    until(lambda: city.track(number, pin)["status"] == "received" and "the sample is routed")

    tour = [*DEPLOY, "tour", "--data", str(city.folder.path)]
    toured = subprocess.run(tour, env=HERE, capture_output=True, text=True, check=False)
    assert toured.returncode == 0, toured.stdout + toured.stderr
    for told in ("complaint.received.v1", "case.opened.v1", "response.given.v1", "notice.sent.v1"):
        assert told in toured.stdout
    assert "its reporter reads: resolved" in toured.stdout

    killed = city.pid_of("services.intake")
    os.kill(killed, signal.SIGKILL)
    until(lambda: not city.lines("intake answers again after") and city.said[-500:])
    assert city.lines("intake was killed by signal 9; it is started again now")
    assert city.pid_of("services.intake") != killed
    before = city.track(number, pin)

    assert_ended(city)
    city.start()
    assert f"{samples} there already" in city.said
    assert city.sample() == (number, pin)
    after = city.track(number, pin)
    assert (after["title"], after["received_at"]) == (before["title"], before["received_at"])
    assert [step["at"] for step in after["history"]][: len(before["history"])] == [
        step["at"] for step in before["history"]
    ]
    assert_ended(city)


def assert_ended(city: City) -> None:
    """See that Ctrl-C ends it and all its processes within what is promised."""
    status, took = city.stop()
    assert status == 0, city.said
    assert city.lines("Everything ended after"), city.said
    assert took < PROMISED, f"{took:.1f} s; {city.lines('Everything ended after')}"
    assert city.folder.read_state() is None
