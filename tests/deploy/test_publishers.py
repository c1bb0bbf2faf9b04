"""What a publisher is given on a bus, and the page its people get."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.console import Exit
from deploy.engines.embedded import EmbeddedBroker
from deploy.engines.ports import free_port
from deploy.folder import Folder
from deploy.publishers.adding import add
from deploy.publishers.page import Partner, page
from deploy.publishers.rights import WRITES, Operation, grants, principal
from shared.contracts.topics import PUBLISHER_STREAMS, publisher_topic
from shared.runtime.sealing import make_pair

KEY = '{"kty":"OKP"}'
OWN = {name: publisher_topic("sigap", name) for name in PUBLISHER_STREAMS}


def run(*words: str) -> tuple[int, str, str]:
    """Run a command; give its status, its result and what it said on the way."""
    done = CliRunner().invoke(app, ["publisher", *words])
    return done.exit_code, done.stdout, done.stderr


def test_a_publisher_may_write_submissions_and_read_what_is_told_to_it() -> None:
    """Nothing else: what the register lets it, on its own topics, in groups of its own."""
    given = list(grants("sigap"))
    may = {(each.name, each.operation) for each in given if each.operation != Operation.DESCRIBE}
    assert may == {
        (OWN["submissions"], Operation.WRITE),
        (OWN["receipts"], Operation.READ),
        (OWN["progress"], Operation.READ),
        ("ext.sigap.", Operation.READ),
    }
    assert {each.name for each in given if each.topic} == set(OWN.values())


def test_the_page_names_all_that_a_partner_needs_and_no_secret() -> None:
    """Address, sign-in, topics with their messages, the limit, the key, and the command to try."""
    text = page(Partner("sigap", "8171", "bus.example:9093", signs_in=True, most=WRITES, key=KEY))
    needed = [*OWN.values(), "bus.example:9093", principal("sigap"), "256 KiB", KEY]
    needed += [kind for stream in PUBLISHER_STREAMS.values() for kind in stream.messages]
    needed += ["bus.example:9093 sigap --password-file sigap.password"]
    assert [each for each in needed if each not in text] == []


def test_the_page_of_a_bus_without_principals_says_so() -> None:
    """A partner that need not sign in is given no name and no password file."""
    text = page(Partner("sigap", "8171", "127.0.0.1:9092", signs_in=False, most=0, key=None))
    assert "asks nobody" in text
    assert "Ask the node for the key" in text
    assert not {"password", "ext-sigap", "KiB"} & set(text.replace("`", " ").split())


async def test_the_embedded_broker_keeps_topics_and_says_what_it_cannot(
    broker: EmbeddedBroker,
) -> None:
    """Added twice, a publisher has its topics once; principals, rights and quotas it has none."""
    first = await add(broker.address, "sigap", WRITES)
    again = await add(broker.address, "sigap", WRITES)
    assert set(first.topics.created) == set(again.topics.present) == set(OWN.values())
    for added in (first, again):
        assert (added.signs_in, added.password, added.rights, added.most) == (False, None, 0, 0)
        assert "No principal, no rights and no quota" in added.lacks[0]


def test_a_publisher_of_a_node_on_this_machine_is_kept_for_its_next_start(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    """The command finds bus, node and key by itself, prints the page and remembers the name."""
    folder = Folder(tmp_path)
    public, _ = make_pair(folder.keys)
    folder.write_state({"node": "8171", "mongo": "m", "kafka": broker.address})
    for told in ("from its next start on", ""):
        status, text, said = run("add", "sigap", "--data", str(tmp_path))
        assert (status, told in said) == (Exit.CLEAN, True), said
        assert f"publish.py {broker.address} sigap" in text
        assert json.loads(public.read_bytes())["x"] in text
    assert folder.publishers(["kampus"]) == ("kampus", "sigap")
    assert [path.name for path in tmp_path.glob("*.password")] == []


def test_hosts_are_kept_beside_the_name(broker: EmbeddedBroker, tmp_path: Path) -> None:
    """For the next start; said again they stand in the place of those before, unsaid they stay."""
    folder = Folder(tmp_path)
    folder.write_state({"node": "8171", "mongo": "m", "kafka": broker.address})
    two = ["--files-from", "Berkas.sigap.example", "--files-from", "cdn.sigap.example:8443"]
    for words, hosts in (
        ([], None),
        (two, ("berkas.sigap.example", "cdn.sigap.example:8443")),
        ([], ("berkas.sigap.example", "cdn.sigap.example:8443")),
        (["--files-from", "a.example"], ("a.example",)),
        (["--files-from", ""], ()),
        ([], ()),
    ):
        status, text, said = run("add", "sigap", "--data", str(tmp_path), *words)
        assert (status, folder.files_from("sigap")) == (Exit.CLEAN, hosts), said
        assert [host for host in hosts or () if f"`{host}`" not in text] == []
        assert ("no host was agreed on" in text) == (not hosts)


def test_a_host_that_is_none_is_refused(tmp_path: Path) -> None:
    """Nothing is asked of any bus."""
    words = ["--node", "8171", "--kafka", "127.0.0.1:1", "--data", str(tmp_path)]
    status, text, said = run("add", "sigap", *words, "--files-from", "https://a.example/")
    assert (status, text, "is no host" in said) == (Exit.WRONG_USE, "", True), said


def test_publishers_of_before_hosts_are_still_known(tmp_path: Path) -> None:
    """A folder of an earlier release has names alone."""
    (tmp_path / "publishers.json").write_text('["sigap", "kampus"]')
    folder = Folder(tmp_path)
    assert (folder.publishers(), folder.files_from("sigap")) == (("sigap", "kampus"), None)
    assert not folder.add_publisher("sigap")
    assert folder.add_publisher("kampus", ["a.example"])
    assert (folder.publishers(), folder.files_from("kampus")) == (
        ("sigap", "kampus"),
        ("a.example",),
    )


@pytest.mark.parametrize("name", ["Sigap", "s", "citizen", "a" * 41, "si.gap", "../x"])
def test_a_name_that_no_topic_can_have_is_refused(name: str, tmp_path: Path) -> None:
    """Nothing is asked of any bus."""
    status, text, said = run("add", name, "--data", str(tmp_path))
    assert (status, text) == (Exit.WRONG_USE, "")
    assert "is no name of a publisher" in said


def test_a_bus_that_is_away_and_a_key_that_is_none_are_told(tmp_path: Path) -> None:
    """Before anything is made: a private key is never printed."""
    nowhere = ["--node", "8171", "--kafka", f"127.0.0.1:{free_port()}", "--data", str(tmp_path)]
    _, private = make_pair(tmp_path / "keys")
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    status, text, said = run("add", "sigap", *nowhere, "--key", str(private))
    assert (status, text) == (Exit.WRONG_USE, "")
    assert "is no public key" in said
