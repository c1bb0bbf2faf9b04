"""The images of the real engines: the official ones where a registry answers, else our own.

Ours are built on a Debian that is made here and imported, so they need no registry.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from . import ferretdb as ferretdb_engine
from . import kafka as kafka_engine
from . import postgres
from .cache import Cache, need, run
from .daemon import has_image, pull
from .debian import make_root
from .engine import EngineAbsent

_FILES = Path(__file__).parent / "images"


def _ours(name: str, version: str) -> str:
    """Name an image of ours after what it is built from: an old one is not taken for it."""
    recipe = (_FILES / f"{name}.Dockerfile").read_bytes() + (_FILES / f"{name}.sh").read_bytes()
    return f"kentongan/{name}:{version}-{hashlib.sha256(recipe).hexdigest()[:8]}"


KAFKA = f"apache/kafka:{kafka_engine.VERSION}"
MONGO = "mongo:8"
PYTHON = "python:3.11-slim-bookworm"
OUR_KAFKA = _ours("kafka", kafka_engine.VERSION)
OUR_FERRETDB = _ours("ferretdb", ferretdb_engine.VERSION)
OUR_PYTHON = "kentongan/debian-python"
_JRE = "debian-jre"
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def kafka(cache: Cache, *, fetch: bool = False) -> str | None:
    """Give an image of Kafka."""
    return _first(KAFKA, OUR_KAFKA, (lambda: build_kafka(cache)) if fetch else None)


def store(cache: Cache, *, fetch: bool = False) -> str | None:
    """Give an image of MongoDB, or of FerretDB."""
    return _first(MONGO, OUR_FERRETDB, (lambda: build_ferretdb(cache)) if fetch else None)


def build_kafka(cache: Cache) -> None:
    """Build our image of Kafka: a JRE and the jars."""
    kafka_engine.fetch(cache)
    jre = cache.fetch(_JRE, lambda new: make_root(new, "stable", ["default-jre-headless"]))
    _import(jre, f"kentongan/{_JRE}")
    jars = cache.folder / kafka_engine.JARS / "libs"
    _build(OUR_KAFKA, "kafka", f"kentongan/{_JRE}", {"libs": jars}, cache)


def build_ferretdb(cache: Cache) -> None:
    """Build our image of FerretDB: PostgreSQL, a fresh database, the program."""
    ferretdb_engine.fetch(cache)
    _import(cache.folder / postgres.ROOT, f"kentongan/{postgres.ROOT}")
    parts = {
        "data": cache.folder / postgres.TEMPLATE,
        "ferretdb": cache.folder / ferretdb_engine.PROGRAM / "ferretdb",
    }
    _build(OUR_FERRETDB, "ferretdb", f"kentongan/{postgres.ROOT}", parts, cache)


def build_python(cache: Cache) -> None:
    """Build our base for the services: Debian with Python, as the official image has it."""
    root = cache.fetch("debian-python-3.11", _make_python)
    _import(root, OUR_PYTHON, f"ENV LANG=C.UTF-8 PIP_CERT={_CERTIFICATES}")


def build_all(cache: Cache) -> None:
    """Build what `deploy/compose.here.yaml` needs: the base, Kafka and a store."""
    docker = need("docker", "install Docker's command line")
    for image, build in (
        (OUR_PYTHON, build_python),
        (OUR_KAFKA, build_kafka),
        (OUR_FERRETDB, build_ferretdb),
    ):
        if not has_image(image):
            build(cache)
        if ":" in image:
            tagged = f"{image.partition(':')[0]}:here"
            run([docker, "tag", image, tagged], f"{tagged} is {image}")


def _make_python(root: Path) -> None:
    make_root(root, "bookworm", ["python3", "python3-pip", "python3-venv"])
    if _CERTIFICATES.exists():  # what pip trusts; Debian's package has put its own list there
        shutil.copy(_CERTIFICATES, root / _CERTIFICATES.relative_to("/"))


def _first(official: str, ours: str, build: Callable[[], None] | None) -> str | None:
    """Take what is here; only if asked, get the official one, else build ours."""
    for image in (official, ours):
        if has_image(image):
            return image
    if build is None:
        return None
    if pull(official):
        return official
    try:
        build()
    except EngineAbsent as reason:
        print(f"{ours}: cannot be built here: {reason}", flush=True)
        return None
    return ours


def _import(root: Path, image: str, change: str = "ENV LANG=C.UTF-8") -> None:
    """Make an image of a folder."""
    if not has_image(image):
        docker = need("docker", "install Docker's command line")
        into = f"'{docker}' import --change '{change}' - {image}"
        pack = f"tar -C '{root}' --one-file-system -c . | {into}"
        run(["sh", "-c", pack], f"importing {image}")


def _build(image: str, name: str, base: str, parts: Mapping[str, Path], cache: Cache) -> None:
    docker = need("docker", "install Docker's command line")
    # Beside the cache, so that the parts can be linked instead of copied.
    with tempfile.TemporaryDirectory(dir=cache.folder) as context:
        for part, path in parts.items():
            subprocess.run(["cp", "-al", path, f"{context}/{part}"], check=True)
        subprocess.run(["cp", _FILES / f"{name}.sh", context], check=True)
        dockerfile = f"--file={_FILES / name}.Dockerfile"
        base_image = f"--build-arg=BASE_IMAGE={base}"
        run(
            [docker, "build", dockerfile, base_image, f"--tag={image}", context],
            f"building {image}",
        )
