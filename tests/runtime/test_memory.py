"""What a batch took for a moment goes back to the machine."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

KEPT = """
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resource import getpagesize
from shared.runtime.memory import give_back

def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 2**20

def batch(_number):
    large = [b"x" * 200_000 for _ in range(1)]
    del large
    large, small = [], []
    for _ in range(100):
        large.append(b"x" * 200_000)
        small.append(b"y" * 2_000)
    return small

give_back()
before = megabytes()
with ThreadPoolExecutor(3) as pool:
    kept = list(pool.map(batch, range(9)))
print(megabytes() - before)
"""


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "mallopt"), reason="this C library has no mallopt to set"
)
def test_large_blocks_go_back_although_small_ones_stay() -> None:
    """Two megabytes of small ones lie between 180 of large ones."""
    command = [sys.executable, "-c", KEPT]
    kept = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert float(kept) < 12
