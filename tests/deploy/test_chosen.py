"""Every setting of a service can be chosen where ``python3 -m deploy node`` is started."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from deploy.chosen import BY_COMMAND, BY_OPTION, SETTINGS, chosen, passed_over, variable
from deploy.cli import app
from deploy.console import Exit
from deploy.demo.people import Samples
from deploy.demo.run import Demo
from deploy.folder import Folder
from deploy.node import Node, Ports
from deploy.running_node import RunningNode
from services.notification.settings import NotificationSettings
from shared.contracts.topics import SERVICES
from tests.architecture.house import ROOT

ALL = {name for kind in SETTINGS.values() for name in kind.model_fields}
EVERYTHING = {variable(name): f"said of {name}" for name in ALL}
MAIL = {
    "KENTONGAN_SMTP_SENDER": "lapor@ambon.example",
    "KENTONGAN_SMTP_USER": "lapor",
    "KENTONGAN_SMTP_PASSWORD": "rahasia",
    "KENTONGAN_SMTP_STARTTLS": "true",
    "KENTONGAN_BATCH": "7",
    "KENTONGAN_LOG_LEVEL": "DEBUG",
}


def a_node(folder: Path, **more: Any) -> Node:
    """Build a node that was not started."""
    return Node(
        code="8171",
        kafka="k:1",
        mongo="mongodb://m/",
        profile="real",
        folder=Folder(folder),
        register=Samples.of("8171").register,
        ports=Ports(20_000, print),
        **more,
    )


def told(
    folder: Path,
    service: str,
    environ: dict[str, str],
    publishers: Sequence[str] = (),
    **overrides: str,
) -> dict[str, str]:
    """Give what a service of a node is told."""
    node = a_node(folder, publishers=publishers, environ=environ, overrides=overrides)
    return node.told(service)


def test_intake_hears_of_a_publisher_at_its_next_start(tmp_path: Path) -> None:
    """One that is added while a node runs is told to the next process of intake."""
    node = a_node(tmp_path, publishers=["kampus"])
    assert node.told("intake")["KENTONGAN_PUBLISHERS"] == "kampus"
    node.folder.add_publisher("sigap", ["berkas.sigap.example"])
    after = node.told("intake")
    assert after["KENTONGAN_PUBLISHERS"] == "kampus,sigap"
    assert after["KENTONGAN_FILES_FROM"] == "sigap=berkas.sigap.example"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_what_it_reads_and_nothing_else(tmp_path: Path, service: str) -> None:
    """A secret reaches only those who read it; what is an option comes from the option."""
    said = told(tmp_path, service, EVERYTHING)
    read = SETTINGS[service].model_fields.keys()
    chosen = {name: said[name] for name in said if said[name] == EVERYTHING[name]}
    by_variable = read - BY_OPTION - BY_COMMAND.keys()
    assert chosen.keys() == {variable(name) for name in by_variable}
    assert said.keys() <= {variable(name) for name in read}


def test_hosts_of_the_variable_and_of_the_folder_are_joined(tmp_path: Path) -> None:
    """As publishers are: what ``publisher add`` keeps holds beside the variable, an end as well."""
    folder = Folder(tmp_path)
    folder.add_publisher("sigap", ["a.example"])
    folder.add_publisher("kampus", [])
    folder.add_publisher("qlue")
    names = ["sigap", "kampus", "qlue"]
    kept = "sigap=a.example,kampus="
    for environ, files in (
        ({}, kept),
        ({"KENTONGAN_FILES_FROM": ""}, kept),
        ({"KENTONGAN_FILES_FROM": "sigap=b.example"}, f"sigap=b.example,{kept}"),
    ):
        assert told(tmp_path, "intake", environ, names)["KENTONGAN_FILES_FROM"] == files


def test_what_is_chosen_is_what_the_service_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail server that wants a password, the size of a batch, the level of the log."""
    for name, value in told(
        tmp_path, "notification", MAIL, KENTONGAN_SMTP="mail.example:587"
    ).items():
        monkeypatch.setenv(name, value)
    settings = NotificationSettings()
    assert (settings.smtp_sender, settings.smtp_user) == ("lapor@ambon.example", "lapor")
    assert settings.smtp_password is not None
    assert settings.smtp_password.get_secret_value() == "rahasia"
    assert (settings.batch, settings.log_level, settings.smtp_starttls) == (7, "DEBUG", True)
    assert settings.mail_server == ("mail.example", 587)


def test_an_option_reads_the_variable_of_its_setting() -> None:
    """Named or not, it is the same setting."""
    group: Any = typer.main.get_command(app)
    read = {each.envvar for each in group.commands["node"].params if each.envvar}
    assert read == {variable(name) for name in BY_OPTION}


def test_the_command_hands_its_environment_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs has the options, and the environment beside them."""
    seen: list[RunningNode] = []

    def run(running: RunningNode, _workers: int) -> Exit:
        seen.append(running)
        return Exit.CLEAN

    monkeypatch.setattr(RunningNode, "run", run)
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KENTONGAN_PUBLISHERS", "kampus, sigap")
    words = ["node", "8171", "--smtp", "mail.example:25", "--data", str(tmp_path)]
    with pytest.raises(SystemExit) as ended:
        app(words)
    assert ended.value.code == 0
    assert (seen[0].smtp, seen[0].publishers) == ("mail.example:25", ("kampus", "sigap"))
    assert MAIL.items() <= seen[0].environ.items()


def test_an_empty_variable_says_nothing() -> None:
    """The secret that the folder keeps is used, not an empty one."""
    assert chosen("intake", {"KENTONGAN_PIN_SECRET": "", "KENTONGAN_HTTP": ""}) == {}
    assert passed_over({"KENTONGAN_HTTP": ""}) == []


def test_what_reaches_no_service_is_said() -> None:
    """Nothing that an operator sets is dropped in silence."""
    sentences = passed_over(EVERYTHING)
    assert {sentence.split()[0] for sentence in sentences} == {variable(one) for one in BY_COMMAND}
    assert passed_over(MAIL) == []


def test_the_runbook_says_how_each_setting_is_chosen() -> None:
    """Its table has every setting once, under the way it is chosen."""
    text = (ROOT / "deploy/README.md").read_text("utf-8")
    table = re.search(r"^\| how it is chosen \|.*\n\|[ |-]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert table
    rows = [re.findall(r"`(KENTONGAN_[A-Z_]+)`", row) for row in table[1].splitlines()]
    by_environment = ALL - BY_OPTION - BY_COMMAND.keys()
    ways = (BY_OPTION, by_environment, BY_COMMAND.keys())
    assert [sorted(row) for row in rows] == [sorted(map(variable, way)) for way in ways]


def test_the_demo_tells_its_services_what_its_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a node does; that it is a demo is not to be chosen."""
    monkeypatch.setenv("KENTONGAN_POLICY_FILE", "/copy.json")
    monkeypatch.setenv("KENTONGAN_DEMO", "0")
    demo = Demo(node="8171", folder=Folder(tmp_path), port=21_000, rate=0.0)
    told = demo.services(Samples.of("8171")).told("followup")
    assert (told["KENTONGAN_POLICY_FILE"], told["KENTONGAN_DEMO"]) == ("/copy.json", "1")


def test_the_demo_sends_no_citizen_to_an_api_document(tmp_path: Path) -> None:
    """There is no page for citizens yet, so mails, slips and letters name none."""
    demo = Demo(node="8171", folder=Folder(tmp_path), port=21_000, rate=0.0)
    services = demo.services(Samples.of("8171"))
    for service in ("intake", "notification"):
        assert "KENTONGAN_PUBLIC_URL" not in services.told(service)
