"""Signal a process with all its descendants, and see that none outlives us.

A process group is not enough: every child of PostgreSQL leads a group of its own. And a
test run that is killed must not leave servers behind. The kernel's parent-death signal
would fire when the *thread* that started the child ends, so this file, run as a program,
is the guard instead: it holds one end of a pipe, and when the other end closes, for
whatever reason, it kills the families it was told of.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

_lock = threading.Lock()
_guard: subprocess.Popen[str] | None = None


def descendants(root: int) -> list[int]:
    """Find children, their children and so on; none where there is no /proc."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents().items():
        children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found[1:]


def signal_family(root: int, number: signal.Signals) -> list[int]:
    """Send a signal to a process, its group and its descendants; say which those are."""
    if number is signal.SIGKILL:
        # A frozen parent starts no child between the look and the kill.
        _send(root, signal.SIGSTOP)
    family = descendants(root)
    for pid in [root, *family]:
        _send(pid, number)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(root, number)
    return family


def wait_for_end(family: list[int], patience: float) -> None:
    """Wait until none of these processes runs any more."""
    deadline = time.monotonic() + patience
    while not _parents().keys().isdisjoint(family) and time.monotonic() < deadline:
        time.sleep(0.01)


def _parents() -> dict[int, int]:
    """Map every living process to its parent."""
    found: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name in parentheses may hold anything, so count from its end.
            state, parent = stat.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(stat.parent.name)] = int(parent)
    return found


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def watch(root: int) -> None:
    """Have this family killed when our own process ends without having done so."""
    _tell_guard(f"+{root}")


def release(root: int) -> None:
    """Forget a family that has ended; its number may soon be somebody else's."""
    _tell_guard(f"-{root}")


def _tell_guard(line: str) -> None:
    global _guard  # noqa: PLW0603 - one guard per process, however many engines it runs
    with _lock:
        if _guard is None or _guard.poll() is not None:
            _guard = subprocess.Popen(
                [sys.executable, "-I", "-S", __file__],
                stdin=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            atexit.register(_dismiss, _guard)
        if _guard.stdin:
            _guard.stdin.write(line + "\n")
            _guard.stdin.flush()


def _dismiss(guard: subprocess.Popen[str]) -> None:
    guard.communicate(timeout=10)


def _stand_guard() -> None:
    families: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        (families.add if line[0] == "+" else families.discard)(pid)
    for pid in families:
        signal_family(pid, signal.SIGKILL)


if __name__ == "__main__":
    _stand_guard()
