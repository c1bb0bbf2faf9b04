"""Make what a node in containers keeps secret: a folder for each container, with its own alone.

A container sees its folder as ``/run/secrets``, and a service reads there what no variable says.
Whoever may enter the upper folder may read all: that is the operator. The files themselves can be
read by every user, since those of the containers are nobody on this machine.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from deploy.engines.kafka import new_cluster_id
from shared.contracts.topics import SERVICES
from shared.runtime.files import put_file
from shared.runtime.sealing import PRIVATE_FILE, PUBLIC_FILE, make_pair, renew_pair

STORE = "mongodb://kentongan:{password}@mongo:27017/?replicaSet=kentongan&authSource=admin"
KEY_BYTES = 512
"""Of the key that members of a replica set know each other by; MongoDB takes 6 to 1024 letters."""


@dataclass
class Keys:
    """The folder of one node in containers."""

    folder: Path
    made: list[Path] = field(default_factory=list)
    there: list[Path] = field(default_factory=list)

    def make(self) -> None:
        """Make what is missing; what is there stays. Told twice, it is done once."""
        upper = self.folder / "secrets"
        upper.mkdir(parents=True, exist_ok=True)
        upper.chmod(0o700)
        for name in (*SERVICES, "tools", "mongo"):
            (upper / name).mkdir(exist_ok=True)
            (upper / name).chmod(0o755)  # beneath the upper one, which only its owner enters
        self._put(self.folder / "kafka.env", f"CLUSTER_ID={new_cluster_id()}\n")
        self._put(upper / "mongo" / "keyfile", _letters(KEY_BYTES))
        password = self._put(upper / "mongo" / "password", secrets.token_urlsafe(32))
        for name in (*SERVICES, "tools"):
            self._put(upper / name / "kentongan_mongo", STORE.format(password=password))
        self._put(upper / "intake" / "kentongan_pin_secret", secrets.token_urlsafe(48))
        self._pair(upper)

    def renew_contacts(self) -> None:
        """Make another pair for contacts; the private half still opens what the old one did.

        One that was made just now is new enough.
        """
        upper = self.folder / "secrets"
        if upper / "notification" / PRIVATE_FILE not in self.made:
            _, private = renew_pair(upper / "notification")
            self._note(private)
            self._pair(upper)

    def _pair(self, upper: Path) -> None:
        """Make the pair of the node: intake seals with the public half, notification opens."""
        before = {path: path.exists() for path in (upper / "notification").glob("contact.*")}
        public, private = make_pair(upper / "notification")
        private.chmod(0o444)
        if not before.get(private):
            self._note(private)
        for name in ("intake", "tools"):  # publishers are given it by a command
            half = upper / name / PUBLIC_FILE
            if not half.exists() or half.read_bytes() != public.read_bytes():
                put_file(half, public.read_bytes(), 0o444)
                self._note(half)

    def _put(self, path: Path, content: str) -> str:
        """Give what stands in a file; write it if there is none."""
        if path.exists():
            self.there.append(path)
        else:
            put_file(path, content.encode(), 0o444, once=True)
            self._note(path)
        return path.read_text("ascii").strip()

    def _note(self, path: Path) -> None:
        """Say that a file was made, once however often it was written."""
        if path not in self.made:
            self.made.append(path)


def _letters(count: int) -> str:
    return base64.b64encode(secrets.token_bytes(count)).decode()
