"""Complaints on their way through all five services, as the people on it see them."""

from __future__ import annotations

from tests.harness.people import Filed
from tests.harness.world import World


def test_a_complaint_is_answered(quoted: World) -> None:
    """Reported, routed by a rule, answered and resolved: every service has it, mail went out."""
    world = quoted
    filed = world.citizen.file(category="jalan", reporter={"email": "warga@contoh.example"})
    shown = _await_status(world, filed, "in_progress")
    assert shown["agency"] == "dinas-pupr"

    officer = world.liaison("dinas-pupr")
    assert filed.complaint in [case["complaint"] for case in officer.listed("/api/v1/cases")]
    answered = officer.change(filed.complaint, "responses", text="Lampu diganti besok.")
    assert answered.status_code == 200, answered.text
    shown = _await_status(world, filed, "answered")
    assert "Lampu diganti besok." in [step["text"] for step in shown["history"]]

    assert world.citizen.reply(filed, "Terima kasih.").status_code == 201
    resolved = officer.change(filed.complaint, "resolution", note="Selesai.")
    assert resolved.status_code == 200, resolved.text
    _await_status(world, filed, "resolved")
    world.wait(lambda: len(world.mailbox.to("warga@contoh.example")) == 4, "four mails")
    world.settle()
    assert world.audit().clean


def _await_status(world: World, filed: Filed, status: str) -> dict[str, object]:
    shown: list[dict[str, object]] = []

    def reached() -> bool:
        shown.append(world.citizen.track(filed))
        return shown[-1]["status"] == status

    world.wait(reached, f"{filed.tracking_number} is {status}")
    return shown[-1]
