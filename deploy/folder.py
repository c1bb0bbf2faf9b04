"""The folder in which a demo or a node of this machine keeps what is its own."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.bootstrap import ROOT
from shared.runtime.files import put_file
from shared.runtime.sealing import make_pair

HOME = ROOT / ".kentongan"
DEMO = HOME / "demo"
OURS = ("engines", "keys", "logs", "state.json", "mailbox.json", "publishers.json", "lock")
"""All that may stand in such a folder; starting afresh removes this and nothing else."""


def named_hosts(publisher: str, hosts: Sequence[str]) -> str:
    """Say from where a publisher's files are fetched, as ``KENTONGAN_FILES_FROM`` says it."""
    return ",".join(f"{publisher}={host}" for host in hosts or ("",))


class InUse(Exception):
    """Another demo or node runs on this folder; the message says which."""


class Folder:
    """Engines' data, logs, keys, and the state file by which other commands find what runs."""

    def __init__(self, path: Path) -> None:
        """Use a folder; nothing is made yet."""
        self.path = path.absolute()
        self.engines, self.logs = self.path / "engines", self.path / "logs"
        self.keys, self.state = self.path / "keys", self.path / "state.json"

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Make the folder and hold it alone. Raises InUse."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse(
                    f"Something runs on {self.path} already; end it with Ctrl-C, "
                    "or name another folder with --data."
                ) from None
            try:
                yield
            finally:
                self.state.unlink(missing_ok=True)

    def empty(self) -> None:
        """Remove what we keep here, and nothing else."""
        for name in OURS[:-1]:
            path = self.path / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        """Give the file for a process's output."""
        return self.logs / f"{name}.log"

    def secret(self, name: str) -> str:
        """Give a secret of this folder, made when it is first asked for, readable by us alone."""
        path = self.keys / name
        self.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            put_file(path, secrets.token_urlsafe(48).encode(), 0o600, once=True)
        return path.read_text("ascii").strip()

    def publishers(self, named: Sequence[str] = ()) -> tuple[str, ...]:
        """Give the outside publishers that were added to this node, after those that are named."""
        return tuple(dict.fromkeys((*named, *self._added())))

    def files_from(self, publisher: str) -> tuple[str, ...] | None:
        """Give the hosts that were agreed on with a publisher, for the files that it names.

        There are none where that was ended; None where nothing was ever said of them.
        """
        hosts = self._added().get(publisher)
        return None if hosts is None else tuple(hosts)

    def add_publisher(self, name: str, hosts: Sequence[str] | None = None) -> bool:
        """Keep a publisher for intake's next start, with its hosts; say whether anything is new.

        Hosts stand in the place of those before; None leaves these.
        """
        known = self._added()
        wanted = {**known, name: known.get(name) if hosts is None else list(hosts)}
        if name in known and wanted == known:
            return False
        put_file(self.path / "publishers.json", json.dumps(wanted).encode(), 0o644)
        return True

    def _added(self) -> Mapping[str, list[str] | None]:
        """Give the publishers that were added, each with its hosts; there was a list of names."""
        try:
            added = json.loads((self.path / "publishers.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}
        return added if isinstance(added, dict) else dict.fromkeys(added)

    def contact_keys(self) -> tuple[Path, Path]:
        """Give the files of the key pair that contacts are sealed with: public, private."""
        return make_pair(self.keys)

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Say what runs and where, for other commands; readable by us alone."""
        said = json.dumps({"pid": os.getpid(), "folder": str(self.path), **state}, indent=2)
        put_file(self.state, said.encode(), 0o600)

    def read_state(self) -> dict[str, Any] | None:
        """Give what runs here; nothing if nothing does."""
        try:
            state: dict[str, Any] = json.loads(self.state.read_text("utf-8"))
            os.kill(int(state["pid"]), 0)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return state
