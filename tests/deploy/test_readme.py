"""What the README says is so: its commands, paths, links, tables and drawing."""

from __future__ import annotations

import importlib
import json
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from deploy.demo.banner import banner
from deploy.demo.people import Samples
from deploy.folder import DEMO, Folder
from deploy.shots import PICTURES, SHOTS
from shared.contracts.topics import PUBLISHER_STREAMS, SERVICES, STREAMS
from tests.architecture.house import ROOT, files
from tests.harness.pages import is_a_command

README = (ROOT / "README.md").read_text("utf-8")
PROSE = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
CODE = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", PROSE)
TOP = ("services/", "shared/", "deploy/", "tests/", ".ci/")
DOORS = (*SERVICES, "identity", "mailbox")
"""Who listens in the demo, from its first port on."""
LARGEST_PICTURE = 200 * 1024
SMALLEST_PICTURE = 20 * 1024
"""Bytes; a page that shows nothing makes a smaller one."""


def _blocks(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    return "".join(found).replace("\\\n", " ")


def _commands() -> list[list[str]]:
    """Give every command a reader could type, in words."""
    lines = [*_blocks("sh").splitlines(), *CODE]
    wanted = re.compile(r"(make|python3?|\.venv/bin/python)\s")
    return [shlex.split(line, comments=True) for line in lines if wanted.match(line)]


def _after_module(words: list[str]) -> list[str]:
    return words[words.index("-m") + 1 :] if "-m" in words else []


def _verbs() -> Iterator[list[str]]:
    """Give what stands after ``python3 -m deploy``, and what make hands on to it."""
    for words in _commands():
        match _after_module(words):
            case ["deploy", *rest]:
                yield rest
        if words[0] == "make" and words[1] in {"demo", "tour"}:
            yield [words[1], *(w.removeprefix("ARGS=") for w in words[2:] if "ARGS=" in w)]


def _rows(heading: str) -> list[list[str]]:
    """Give the cells of the table whose first heading this is."""
    table = re.search(rf"^\| {heading} \|.*\n\|[ |-]+\|\n((?:\|.*\n)+)", README, re.MULTILINE)
    assert table, heading
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in table[1].splitlines()]


def _coded(cell: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", cell))


def test_every_make_target_exists() -> None:
    """What the README has typed after make is a target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    there = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {words[1] for words in _commands() if words[0] == "make"}
    assert {"demo", "test"} <= named <= there


def test_every_verb_of_deploy_exists_with_its_options() -> None:
    """Each command of deploy is one, and takes the options shown."""
    verbs = list(_verbs())
    assert verbs
    assert not (wrong := [words for words in verbs if not is_a_command(words)]), wrong


def test_every_module_and_script_exists() -> None:
    """What Python is asked to run lies in the tree."""
    for words in _commands():
        if words[0] == "make":
            continue
        name = (_after_module(words) or [""])[0].replace(".", "/")
        places = [words[1]] if not name else [f"{name}.py", f"{name}/__main__.py"]
        assert any((ROOT / place).is_file() for place in places), words


def test_a_block_can_be_pasted_whole() -> None:
    """No comment follows a command: zsh, which macOS has, would take it for words of its own."""
    blocks = re.findall(r"^```sh.*?\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 5
    assert not [line for block in blocks for line in block.splitlines() if re.search(r"\s#", line)]


def test_what_the_demo_prints_is_what_it_prints() -> None:
    """Each line that the page shows of its addresses and next commands is one of the banner."""
    (shown,) = re.findall(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    names = (*DOORS, "bus")
    addresses = {name: f"http://127.0.0.1:{8000 + nth}" for nth, name in enumerate(names)}
    accounts = Samples.of("8171").accounts
    printed = banner(addresses, {}, accounts, Folder(DEMO), officers=True).splitlines()
    lines = [line for line in shown.splitlines() if not line.startswith(("  ok", "  ..."))]
    assert len(lines) > 5
    assert not [line for line in lines if line not in printed]


def test_what_an_example_writes_lies_outside_the_tree() -> None:
    """Whoever pastes it finds nothing of it in the next commit."""
    kits = [words[2] for words in _verbs() if words[:2] == ["publisher", "kit"]]
    assert kits
    assert all(folder.startswith("../") for folder in kits)


def test_every_path_exists() -> None:
    """Files and folders named in the text or in a command are there."""
    tracked = {str(path) for path in files()}
    folders = {f"{parent}" for path in files() for parent in path.parents}
    words = re.split(r"[\s=\"']", " ".join((*CODE, _blocks("sh"))))
    named = {word.rstrip("/") for word in words if word.startswith(TOP)}
    named |= {f"tests/{word.rstrip('/')}" for word in _tests_of_the_table()}
    assert named
    assert not (missing := named - tracked - folders), missing


def _tests_of_the_table() -> set[str]:
    what = next(row[1] for row in _rows("folder") if row[0] == "`tests/`")
    return {word for word in _coded(what) if word.endswith("/")}


def test_every_link_leads_somewhere() -> None:
    """A link goes to a file or folder of the tree, or to the demo on this machine."""
    tracked = {str(path) for path in files()}
    folders = {str(parent) for path in files() for parent in path.parents}
    targets = re.findall(r"\]\(([^)]+)\)", PROSE)
    assert targets
    assert not (missing := set(targets) - tracked - folders), missing
    outside = re.findall(r"https?://([^/\s'\"`>:]+)", README)
    assert {host for host in outside if not host.endswith(".example")} == {"127.0.0.1"}


def test_every_address_of_the_demo_answers_something() -> None:
    """Ports are the demo's first ones in their order; paths stand in the OpenAPI documents."""
    for port, path in set(re.findall(r"http://127\.0\.0\.1:(\d+)(/[^\s'\"`>?]*)", README)):
        door = DOORS[int(port) - 8000]
        if path in {"/", "/docs", "/token"}:
            continue
        document = json.loads((ROOT / f"shared/docs/openapi/{door}.json").read_text("utf-8"))
        patterns = [re.sub(r"\{[^}]+\}", "[^/]+", known) for known in document["paths"]]
        assert any(re.fullmatch(pattern, path) for pattern in patterns), (door, path)


def test_the_accounts_exist() -> None:
    """Whoever the README lets sign in can, with the password it names."""
    accounts = json.loads((ROOT / "deploy/data/8171/accounts.json").read_text("utf-8"))
    names = {one["username"] for one in accounts["accounts"]}
    named = {name for row in _rows("where") for name in _coded(row[2])}
    named |= set(re.findall(r"username=(\w+)", README))
    assert named
    assert named <= names
    assert f"password `{accounts['password']}`" in README


def test_the_table_of_services_is_the_register() -> None:
    """What each service hears and tells in the table is what the register lets it."""
    rows = _rows("service")
    assert [row[0] for row in rows] == [f"[{name}](services/{name})" for name in SERVICES]
    own = {name: stream for name, stream in STREAMS.items() if stream.producer != "all"}
    for service, row in zip(SERVICES, rows, strict=True):
        heard = {name for name, stream in own.items() if service in stream.readers}
        told = {name for name, stream in own.items() if stream.producer == service}
        assert (_coded(row[2]), _coded(row[3])) == (heard, told), service


def test_the_drawing_is_the_register() -> None:
    """Each stream is one line from its producer to its readers, and nothing else is drawn."""
    drawn = [line.strip() for line in _blocks("mermaid").splitlines() if "-->" in line]
    assert drawn == [
        f"{stream.producer} --> {name}_v1[/{name}/] --> {' & '.join(stream.readers)}"
        for name, stream in {**STREAMS, **PUBLISHER_STREAMS}.items()
        if stream.producer != "all"
    ]


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value: Any = field.get_default()
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in {None, "", (), frozenset()}:
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_the_table_of_variables_is_the_settings() -> None:
    """Every variable that a service reads is listed with its readers and its default, no other."""
    found: dict[str, tuple[list[str], str]] = {}
    for service in SERVICES:
        module = importlib.import_module(f"services.{service}.settings")
        settings = getattr(module, f"{service.capitalize()}Settings")
        for name, field in settings.model_fields.items():
            readers, _ = found.setdefault(f"`KENTONGAN_{name.upper()}`", ([], _default(field)))
            readers.append(service)
    wanted = {
        name: ("all" if readers == list(SERVICES) else ", ".join(readers), default)
        for name, (readers, default) in found.items()
    }
    rows = _rows("variable")
    assert {row[0]: (row[1], row[2]) for row in rows} == wanted
    assert all(row[3] for row in rows)


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_pictures_show_something(shot: Any) -> None:
    """Each picture is there, as wide as its page was, neither empty nor too heavy."""
    content = (PICTURES / shot.name).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert int.from_bytes(content[16:20]) == shot.width
    assert SMALLEST_PICTURE < len(content) < LARGEST_PICTURE
