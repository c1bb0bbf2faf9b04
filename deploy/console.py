"""How deploy speaks to people: progress on stderr, results on stdout, colour where wanted."""

from __future__ import annotations

import os
import sys
import time
from enum import IntEnum
from typing import NoReturn, TextIO

from rich.console import Console


class Exit(IntEnum):
    """What a command ends with."""

    CLEAN = 0
    DIFFERENT = 1
    WRONG_USE = 2
    ENVIRONMENT = 3


_COLOURS = {"ok": "green", "--": "yellow", "!!": "red"}


def coloured(stream: TextIO) -> bool:
    """Say whether colour is wanted: a terminal, and nobody has said no."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _console() -> Console:
    colour = coloured(sys.stderr)
    return Console(
        stderr=True,
        highlight=False,
        markup=False,
        soft_wrap=True,
        no_color=not colour,
        force_terminal=colour,
    )


def progress(mark: str, what: str, detail: str = "", seconds: float | None = None) -> None:
    """Tell one step: ``ok  Broker  14 topics  0.3 s``."""
    took = f"{seconds:7.1f} s" if seconds is not None else ""
    line = f"{what:<20} {detail:<52} {took}".rstrip()
    console = _console()
    console.print(f"  {mark}  ", style=_COLOURS.get(mark), end="")
    console.print(line)


def note(sentence: str) -> None:
    """Tell something that happened, one line, with the time of day."""
    _console().print(f"  {time.strftime('%H:%M:%S')}  {sentence}")


def say(sentence: str) -> None:
    """Tell a person something on the way."""
    _console().print(sentence)


def fail(sentence: str, code: Exit = Exit.ENVIRONMENT) -> NoReturn:
    """End with a sentence that says what is wrong and what would help."""
    _console().print(sentence, style="red" if coloured(sys.stderr) else None)
    sys.exit(code)
