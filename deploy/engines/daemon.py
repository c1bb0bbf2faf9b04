"""What we ask of a Docker daemon."""

from __future__ import annotations

import gc
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

# Its reaper is one more image to get; `sweep` does what we need of it.
os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
OWNER = "kentongan.owner"


@contextmanager
def docker(patience: float = 60.0) -> Iterator[Any]:
    """Open a line to the daemon; docker's own package carries no types."""
    from testcontainers.core.docker_client import DockerClient

    client = DockerClient(timeout=patience).client
    try:
        yield client
    finally:
        client.close()


def docker_answers(patience: float = 3.0) -> bool:
    """Say whether a Docker daemon answers soon."""
    with warnings.catch_warnings():
        # A client that reaches nobody leaves its socket to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        answers = _pings(patience)
        if not answers:
            gc.collect()
    return answers


def _pings(patience: float) -> bool:
    try:
        with docker(patience) as client:
            return bool(client.ping())
    except Exception:  # noqa: BLE001 - no daemon, no right, no package: no Docker for us
        return False


def has_image(image: str) -> bool:
    """Say whether an image is here already."""
    with docker() as client:
        return bool(client.images.list(name=image))


def pull(image: str) -> bool:
    """Get an image from its registry; say so if it is not to be had."""
    print(f"{image}: asking the registry ...", flush=True)
    try:
        with docker(30) as client:
            client.images.pull(image)
    except Exception as refusal:  # noqa: BLE001 - whatever stands in the way, we build our own
        print(f"{image}: not to be had ({refusal})", flush=True)
        return False
    return True


def sweep() -> None:
    """Remove the containers of test runs that were killed."""
    with docker() as client:
        for container in client.containers.list(all=True, filters={"label": OWNER}):
            if not Path(f"/proc/{container.labels[OWNER]}").exists():
                with suppress(Exception):  # another run may sweep as well
                    container.remove(force=True, v=True)
