"""One node in containers: built, brought up, toured, killed, audited, stopped and taken down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from deploy.engines import images
from deploy.engines.choose import real_demanded
from deploy.engines.daemon import docker_answers
from shared.contracts.topics import SERVICES
from tests.harness.compose import Project, compose_files, compose_program, inspect
from tests.harness.pages import RUNBOOK, lines

pytestmark = [pytest.mark.docker, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
MOST_ABOVE_BASE = 100_000_000
"""Bytes."""


@pytest.fixture(scope="module")
def built(demanded: None, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give a node whose images are built."""
    if not docker_answers():
        pytest.skip("no Docker daemon answers")
    if (program := compose_program()) is None:
        pytest.skip("no Compose: install docker-compose")
    if (files := compose_files(fetch=real_demanded())) is None:
        pytest.skip("Docker has no image of it: run `make test-real`")
    project = Project(program, files, tmp_path_factory.mktemp("8171"))
    for line in commands("folder"):
        project.typed(line)
    project.compose("build")
    return project


@pytest.fixture(scope="module")
def node(built: Project, engine_report: Callable[[str], None]) -> Iterator[Project]:
    """Give a node that runs; remove all of it afterwards."""
    try:
        built.compose("up", "-d")
        for service in (*SERVICES, "identity", "mailbox"):
            built.wait(f"{service} is healthy", partial(built.healthy, service))
        for engine in ("kafka", "mongo"):
            engine_report(f"{built.container(engine)['Config']['Image']} in Compose")
        yield built
    finally:
        built.compose("down", "--volumes", "--timeout", "20")


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_is_small_and_nobody_is_root_in_it(built: Project, service: str) -> None:
    """At most 100 MB above its base; a numbered user; a health check; a version."""
    image = inspect(f"kentongan/{service}:0.1.0")
    base = inspect(images.OUR_PYTHON if "compose.here.yaml" in built.files else images.PYTHON)
    assert image["Size"] - base["Size"] <= MOST_ABOVE_BASE, image["Size"] - base["Size"]
    assert image["Config"]["User"] == "10001:10001"
    assert image["Config"]["Healthcheck"]["Test"]
    assert image["Config"]["Labels"]["org.opencontainers.image.version"] == "0.1.0"


def test_a_complaint_goes_through_all_containers(node: Project) -> None:
    """The tour of the commands' own container ends with a complaint that is resolved."""
    said = "".join(node.typed(line) for line in commands("trial"))
    for fact in ("complaint.received.v1", "disposition", "case.resolved.v1", "notice.sent.v1"):
        assert fact in said, said


@pytest.mark.parametrize("service", [*SERVICES, "kafka"])
def test_a_killed_container_comes_back(node: Project, service: str) -> None:
    """Docker starts it again, and it is healthy without anybody's doing."""
    node.kill(service)


def test_after_all_that_the_audit_is_clean(node: Project) -> None:
    """What was filed stands in every store and on the bus, and so does what comes after."""
    node.typed(commands("trial")[-1])
    said = "".join(node.typed(line) for line in commands("containers"))
    assert "intake 2  routing 2  followup 2" in said, said
    assert "clean, after" in said, said


def test_no_secret_is_in_a_list_of_variables(node: Project) -> None:
    """Who may look at containers sees no PIN secret and no private key."""
    kept = [file.read_text() for file in _secrets(node.folder)]
    assert kept
    for service in SERVICES:
        shown = json.dumps(node.container(service)["Config"])
        assert not any(secret in shown for secret in kept), service


def test_a_stop_is_heard(node: Project) -> None:
    """Asked to end, each service ends by itself, and none has to be killed (137)."""
    node.compose("stop", *SERVICES)
    codes = {}
    for service in SERVICES:
        found = node.compose("ps", "-a", "-q", service, check=False).stdout.split()
        found = found or node.compose("ps", "-q", service).stdout.split()
        codes[service] = inspect(found[0])["State"]["ExitCode"]
    assert set(codes.values()) <= {0, 143}, codes


def commands(mark: str) -> list[str]:
    """Give the lines of the runbook's blocks with a mark, but for what this test sets itself."""
    return [line for line in lines(RUNBOOK, mark) if not line.startswith("export ")]


def _secrets(folder: Path) -> list[Path]:
    names = ("kentongan_pin_secret", "contact.private.json", "password", "keyfile")
    return [file for name in names for file in (folder / "secrets").rglob(name)]
