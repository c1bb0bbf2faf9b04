"""PostgreSQL 18 with DocumentDB, from Debian's unstable suite, for FerretDB to stand on."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from .cache import Cache, run
from .debian import inside, make_root
from .ports import ask, free_port
from .process import Process

ROOT = "postgresql-18-documentdb"
TEMPLATE = "postgresql-18-documentdb-data"
_BINARIES = "/usr/lib/postgresql/18/bin"

# The extension connects to its own server, hence `trust` on the loopback address. What makes
# writes durable (fsync, synchronous_commit, full_page_writes) stays as PostgreSQL has it.
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
cron.database_name = 'postgres'
max_connections = 200
"""

# Every table of documents has many indexes over one column; to sample 30,000 of its rows for each,
# again and again while it grows, took a tenth of what the server did.
_STARTING = ("-c", "default_statistics_target=10")


def fetch(cache: Cache) -> None:
    """Get the server, and a fresh database with the extension for every engine to copy."""
    root = cache.fetch(ROOT, lambda new: make_root(new, "sid", ["postgresql-18-documentdb"]))
    cache.fetch(TEMPLATE, lambda new: _make_template(root, new))


def present(cache: Cache) -> bool:
    """Say whether everything is there that a start needs, the right to use it included."""
    return bool(cache.find(ROOT) and cache.find(TEMPLATE)) and os.geteuid() == 0


def command(root: Path, data: Path, port: int) -> list[str]:
    """Give the command that runs the server on a data directory."""
    return inside(root, data, f"{_BINARIES}/postgres", "-D", "/srv", "-p", str(port), *_STARTING)


def copy_template(cache: Cache, data: Path) -> None:
    """Copy the fresh database, unless there is one already; half a copy does not count."""
    template = cache.find(TEMPLATE)
    if data.exists() or template is None:
        return
    unfinished = data.with_name(data.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", template, unfinished], check=True)
    unfinished.rename(data)


def answers(port: int) -> bool:
    """Say whether the server lets people in; it refuses while it is recovering."""
    parameters = b"user\0postgres\0database\0postgres\0\0"
    greeting = struct.pack(">ii", 8 + len(parameters), 196608) + parameters
    return ask("127.0.0.1", port, greeting, 1) == b"R"


def _make_template(root: Path, data: Path) -> None:
    shutil.chown(data, "nobody", "nogroup")
    data.chmod(0o700)
    initdb = [f"{_BINARIES}/initdb", "-D", "/srv", "-U", "postgres", "--auth=trust"]
    run(inside(root, data, *initdb, "--encoding=UTF8", "--no-locale"), "a fresh database")
    with (data / "postgresql.conf").open("a") as file:
        file.write(_CONFIGURATION)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = Process("PostgreSQL 18", Path(folder) / "postgresql.log")
        server.start(command(root, data, port), lambda: answers(port))
        try:
            psql = [f"{_BINARIES}/psql", f"--port={port}", "--host=127.0.0.1", "--user=postgres"]
            create = "CREATE EXTENSION documentdb CASCADE"
            run(inside(root, data, *psql, "-c", create), "the extension DocumentDB")
        finally:
            server.stop()
