"""What is run until Ctrl-C ends as soon as it says, and says how long that took."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

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
