"""Take the README's pictures of the live page, with a real browser.

A demo that runs is used as it is. Else one is started on a folder of its own, always with the
same sample complaints under the same ids, and ended when the pictures are taken.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx

from deploy.bootstrap import ROOT
from deploy.found import running

PICTURES = ROOT / "shared" / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SAME_EVERY_TIME = "pictures-of-the-readme"
"""What the ids of the samples are derived from, in place of a secret of the folder."""
PATIENCE = 300.0
ENOUGH: Mapping[str, int] = {"received": 20, "answered": 15, "resolved": 8}
"""What the page must count before its picture is worth taking."""


class NoPicture(Exception):
    """No picture was taken; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: which page, in which language, how wide."""

    name: str
    path: str
    width: int
    height: int


SHOTS = (
    Shot("live-1280.png", "/?lang=en", 1280, 800),
    Shot("live-360.png", "/?lang=id", 360, 800),
)


def take(folder: Path, data: Path | None, say: Callable[[str], None]) -> list[Path]:
    """Take every picture into a folder. Raises NoPicture."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoPicture(
            "There is no Chromium here (on Debian and Ubuntu: apt-get install chromium)."
        )
    if find_spec("playwright") is None:
        raise NoPicture("Its driver is not here: python3 -m deploy bootstrap --group screens")
    state = running(data)
    if state is not None and state.get("kind") == "demo":
        return _photograph(browser, state["addresses"]["metrics"], folder, say)
    with _demo(say) as address:
        return _photograph(browser, address, folder, say)


def _photograph(browser: str, address: str, folder: Path, say: Callable[[str], None]) -> list[Path]:
    from playwright.sync_api import sync_playwright  # of the group "screens"

    _wait_for_enough(address, say)
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET))
        for shot in SHOTS:
            page = chromium.new_page(
                viewport={"width": shot.width, "height": shot.height}, reduced_motion="reduce"
            )
            page.goto(f"{address}{shot.path}")
            page.wait_for_selector("[data-live][data-now=on]")  # the stream has come
            taken.append(folder / shot.name)
            page.screenshot(path=taken[-1])
            page.close()
        chromium.close()
    return taken


def _wait_for_enough(address: str, say: Callable[[str], None]) -> None:
    deadline, told = time.monotonic() + PATIENCE, False
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError, ValueError, KeyError):
            answer = httpx.get(f"{address}/api/v1/figures", timeout=5, trust_env=False)
            total = answer.raise_for_status().json()["total"]
            if all(total[measure] >= least for measure, least in ENOUGH.items()):
                return
        if not told:
            say("Waiting until officers have answered enough to be shown: two or three minutes.")
            told = True
        time.sleep(1)
    raise NoPicture(f"{address} did not count enough within {PATIENCE:.0f} s; is its demo well?")


@contextmanager
def _demo(say: Callable[[str], None]) -> Iterator[str]:
    """Run a demo of our own; give the address of its live page."""
    with tempfile.TemporaryDirectory(prefix="kentongan-shots-") as place:
        keys = Path(place, "keys")
        keys.mkdir(mode=0o700)
        (keys / "samples").write_text(SAME_EVERY_TIME, "ascii")
        say("No demo runs; starting one for the pictures.")
        options = ("--json", "--no-traffic", "--port", "8300", "--data", place)
        demo = subprocess.Popen(
            [sys.executable, "-m", "deploy", "demo", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            told = demo.stdout.readline() if demo.stdout else ""
            if not told:
                raise NoPicture("The demo did not start; what it said stands above.")
            yield json.loads(told)["addresses"]["metrics"]
        finally:
            demo.send_signal(signal.SIGINT)
            try:
                demo.wait(20)
            except subprocess.TimeoutExpired:
                demo.kill()
                demo.wait()
