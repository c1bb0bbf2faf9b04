"""The folder outside the tree where fetched engines live, each complete or absent."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .engine import EngineAbsent


@dataclass(frozen=True)
class Cache:
    """Folders by name; a name carries the version of what it holds."""

    folder: Path

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> Cache:
        """Use the folder that the environment names, else the user's own cache."""
        home = environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return cls(Path(environ.get("KENTONGAN_CACHE") or Path(home) / "kentongan").absolute())

    def find(self, name: str) -> Path | None:
        """Give the folder if it is there; never fetch."""
        path = self.folder / name
        return path if path.is_dir() else None

    def fetch(self, name: str, make: Callable[[Path], None]) -> Path:
        """Give the folder; make it first, under another name, if it is not there."""
        if found := self.find(name):
            return found
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f".{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if found := self.find(name):
                return found
            unfinished = self.folder / f".{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o755)
            began = time.monotonic()
            print(f"{name}: fetching into {self.folder} ...", flush=True)
            make(unfinished)
            unfinished.rename(self.folder / name)
            print(f"{name}: complete after {time.monotonic() - began:.0f} s", flush=True)
        return self.folder / name


def need(tool: str, remedy: str) -> str:
    """Find a program, or say in one sentence what is missing and what to do."""
    found = shutil.which(tool) or shutil.which(tool, path="/usr/sbin:/sbin")
    if found is None:
        raise EngineAbsent(f"The program `{tool}` is missing: {remedy}.")
    return found


def run(command: Sequence[str], what: str, environment: Mapping[str, str] | None = None) -> None:
    """Run one step of a fetch quietly; quote its last words if it fails."""
    began = time.monotonic()
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment,
    )
    if done.returncode:
        said = "".join(f"\n    {line}" for line in done.stdout.splitlines()[-12:])
        raise EngineAbsent(f"{what} failed with status {done.returncode}.{said}")
    print(f"  {what}: {time.monotonic() - began:.0f} s", flush=True)
