"""The contract kit says of a record what intake will say, and needs none of our code."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from deploy.catalogue.asyncapi import PUBLISHER, asyncapi
from deploy.console import Exit
from deploy.publishers.kit import PROGRAMS, event, write
from services.intake.subscribers.records import read
from shared.contracts.publishing import EXCHANGED, RECORDS
from shared.runtime.ports import Record
from tests.deploy.test_publishers import run
from tests.intake.doubles import a_submission
from tests.intake.test_subscribers import WRONG

STRUCTURED = (("content-type", b"application/cloudevents+json"),)
SUBMITTED = "complaint.submitted.v1"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a kit as partners get it."""
    folder = tmp_path_factory.mktemp("kit")
    write(folder)
    return folder


@pytest.fixture(scope="module")
def conform(kit: Path) -> ModuleType:
    """Give the program of the kit as a module."""
    spec = importlib.util.spec_from_file_location("conform", kit / "conform.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def verdict(conform: ModuleType, kit: Path, body: Any) -> list[str]:
    """Give what the kit says of one record."""
    return list(conform.Contract(kit / "schemas").wrong(body))


def check(kit: Path, *words: str) -> tuple[int, str]:
    """Run the program where nothing of ours can be imported."""
    done = subprocess.run(
        [sys.executable, "-I", "conform.py", *words],
        cwd=kit,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_kit_has_all_that_its_page_names(kit: Path) -> None:
    """Programs, a schema of each message, an example of each record, the AsyncAPI document."""
    names = {str(path.relative_to(kit)) for path in kit.rglob("*") if path.is_file()}
    assert names == {
        *(path.name for path in PROGRAMS.iterdir() if path.is_file()),
        "asyncapi.json",
        *(f"schemas/{kind}.json" for kind in EXCHANGED),
        *(f"examples/{kind}.json" for kind in RECORDS),
    }


def test_the_programs_import_nothing_of_ours() -> None:
    """A partner installs two packages and no more."""
    for path in PROGRAMS.glob("*.py"):
        text = path.read_text("utf-8")
        assert not any(
            f"{word} {ours}" in text
            for word in ("from", "import")
            for ours in ("shared", "services", "deploy", "tests")
        ), path


def test_the_examples_conform_where_our_code_is_not(kit: Path) -> None:
    """The first command of the kit's page ends well."""
    examples = [str(path.relative_to(kit)) for path in sorted((kit / "examples").iterdir())]
    assert check(kit, *examples) == (0, "4 records, 0 of them wrong\n")


def test_wrong_records_are_named_by_file_and_line(kit: Path, tmp_path: Path) -> None:
    """Each with the field that is wrong; its neighbours are right all the same."""
    right = {**event(SUBMITTED, "r-1"), "data": a_submission()}
    wrong = {**event(SUBMITTED, "r-2"), "data": a_submission(area="Ambon")}
    deep = b"[" * 60_000
    file = tmp_path / "mine.jsonl"
    lines = [json.dumps(right).encode(), json.dumps(wrong).encode(), deep, b'{"title":"\xff"}']
    file.write_bytes(b"\n".join(lines))
    status, said = check(kit, str(file))
    assert status == 1
    assert [line.split("  ")[0] for line in said.splitlines()[:-1]] == [
        f"{file}:{number}" for number in (2, 3, 4)
    ]
    assert "area: " in said
    assert said.endswith("4 records, 3 of them wrong\n")


@pytest.mark.parametrize("kind", RECORDS)
def test_intake_reads_every_example(kind: str) -> None:
    """What the kit shows as right is taken, in either mode."""
    body = json.dumps(event(kind, "r-1")).encode()
    assert read(Record("t", 0, 0, b"k", STRUCTURED, body)).errors == []


LATER = {"wide", "tomorrow", "deep"}
"""What only intake finds: a fact in bytes, which day it is, nesting that other readers allow."""


@pytest.mark.parametrize("case", sorted(WRONG.keys() - LATER))
def test_what_intake_refuses_the_kit_refuses(case: str, conform: ModuleType, kit: Path) -> None:
    """Whoever has checked with the kit is not surprised by a receipt."""
    record, _ = WRONG[case]
    headers = {name: value or b"" for name, value in record.headers}
    found = conform.event_of(headers, record.value or b"")
    assert isinstance(found, ValueError) or verdict(conform, kit, found)


def test_a_kind_that_is_no_text_is_named(conform: ModuleType, kit: Path) -> None:
    """Whatever JSON stands there, the check goes on to the next record."""
    wrong = conform.Contract(kit / "schemas").wrong({"id": "a", "type": ["complaint"]})
    assert any(each.startswith("type: ") for each in wrong)


def test_one_id_for_two_records_is_found(conform: ModuleType, kit: Path) -> None:
    """The node would take the second for a repeat of the first, and nobody would notice."""
    contract = conform.Contract(kit / "schemas")
    first, other = event(SUBMITTED, "r-1"), {**event(SUBMITTED, "r-1"), "data": a_submission()}
    assert not list(contract.wrong(first))
    assert not list(contract.wrong(first))
    assert "another record has it" in " ".join(contract.wrong(other))


def test_the_asyncapi_document_of_a_publisher_is_about_its_three_topics() -> None:
    """It sends on one and receives on two; a record needs four headers."""
    document = asyncapi(PUBLISHER)
    assert {name: each["action"] for name, each in document["operations"].items()} == {
        "tell-submissions": "send",
        "hear-receipts": "receive",
        "hear-progress": "receive",
    }
    headers = document["components"]["messages"][SUBMITTED]["headers"]
    right = {"ce_specversion": "1.0", "ce_id": "r", "ce_type": SUBMITTED, "ce_source": "/s"}
    jsonschema.validate(right, headers)


def test_the_command_writes_the_kit_into_a_new_folder(tmp_path: Path) -> None:
    """One that has something in it is left alone."""
    status, said, _ = run("kit", str(tmp_path / "new"))
    assert (status, "conform.py" in said) == (Exit.CLEAN, True)
    status, _, said = run("kit", str(tmp_path))
    assert (status, "not empty" in said) == (Exit.WRONG_USE, True)
