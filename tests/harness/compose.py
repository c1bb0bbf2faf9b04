"""A node in containers, as `deploy/compose.yaml` says, through whichever Compose is here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.engines import images
from deploy.engines.cache import Cache
from deploy.engines.daemon import has_image, pull
from shared.contracts.topics import SERVICES
from tests.architecture.house import ROOT

PATIENCE = 300.0
DOORS = (*SERVICES, "identity", "mailbox")


def compose_program() -> list[str] | None:
    """Find Compose 2, else docker-compose 1.29, else nothing."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]) and _run([*words, "version"]).returncode == 0:
            return words
    return None


def compose_files(*, fetch: bool) -> list[str] | None:
    """Give the files to lay over each other: official images where they are, else ours."""
    text = (ROOT / "deploy/compose.yaml").read_text("utf-8")
    engines = re.findall(r"^    image: ((?:apache/kafka|mongo):\S+)$", text, re.MULTILINE)
    assert len(engines) == 2
    if all(has_image(each) or (fetch and pull(each)) for each in (images.PYTHON, *engines)):
        return ["compose.yaml", "compose.trial.yaml"]
    if fetch:
        images.build_all(Cache.of())
    ours = (images.OUR_PYTHON, "kentongan/kafka:here", "kentongan/ferretdb:here")
    if not all(map(has_image, ours)):
        return None
    return ["compose.yaml", "compose.here.yaml", "compose.trial.yaml"]


@dataclass
class Project:
    """One project of Compose: a node of its own, with ports that nobody has."""

    program: Sequence[str]
    files: Sequence[str]
    folder: Path
    name: str = field(default_factory=lambda: f"kentongan{os.getpid()}")

    def compose(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Compose; with its own words if it fails."""
        done = _run([*self.program, *words], self._told())
        assert not check or done.returncode == 0, f"{words}: {done.stdout[-3000:]}{done.stderr}"
        return done

    def typed(self, line: str) -> str:
        """Run a line of the runbook as it stands there, and give what it printed."""
        compose = " ".join(self.program)
        line = line.replace("docker compose run --rm", f"{compose} run --rm -T")  # no terminal here
        line = line.replace("docker compose", compose).replace("python3", sys.executable)
        done = _run(["bash", "-c", line], self._told())
        assert done.returncode == 0, f"{line}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def _told(self) -> dict[str, str]:
        return {
            **os.environ,
            **{f"KENTONGAN_{door.upper()}": "127.0.0.1:" for door in DOORS},
            "COMPOSE_FILE": ":".join(f"deploy/{file}" for file in self.files),
            "COMPOSE_PROJECT_NAME": self.name,
            "KENTONGAN_FOLDER": str(self.folder),
            "KENTONGAN_BOOTSTRAP": "off",
        }

    def container(self, service: str) -> dict[str, Any]:
        """Give what Docker knows of the container of a service."""
        found = self.compose("ps", "-q", service).stdout.split()
        return inspect(found[0]) if found else {}

    def healthy(self, service: str) -> bool:
        """Say whether the container of a service runs and says that it is ready."""
        state = self.container(service).get("State", {})
        return bool(state.get("Running")) and state["Health"]["Status"] == "healthy"

    def wait(self, what: str, condition: Callable[[], bool]) -> None:
        """Wait for something, or say what everybody's last words were."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                said = self.compose("logs", "--no-color", "--tail=15", check=False).stdout
                raise AssertionError(f"not in time: {what}\n{said}")
            time.sleep(1)

    def kill(self, service: str) -> None:
        """Kill the process of a service in its container, and no init that would say goodbye."""
        before = self.container(service)
        _run(["docker", "exec", before["Id"], "sh", "-c", "kill -9 -1"])
        self.wait(
            f"{service} came back",
            lambda: (
                self.container(service).get("RestartCount", 0) > before["RestartCount"]
                and self.healthy(service)
            ),
        )


def inspect(what: str) -> dict[str, Any]:
    """Give what Docker knows of a container or an image."""
    done = _run(["docker", "inspect", what])
    found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    return found[0] if found else {}


def _run(
    words: Sequence[str], told: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=ROOT, env=told, capture_output=True, text=True, check=False, timeout=1800
    )
