"""What is run until Ctrl-C ends as soon as it says, and says how long that took."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.demo.run import Demo
from deploy.folder import Folder
from deploy.supervisor import CannotStart

RUNNING = """
import asyncio, gc, sys
from pathlib import Path
import deploy.demo.run
from deploy.folder import Folder
from deploy.running import run

async def work(supervisor):
    print("ready", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0.5)  # as where a step that was begun has to be undone

run(Folder(Path(sys.argv[1])), work, "")
print(gc.get_freeze_count(), flush=True)
"""


def test_it_says_the_seconds_since_ctrl_c_and_nothing_is_left_to_do(tmp_path: Path) -> None:
    """What a signal takes is counted from it; the interpreter does not look through its heap."""
    command = [sys.executable, "-c", RUNNING, str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout
        assert child.stderr
        assert child.stdout.readline() == "ready\n"
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        left_alone = int(child.stdout.readline())
        took = time.monotonic() - began
        said = re.search(r"ended after ([\d.]+) s", child.stderr.read())
    assert child.returncode == 0
    assert said
    assert 0.45 < float(said[1]) < took + 0.1
    assert left_alone > 10_000


def test_who_cannot_start_a_demo_is_first_told_to_put_it_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A settings file with a mistake in it is no reason to throw data away."""

    async def refused(*_given: object) -> None:
        raise CannotStart("followup does not start: policy.json is not right.")

    monkeypatch.setattr(Demo, "_work", refused)
    with pytest.raises(SystemExit):
        Demo(node="8171", folder=Folder(tmp_path), port=20_000, rate=0.0).run()
    said = " ".join(capsys.readouterr().err.split())
    assert said.index("policy.json") < said.index("start again; data stays") < said.index("--fresh")
