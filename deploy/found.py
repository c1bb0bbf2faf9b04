"""Which node a command is about: what its options say, else what runs on this machine."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.folder import HOME, Folder
from shared.contracts.topics import SERVICES
from shared.runtime.settings import SECRETS

STORE, WRITER = "KENTONGAN_MONGO", "KENTONGAN_MONGO_WRITER"
"""Variables: the store's URI, and that of a principal that may write where the first may not."""


class NoneFound(Exception):
    """Nothing runs here and no address was given; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a node is."""

    node: str
    mongo: str = ""
    kafka: str = ""
    publishers: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    """Where it runs, if on this machine."""

    @classmethod
    def of(
        cls,
        data: Path | None,
        *,
        node: str | None = None,
        mongo: str | None = None,
        kafka: str | None = None,
    ) -> Found:
        """Take the options; what they leave open, from the state file. Raises NoneFound."""
        if mongo and node:
            return cls(node, mongo, kafka or "")
        state = running(data, node)
        if state is None:
            raise NoneFound(
                f"Nothing runs here, on {data or HOME}. Start it with `make demo`, name the folder "
                "it was started with (--data FOLDER), or, where --help shows these options, a node "
                "and its engines."
            )
        return cls(
            node or state["node"],
            mongo or state["mongo"],
            kafka or state["kafka"],
            Folder(Path(state["folder"])).publishers(state.get("publishers", ())),
            state.get("addresses", {}),
            Path(state["folder"]),
        )

    @classmethod
    def at(cls, pattern: str, node: str, kafka: str) -> Found:
        """Take where a trial in containers answers, ``{}`` in the pattern being each name."""
        names = (*SERVICES, "identity", "mailbox")
        return cls(
            node, kafka=kafka, addresses={name: pattern.replace("{}", name) for name in names}
        )


def running(data: Path | None, node: str | None = None) -> dict[str, Any] | None:
    """Give the state of what runs on a folder, else of the demo, else of a node."""
    if data is not None:
        return Folder(data).read_state()
    names = [f"node-{node}"] if node else []
    states = (Folder(HOME / name).read_state() for name in ("demo", *names))
    return next((state for state in states if state and node in (None, state["node"])), None)


def take_secrets(environ: MutableMapping[str, str]) -> None:
    """Read what no variable says from the folder of secrets, as the services do.

    Where the store's URI stands there, whoever has the folder may write by it, or by another there.
    """
    folder = environ.get(SECRETS)
    said = STORE in environ
    for file in sorted(Path(folder).glob("kentongan_*")) if folder else ():
        environ.setdefault(file.name.upper(), file.read_text("utf-8").strip())
    if not said and STORE in environ:
        environ.setdefault(WRITER, environ[STORE])
