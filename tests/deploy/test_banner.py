"""What the demo says when it is ready can be copied, and concerns that demo."""

from __future__ import annotations

from pathlib import Path

from deploy.demo.banner import banner, remedy
from deploy.demo.people import Samples
from deploy.folder import DEMO, Folder
from shared.contracts.topics import SERVICES

ADDRESSES = {name: f"http://{name}" for name in (*SERVICES, "identity", "mailbox", "bus")}


def said(folder: Path) -> str:
    """Give what the demo of a folder says."""
    return banner(ADDRESSES, {}, Samples.of("8171").accounts, Folder(folder))


def test_the_usual_demo_is_named_by_short_commands() -> None:
    """Who typed `make demo` goes on with make."""
    assert "make tour " in said(DEMO)
    assert "python3 -m deploy audit " in said(DEMO)
    assert remedy(Folder(DEMO)) == "make demo ARGS=--fresh"


def test_another_demo_is_named_in_each_command(tmp_path: Path) -> None:
    """A second one beside the first is never mistaken for it."""
    folder = tmp_path / "the second"
    commands = [line for line in said(folder).splitlines() if "deploy" in line]
    assert len(commands) == 3
    assert all(f"--data '{folder}'" in line for line in commands)
