"""The commands of deploy/README.md, read from the page and run against a node."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from shared.contracts.topics import SERVICES
from tests.harness.pages import RUNBOOK, lines
from tests.harness.waiting import until
from tests.harness.world import World

NOTHING_TO_DO = {"notices release": "The brake is not pulled", "quarantine discard": "Nothing"}
"""Commands that end with 1 on a node that is well, and how they say so."""


@pytest.fixture(scope="module")
def complaint(world: World) -> Iterator[str]:
    """Give a complaint that has settled; the variables say which node the commands are about."""
    filed = world.citizen.file()
    world.settle()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KENTONGAN_NODE", world.code)
        patch.setenv("KENTONGAN_KAFKA", world.engines.broker.address)
        patch.setenv("KENTONGAN_MONGO", world.engines.store.address)
        patch.setenv("KENTONGAN_PUBLISHERS", world.publisher_name)
        yield filed.complaint


def _run(world: World, line: str, complaint: str) -> None:
    line = line.replace("$COMPLAINT", complaint).replace("HOST:9092", world.engines.broker.address)
    line = line.replace("$KENTONGAN_MONGO", world.engines.store.address)
    line = line.replace("contact.public.json", str(world.node.folder.contact_keys()[0]))
    words = shlex.split(line.replace("--node 8171", f"--node {world.code}"))
    if words[0] == "curl":
        _fetch(world, words)
        return
    done = CliRunner().invoke(app, words[3:])
    said = f"{done.output}{done.exception!r}"
    refusal = next((NOTHING_TO_DO[name] for name in NOTHING_TO_DO if name in line), None)
    assert done.exit_code == (1 if refusal else 0), f"{line}: {said}"
    assert refusal is None or refusal in said


def _fetch(world: World, words: list[str]) -> None:
    url = next(word for word in words if word.startswith("http"))
    port, path = re.fullmatch(r"http://127\.0\.0\.1:(\d+)(/.*)", url).groups()  # type: ignore[union-attr]
    member = world.of(SERVICES[int(port) - 8000])[0]
    words = [f"http://127.0.0.1:{member.port}{path}" if word == url else word for word in words]
    done = subprocess.run([*words, "--fail"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}"
    assert done.stdout


@pytest.mark.parametrize("line", lines(RUNBOOK, "node"))
def test_a_command_of_the_runbook_does_what_it_says(
    world: World, complaint: str, line: str
) -> None:
    """Typed as it stands there, it ends well, or says why there is nothing to do."""
    _run(world, line, complaint)


@pytest.mark.usefixtures("complaint")
def test_a_person_is_erased_as_the_page_says(world: World) -> None:
    """Asked as it stands there, every word is gone, and the audit that follows finds no trace."""
    filed = world.citizen.file(title="Ditulis Budi", text="Nama saya Budi, lampu padam.")
    world.settle()
    said = {
        "$NUMBER": filed.tracking_number,
        "$COMPLAINT": filed.complaint,
        "$TOKEN": world.sign_in.token("operator"),
    }
    typed = lines(RUNBOOK, "erasing")
    for name, value in said.items():
        typed = [line.replace(name, value) for line in typed]
    for line in typed:
        _run(world, line, filed.complaint)
        world.settle()
    assert "Budi" not in str(world.citizen.track(filed))
    _run(world, typed[0], filed.complaint)


@pytest.mark.usefixtures("complaint")
def test_an_outage_is_declared_as_the_page_says(world: World) -> None:
    """Asked as it stands there, twice, it is one outage, and the list has it."""
    declared, listed = (
        line.replace("$TOKEN", world.sign_in.token("operator")) for line in lines(RUNBOOK, "outage")
    )
    for line in (declared, declared, listed):
        _run(world, line, "")


@pytest.mark.usefixtures("complaint")
def test_after_an_upgrade_oversight_lists_cases_of_before(world: World) -> None:
    """Told again as it stands there, a case that was kept without its area is found by it."""
    filed = world.citizen.file()
    world.settle()
    oversight = replace(
        world.liaison("dinas-pupr"), token=partial(world.sign_in.token, "pengawas-nasional")
    )

    def listed() -> bool:
        found = oversight.listed("/api/v1/oversight/cases", area="81.71.02", limit=100)
        return filed.complaint in [each["complaint"] for each in found]

    assert listed()
    row = world.stores.document("followup", filed.complaint)
    state = {name: said for name, said in row["state"].items() if name not in {"area", "category"}}
    old = {name: said for name, said in row.items() if name != "watched"}
    world.stores.plant("followup", {**old, "state": state, "schema": 3})
    assert not listed()
    for line in lines(RUNBOOK, "upgraded"):
        _run(world, line, filed.complaint)
    world.wait(listed, "oversight lists the case of before")
    world.prove()


@pytest.mark.usefixtures("complaint")
def test_a_store_that_was_put_back_is_declared(world: World) -> None:
    """Stopped, declared, started: the service takes its place again, and the audit is clean."""
    (line,) = lines(RUNBOOK, "routing-stopped")
    (member,) = world.of("routing")
    member.stop()
    until(lambda: _refused(line))  # its lease ends a few seconds after it
    member.start()
    world.prove()


def _refused(line: str) -> list[str]:
    done = CliRunner().invoke(app, shlex.split(line)[3:])
    return [done.output] if done.exit_code else []
