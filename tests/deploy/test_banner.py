"""What the demo says when it is ready can be copied, and concerns that demo."""

from __future__ import annotations

from pathlib import Path

from deploy.demo.banner import banner, remedy
from deploy.demo.people import Samples
from deploy.folder import DEMO, Folder
from shared.contracts.topics import SERVICES

ADDRESSES = {name: f"http://{name}" for name in (*SERVICES, "identity", "mailbox", "bus")}


def said(folder: Path, *, officers: bool = True) -> str:
    """Give what the demo of a folder says."""
    accounts = Samples.of("8171").accounts
    return banner(ADDRESSES, {}, accounts, Folder(folder), officers=officers)


def test_the_usual_demo_is_named_by_short_commands() -> None:
    """Who typed `make demo` goes on with make."""
    assert "make tour " in said(DEMO)
    assert "python3 -m deploy audit " in said(DEMO)
    assert remedy(Folder(DEMO)) == "make demo ARGS=--fresh"


def test_another_demo_is_named_in_each_command(tmp_path: Path) -> None:
    """A second one beside the first is never mistaken for it."""
    folder = tmp_path / "the second"
    commands = [line for line in said(folder).splitlines() if "deploy" in line]
    assert len(commands) == 4
    assert all(f"--data '{folder}'" in line for line in commands)


def test_who_wants_to_act_as_an_officer_learns_how_to_be_first() -> None:
    """The command without sample officers stands where they work, and that none does elsewhere."""
    assert "make demo ARGS=--no-officers" in said(DEMO)
    alone = said(DEMO, officers=False)
    assert "--no-officers" not in alone
    assert "No sample officer acts" in alone


def test_what_can_be_typed_meanwhile_is_for_another_terminal() -> None:
    """The demo keeps its own until Ctrl-C."""
    lines = said(DEMO).splitlines()
    after = lines[lines.index("Next, in another terminal") + 1 :]
    assert [line.split()[0] for line in after[:2]] == ["make", "python3"]
    assert after[-1].startswith("Stop  Ctrl-C")
