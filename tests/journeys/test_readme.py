"""The README's commands for who tries the demo by hand, pasted one block after the other."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from threading import Timer

import pytest

from shared.contracts.topics import SERVICES
from tests.architecture.house import ROOT
from tests.harness.world import World

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh demo\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
END = "-- end of block --"
LONGEST = 300
"""Seconds after which a shell that hangs is ended, and what it printed is what it printed."""


@dataclass(frozen=True)
class Shell:
    """One shell, as a reader has it: what a block sets is known to the next."""

    process: subprocess.Popen[str]

    def paste(self, block: str) -> str:
        """Give what a block of commands prints, what goes wrong included."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{block}\necho\necho '{END}'\n")
        self.process.stdin.flush()
        return "".join(takewhile(f"{END}\n".__ne__, self.process.stdout))


@pytest.fixture
def shell() -> Iterator[Shell]:
    """Give a shell, ended afterwards."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        ["sh"], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as process:
        watchdog = Timer(LONGEST, process.kill)
        watchdog.start()
        yield Shell(process)
        watchdog.cancel()
        process.kill()


def _here(world: World, block: str) -> str:
    """Give a block for the addresses of this world instead of the demo's."""
    addresses = [*(world.of(name)[0].url for name in SERVICES), world.identity.url]
    for nth, address in enumerate(addresses):
        block = block.replace(f"http://127.0.0.1:{8000 + nth}", address)
    return block


def test_a_report_is_filed_tracked_and_answered_as_pasted(world: World, shell: Shell) -> None:
    """No block wants anything filled in, and the reporter reads what the officer answered."""
    file, track, lost, sign_in, answer, *_ = (_here(world, block) for block in BLOCKS)
    assert "tracking_number" in shell.paste(file)
    world.settle()
    assert "Lampu jalan padam" in shell.paste(track)
    assert '"detail"' in shell.paste(lost)
    world.wait(lambda: _long_pins(world), "the long PIN is in the mailbox")
    (pin,) = _long_pins(world)
    assert "Lampu jalan padam" in shell.paste(f"PIN={pin}\n{track.splitlines()[-1]}")
    assert "Lampu jalan padam" in shell.paste(sign_in)
    assert '"answered"' in shell.paste(answer)
    world.settle()
    assert "Petugas datang besok pagi." in shell.paste(track)


def test_a_complaint_lives_by_hand_as_pasted(world: World, shell: Shell) -> None:
    """Verified, routed, answered, replied to, resolved, objected to, decided: each as it says."""
    *_, file, route, answer, reply, resolve, object_, decide = (
        _here(world, block) for block in BLOCKS
    )
    assert "problem" not in shell.paste(file)
    for block, done in (
        (route, '"stage":"routed"'),
        (answer, '"stage":"answered"'),
        (reply, '"reporter.replied.v1"'),
        (resolve, '"stage":"resolved"'),
        (object_, '"reporter.appealed.v1"'),
        (decide, '"stage":"open"'),
    ):
        world.settle()
        said = shell.paste(block)
        assert done in said
        assert "problem" not in said


def _long_pins(world: World) -> set[str]:
    bodies = [mail.get_body() for mail in world.mailbox.to("saya@warga.example")]
    said = " ".join(str(body.get_content()) for body in bodies if body)
    return set(re.findall(r"(?<![\w-])\w{4}-\w{4}-\w{4}(?![\w-])", said))
