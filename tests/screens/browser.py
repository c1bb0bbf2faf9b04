"""A real browser, and pages of services that run without engines."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from shared.runtime.serving import Server

playwright = pytest.importorskip(
    "playwright.sync_api", reason="no Playwright: install the group `screens`"
)

QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def open_browser() -> Iterator[Any]:
    """Give the Chromium of this machine; it ends with the file, and its event loop with it."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not found:
        pytest.skip("no Chromium: install the package `chromium` or set CHROMIUM")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=found, args=QUIET)
        yield chromium
        chromium.close()


@dataclass
class Served:
    """An application on a port of this machine."""

    server: Server
    thread: threading.Thread
    address: str

    @classmethod
    def of(cls, app: FastAPI) -> Served:
        """Serve an application in a thread."""
        config = uvicorn.Config(app, port=0, log_level="error", timeout_graceful_shutdown=20)
        server = Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        return cls(server, thread, f"http://127.0.0.1:{port}")

    def stop(self) -> float:
        """Stop; give how many seconds it took."""
        began = time.monotonic()
        self.server.should_exit = True
        self.thread.join(30)
        return time.monotonic() - began
