"""What the C library keeps of the memory that Python has given back.

A batch takes some megabytes for a moment, in whichever thread works on it. By itself glibc opens a
heap for each thread, and after the first large block that is freed it keeps the next ones too, so
a process would stay several batches large. Source: GNU C Library manual, "Malloc Tunable
Parameters".
"""

from __future__ import annotations

import ctypes

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""Parameters of ``mallopt``, by the numbers of malloc.h."""
LARGE = 128 * 1024
"""Bytes from which a block goes back at once, and of free space that a heap may end with."""


def give_back() -> None:
    """Use one heap for all threads, and return large blocks; nothing where there is no glibc.

    Nearly all is allocated by who holds the interpreter, so one heap makes hardly anybody wait.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is not None:
        for parameter, value in ((ARENA_MAX, 1), (MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE)):
            tune(parameter, value)
