"""FerretDB, which speaks MongoDB's protocol, on a PostgreSQL of its own."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from shared.runtime.settings import Profile

from . import postgres
from .cache import Cache, need, run
from .engine import EngineAbsent
from .local import LocalEngine
from .ports import free_port, mongo_answers
from .process import Process

VERSION = "2.7.0"
PROGRAM = f"ferretdb-{VERSION}"
_MODULE = f"github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v{VERSION}"


def fetch(cache: Cache) -> None:
    """Get PostgreSQL with DocumentDB, and build FerretDB with Go."""
    postgres.fetch(cache)
    cache.fetch(PROGRAM, _build)


def present(cache: Cache) -> bool:
    """Say whether everything is there."""
    return postgres.present(cache) and cache.find(PROGRAM) is not None


class FerretDB(LocalEngine):
    """Two servers with one fate: PostgreSQL keeps the documents, FerretDB translates."""

    profile: Profile = "real"

    def __init__(self, directory: Path, cache: Cache, port: int | None = None) -> None:
        """Keep data and output under a directory and the address for life."""
        self.port = port or free_port()
        self.name = f"FerretDB {VERSION} on PostgreSQL 18 (DocumentDB)"
        self.address = f"mongodb://127.0.0.1:{self.port}/"
        self._postgres_port = free_port()
        self._directory = directory.absolute() / "ferretdb"
        self._cache = cache
        # SIGINT ends PostgreSQL without waiting for its clients to leave.
        self._postgres = Process(
            "PostgreSQL 18", self._directory / "postgresql.log", patience=120, ask=signal.SIGINT
        )
        self._ferretdb = Process(self.name, self._directory / "ferretdb.log")
        self.processes = (self._postgres, self._ferretdb)

    def start(self) -> None:
        """Start PostgreSQL on its data, fresh the first time, then FerretDB."""
        root, program = self._cache.find(postgres.ROOT), self._cache.find(PROGRAM)
        if root is None or program is None:
            raise EngineAbsent(f"{self.name} is not in {self._cache.folder}.")
        data = self._directory / "data"
        postgres.copy_template(self._cache, data)
        self._postgres.start(
            postgres.command(root, data, self._postgres_port),
            answers=lambda: postgres.answers(self._postgres_port),
        )
        self._ferretdb.start(
            [
                str(program / "ferretdb"),
                f"--postgresql-url=postgres://postgres@127.0.0.1:{self._postgres_port}/postgres",
                f"--listen-addr=127.0.0.1:{self.port}",
                f"--state-dir={self._directory}",
                "--debug-addr=-",
                "--no-auth",
                "--telemetry=disable",
                "--log-level=WARN",
            ],
            answers=lambda: mongo_answers("127.0.0.1", self.port),
        )


def _build(folder: Path) -> None:
    go = need("go", "install Go, 1.26 or newer")
    environment = {**os.environ, "GOBIN": str(folder)}
    run([go, "install", _MODULE], "building FerretDB", environment)
