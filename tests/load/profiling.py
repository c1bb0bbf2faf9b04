"""Where a service spends its time: its functions by own time.

py-spy where it is installed: it looks from outside at the thread that has the interpreter, so that
those that wait do not count, and costs little. Otherwise
cProfile inside, in every thread (Motor works in threads); it makes small functions look dear.
"""

from __future__ import annotations

import cProfile
import pstats
import runpy
import shutil
import signal
import subprocess
import sys
import sysconfig
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

MOST = 40
SAMPLES_A_SECOND = 200


def sampler() -> str | None:
    """Find py-spy."""
    beside = Path(sysconfig.get_path("scripts")) / "py-spy"
    return str(beside) if beside.exists() else shutil.which("py-spy")


def command(folder: Path, service: str) -> Sequence[str]:
    """Give what starts a service so that it can be profiled."""
    if sampler():
        return [sys.executable]
    return [sys.executable, "-m", "tests.load.profiling", str(_file(folder, service))]


@contextmanager
def sampled(folder: Path, service: str, pid: int) -> Iterator[None]:
    """Sample a running service while the block runs, if there is a sampler."""
    program = sampler()
    if program is None:
        yield
        return
    options = ["--pid", str(pid), "--rate", str(SAMPLES_A_SECOND), "--format", "raw", "--gil"]
    with subprocess.Popen(
        [program, "record", *options, "--output", str(_file(folder, service))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as spy:
        try:
            yield
        finally:
            spy.send_signal(signal.SIGINT)


def show(folder: Path, service: str) -> None:
    """Print the functions that took most time themselves."""
    file = _file(folder, service)
    if sampler() is None:
        pstats.Stats(str(file)).sort_stats("tottime").print_stats(MOST)
        return
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in file.read_text().splitlines():
        stack, _, times = line.rpartition(" ")
        frames = [_place(frame) for frame in stack.split(";")]
        own[frames[-1]] += int(times)
        for frame in set(frames):
            within[frame] += int(times)
    total = max(1, sum(own.values()))
    print(f"\n{service}: {total} samples, {SAMPLES_A_SECOND} a second, of threads that run")
    for what, counted in (("own time", own), ("with what it calls", within)):
        print(f"\n  share  {what}")
        for place, seen in counted.most_common(MOST):
            print(f"  {seen / total:5.1%}  {place}")


def _place(frame: str) -> str:
    """Shorten a frame, ``function (a/path/to/file.py:12)``, by the line and most of the path."""
    function, _, where = frame.partition(" (")
    path = where.rpartition(":")[0] or where.rstrip(")")
    return f"{function} ({'/'.join(path.split('/')[-3:])})" if path else function


def _file(folder: Path, service: str) -> Path:
    return folder / f"{service}.profile"


def _profile(output: str, module: str) -> None:
    """Run a module under cProfile in all its threads, and write the sum when it ends."""
    profiles: list[cProfile.Profile] = []

    def begin(_frame: FrameType, _event: str, _argument: Any) -> None:
        sys.setprofile(None)
        profile = cProfile.Profile()
        profiles.append(profile)
        profile.enable()

    threading.setprofile(begin)
    main = cProfile.Profile()
    main.enable()
    try:
        sys.argv = [module]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        main.disable()
        stats = pstats.Stats(main)
        for profile in profiles:
            stats.add(profile)
        stats.dump_stats(output)


if __name__ == "__main__":
    _profile(sys.argv[1], sys.argv[3])
