"""The contract kit says of a record what intake will say, and needs none of our code."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from deploy.catalogue.asyncapi import PUBLISHER, asyncapi
from deploy.catalogue.writing import ROOT
from deploy.console import Exit
from deploy.engines.embedded import EmbeddedBroker
from deploy.publishers.kit import PROGRAMS, event, write
from services.intake.subscribers.records import read
from shared.contracts.publishing import EXCHANGED, RECORDS
from shared.contracts.topics import publisher_topic
from shared.runtime.ports import Record
from tests.deploy.test_publishers import run
from tests.harness.publisher import Publisher
from tests.intake.doubles import HEADERS, a_record, a_submission
from tests.intake.test_subscribers import WRONG, naming, naming_later

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
    """Give the program that checks as a module."""
    return loaded(kit / "conform.py")


def loaded(program: Path) -> ModuleType:
    """Load a program of the kit as a module."""
    spec = importlib.util.spec_from_file_location(program.stem, program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(program.parent))  # as where Python starts it
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(program.parent))
    return module


def verdict(conform: ModuleType, kit: Path, body: Any) -> list[str]:
    """Give what the kit says of one record."""
    return list(conform.Contract(kit / "schemas").wrong(body))


def check(kit: Path, *words: str) -> tuple[int, str]:
    """Run the program where nothing of ours can be imported."""
    done = subprocess.run(
        [sys.executable, "-E", "-s", "conform.py", *words],
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


LATER = {"tomorrow"}
"""What only intake finds: which day it is where the node is."""


@pytest.mark.parametrize("case", sorted(WRONG.keys() - LATER))
def test_what_intake_refuses_the_kit_refuses(case: str, conform: ModuleType, kit: Path) -> None:
    """Whoever has checked with the kit is not surprised by a receipt."""
    record, _ = WRONG[case]
    found = conform.event_of(record.headers, record.value or b"")
    assert isinstance(found, ValueError) or verdict(conform, kit, found)


RIGHT = {
    "padded": a_record(a_submission(title=" " + "a" * 200 + " ", text="Ya.\n")),
    "deep": a_record(a_submission(x=json.loads("[" * 200 + "]" * 200))),
    **{
        kind: a_record(headers=[*HEADERS[:-1], ("Content-Type", kind.encode())])
        for kind in ("", "application/vnd.x+json", "Application/JSON; charset=utf-8")
    },
    "long addresses": naming(5, url="https://a.example/" + "x" * 1000),
    **{
        f"{kind} with files": naming_later(kind, 5, url="https://a.example/" + "x" * 1000)
        for kind in ("amended", "replied")
    },
    "said twice": a_record(headers=[*HEADERS, ("ce_id", b"")]),
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_intake_takes_the_kit_takes(case: str, conform: ModuleType, kit: Path) -> None:
    """Nobody is sent to mend what is right."""
    record = RIGHT[case]
    assert read(record).errors == []
    assert not verdict(conform, kit, conform.event_of(record.headers, record.value))


@pytest.mark.parametrize("text", ['"\\ud800"', "NaN", "1e999", "[" * 900 + "]" * 900])
def test_a_file_is_read_as_strictly_as_a_topic(
    conform: ModuleType, kit: Path, tmp_path: Path, text: str
) -> None:
    """Numbers that are none, halves of characters and abysses are refused there too."""
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(event(SUBMITTED, "r-1")).replace('"Simpang pasar"', text))
    [(_, found)] = conform.from_file(file)
    assert isinstance(found, ValueError) or verdict(conform, kit, found)


def test_a_file_without_records_is_not_all_well(
    conform: ModuleType, kit: Path, tmp_path: Path
) -> None:
    """Beside one that is right, too: nothing was checked of it."""
    file = tmp_path / "mine.json"
    for content in ("[]", "\n\n", ""):
        file.write_text(content)
        assert list(conform.from_file(file)) == []
    status, said = check(kit, f"examples/{SUBMITTED}.json", str(file))
    assert (status, f"{file}  there is no record in it" in said) == (1, True), said


def test_a_file_that_is_not_there_is_named(kit: Path) -> None:
    """Wrong use, said in a sentence."""
    status, said = check(kit, "nosuch.json")
    assert (status, "nosuch.json" in said, "Traceback" in said) == (2, True, False), said


def test_the_last_record_of_a_topic_is_checked(
    broker: EmbeddedBroker, kit: Path, conform: ModuleType
) -> None:
    """However the client has put them into batches; a topic that is absent or empty is not well."""
    producer = Producer({"bootstrap.servers": broker.address, "linger.ms": 500, "log_level": 0})
    mine = publisher_topic("sigap", "receipts")
    topics = [NewTopic(name, 1, 1) for name in (mine, "empty")]
    client = AdminClient({"bootstrap.servers": broker.address, "log_level": 0})
    assert [made.result() for made in client.create_topics(topics).values()] == [None, None]
    for body in [*[a_submission()] * 6, a_submission(area="Ambon")]:
        producer.produce(mine, json.dumps(body).encode(), headers=list(HEADERS))
    assert producer.flush(10) == 0
    status, said = check(kit, "--topic", broker.address, mine)
    assert (status, said.splitlines()[-1]) == (1, "7 records, 1 of them wrong"), said
    assert f"{mine}:0:6  area: " in said
    assert len(Publisher("sigap", broker.address).told("receipts")) == 7
    assert list(conform.from_topic(broker.address, "empty")) == []
    with pytest.raises(conform.NotRead, match="no-such-topic cannot be read"):
        list(conform.from_topic(broker.address, "no-such-topic"))


def test_a_publisher_whose_topics_are_not_there_is_told_before_it_sends(
    broker: EmbeddedBroker, kit: Path
) -> None:
    """A misspelt name makes no topic and no wait."""
    done = subprocess.run(
        [sys.executable, "-E", "-s", "publish.py", broker.address, "nosuchpub"],
        cwd=kit,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stdout
    assert "kentongan.ext.nosuchpub.submissions.v1" in done.stderr
    assert "Traceback" not in done.stderr
    client = AdminClient({"bootstrap.servers": broker.address, "log_level": 0})
    assert client.list_topics(timeout=10).topics == {}


def test_the_samples_bear_the_publisher_s_name_and_a_category_of_the_city(kit: Path) -> None:
    """The one that is wrong on purpose says so in its name."""
    publish = loaded(kit / "publish.py")
    samples = publish.submissions("kampus", "ab12")
    assert [each["reference"] for _, each in samples] == [
        "kampus-ab12-1",
        "kampus-ab12-wrong",
    ]
    city = json.loads((ROOT / "deploy/data/8171/categories.json").read_bytes())
    codes = {each["code"] for each in city["categories"]}
    assert {each["category"] for _, each in samples} <= codes
    submission = jsonschema.Draft202012Validator(
        json.loads((kit / f"schemas/{SUBMITTED}.json").read_bytes())
    )
    assert [submission.is_valid(each) for _, each in samples] == [True, False]


def test_the_sample_publisher_names_a_file_and_waits_for_it(
    conform: ModuleType, kit: Path, tmp_path: Path
) -> None:
    """As the contract has it; of the progress it waits for the one in which all have ended."""
    publish, path = loaded(kit / "publish.py"), tmp_path / "lampu.jpg"
    path.write_bytes(b"abc")
    file = publish.attachment("https://berkas.sigap.example/lampu.jpg", path)
    named = {**event(SUBMITTED, "r-1"), "data": a_submission(attachments=[file])}
    assert not verdict(conform, kit, named)
    wrong = {**file, "url": "http://berkas.sigap.example/lampu.jpg"}
    assert verdict(conform, kit, {**named, "data": a_submission(attachments=[wrong])})

    def told(*outcomes: str, reference: str = "SGP-1") -> dict[str, Any]:
        files = [{"named": 1, "outcome": each, "words": "Besar."} for each in outcomes]
        return {"reference": reference, "attachments": files or None}

    said: list[str] = []
    unready = [told(), told("kept", "awaited"), told("kept", reference="SGP-2")]
    assert not publish.fetched(iter(unready), "SGP-1", said.append)
    assert publish.fetched(iter([*unready, told("refused")]), "SGP-1", said.append)
    assert said == ["refused   file 1 of the submission  Besar."]


def test_the_sample_publisher_replies_with_a_file(
    conform: ModuleType, kit: Path, tmp_path: Path
) -> None:
    """Under an id of its own, about the record that it sent before; it waits for both files."""
    publish, path = loaded(kit / "publish.py"), tmp_path / "padam.jpg"
    path.write_bytes(b"abc")
    file = publish.attachment("https://berkas.sigap.example/padam.jpg", path)
    record, reply = publish.answer(publish.submissions("sigap", "ab12")[0], file)
    assert not verdict(conform, kit, {**event("submission.replied.v1", record), "data": reply})

    def told(*outcomes: str) -> dict[str, Any]:
        files = [
            {"named": 1, "record": of, "outcome": each, "words": None}
            for of, each in zip((None, record), outcomes, strict=True)
        ]
        return {"reference": reply["reference"], "attachments": files}

    said: list[str] = []
    unready = [told("kept", "awaited")]
    assert not publish.fetched(iter(unready), reply["reference"], said.append, 2)
    ready = iter([*unready, told("refused", "kept")])
    assert publish.fetched(ready, reply["reference"], said.append, 2)
    assert said == ["refused   file 1 of the submission", f"kept      file 1 of {record}"]


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


def test_no_kit_is_written_without_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partner would get programs that nothing explains."""
    programs = tmp_path / "programs"
    shutil.copytree(PROGRAMS, programs)
    (programs / "README.md").unlink()
    monkeypatch.setattr("deploy.publishers.kit.PROGRAMS", programs)
    status, said, why = run("kit", str(tmp_path / "new"))
    assert (status, said, "README.md" in why) == (Exit.ENVIRONMENT, "", True)
    assert not (tmp_path / "new").exists()


def test_the_page_of_the_kit_goes_into_the_image() -> None:
    """Of the rules for what a build does not need, the last that fits holds."""
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    page = f"!{PROGRAMS.relative_to(ROOT)}/README.md"
    assert rules.index(page) > rules.index("**/*.md")
