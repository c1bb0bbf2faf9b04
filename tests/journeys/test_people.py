"""Complaints on their way through all five services, as the people on it see them."""

from __future__ import annotations

import secrets

from tests.harness.promises import await_status, same_answers
from tests.harness.world import World


def test_a_complaint_is_answered(quoted: World) -> None:
    """Reported, routed by a rule, answered and resolved: every service has it, mail went out."""
    world, to = quoted, f"{secrets.token_hex(4)}@contoh.example"
    filed = world.citizen.file(category="jalan", reporter={"email": to})
    assert await_status(world, filed, "in_progress")["agency"] == "dinas-pupr"

    officer = world.liaison("dinas-pupr")
    assert filed.complaint in [case["complaint"] for case in officer.listed("/api/v1/cases")]
    answered = officer.change(filed.complaint, "responses", text="Lampu diganti besok.")
    assert answered.status_code == 200, answered.text
    shown = await_status(world, filed, "answered")
    assert "Lampu diganti besok." in [step["text"] for step in shown["history"]]

    assert world.citizen.reply(filed, "Terima kasih.").status_code == 201
    await_status(world, filed, "in_progress")
    resolved = officer.change(filed.complaint, "resolution", note="Selesai.")
    assert resolved.status_code == 200, resolved.text
    await_status(world, filed, "resolved")
    world.prove()
    about = " ".join(str(mail["Subject"]) for mail in world.mailbox.to(to))
    # what the next step overtook before a mail went out is not told any more
    assert all(said in about for said in ("kami terima", "sudah ditanggapi", "selesai")), about


def test_the_wrong_agency_sends_it_back(quoted: World) -> None:
    """Declined, it waits at the coordinator, who routes it to another agency, which answers."""
    world = quoted
    filed = world.citizen.file(category="sampah")
    await_status(world, filed, "in_progress")
    wrong = world.liaison("dinas-lh")
    declined = wrong.change(filed.complaint, "decline", reason="Ini jalan provinsi.")
    assert declined.status_code == 200, declined.text
    await_status(world, filed, "returned")

    coordinator = world.coordinator
    world.wait(
        lambda: (
            filed.complaint
            in [each["complaint"] for each in coordinator.listed("/api/v1/queue", limit=100)]
        ),
        "it waits in the queue",
    )
    routed = coordinator.change(filed.complaint, "route", agency="dinas-pupr")
    assert routed.status_code == 200, routed.text
    world.wait(
        lambda: (
            world.citizen.track(filed)["agency"] == "dinas-pupr"
            and world.citizen.track(filed)["status"] == "in_progress"
        ),
        "it lies with the other agency",
    )
    right = world.liaison("dinas-pupr")
    assert right.change(filed.complaint, "responses", text="Kami perbaiki.").status_code == 200
    await_status(world, filed, "answered")
    late = wrong.change(filed.complaint, "responses", text="Masih kami?")
    assert late.status_code in {404, 409}, late.text
    views = world.prove()
    assert views.of["followup"][filed.complaint].facts == 4


def test_what_no_rule_decides_waits_for_the_coordinator(quoted: World) -> None:
    """A report without a category is verified and routed by hand."""
    world = quoted
    filed = world.citizen.file(category=None)
    coordinator = world.coordinator
    world.wait(lambda: coordinator.see(filed.complaint).status_code == 200, "it has arrived")
    verified = coordinator.change(filed.complaint, "verification", category="kependudukan")
    assert verified.status_code == 200, verified.text
    routed = coordinator.change(filed.complaint, "route", agency="disdukcapil")
    assert routed.status_code == 200, routed.text
    assert await_status(world, filed, "in_progress")["agency"] == "disdukcapil"
    world.prove()


def test_what_is_missing_is_asked_for(quoted: World) -> None:
    """Statement 13: deferred, the reporter reads what is missing and by when, replies, and is back.

    The mail that something is missing comes first; the case is opened once it was routed.
    """
    world, to = quoted, f"{secrets.token_hex(4)}@contoh.example"
    filed = world.citizen.file(category=None, reporter={"email": to})
    coordinator = world.coordinator
    world.wait(lambda: coordinator.see(filed.complaint).status_code == 200, "it has arrived")
    missing = [{"code": "where", "words": "Di jalan apa?"}]
    deferred = coordinator.change(filed.complaint, "deferral", missing=missing)
    assert deferred.status_code == 200, deferred.text
    shown = await_status(world, filed, "deferred")
    assert shown["aside"]["missing"] == missing
    move = shown["next_move"]
    assert (move["who"], move["agency"]) == ("reporter", None)
    assert move["by"] == shown["aside"]["complete_by"]

    world.wait(
        lambda: any("perlu dilengkapi" in str(mail["Subject"]) for mail in world.mailbox.to(to)),
        "the mail says that something is missing",
    )
    assert world.citizen.reply(filed, "Jalan Pattimura.").status_code == 201
    await_status(world, filed, "received")
    first = coordinator.see(filed.complaint).json()
    assert (first["stage"], first["replies"]) == ("queue", ["Jalan Pattimura."])
    routed = coordinator.change(filed.complaint, "route", agency="dinas-pupr")
    assert routed.status_code == 200, routed.text
    await_status(world, filed, "in_progress")
    world.prove()


def test_what_nobody_can_act_on_is_archived(quoted: World) -> None:
    """An archived report says why; no agency ever hears of it, and the stores agree."""
    world = quoted
    filed = world.citizen.file(category=None)
    coordinator = world.coordinator
    world.wait(lambda: coordinator.see(filed.complaint).status_code == 200, "it has arrived")
    archived = coordinator.change(filed.complaint, "archive", reason="prank", words="Iseng.")
    assert archived.status_code == 200, archived.text
    shown = await_status(world, filed, "archived")
    assert (shown["aside"]["reason"], shown["aside"]["words"]) == ("prank", "Iseng.")
    assert shown["next_move"] is None
    world.prove()


def test_the_same_request_twice_is_one_complaint(quoted: World) -> None:
    """Statement 8: the same key gets the same answer everywhere, and nothing happens twice."""
    world = quoted
    filed = world.citizen.file(category="jalan")
    same_answers(world, [filed])
    other = {**filed.body, "title": "Lain"}
    headers = {"Idempotency-Key": filed.key}
    refused = world.door("intake").ask("POST", "/api/v1/complaints", json=other, headers=headers)
    assert refused.status_code == 422, refused.text

    await_status(world, filed, "in_progress")
    officer, key = world.liaison("dinas-pupr"), secrets.token_urlsafe(18)
    for _ in range(2):
        said = officer.change(filed.complaint, "responses", key=key, text="Sedang dikerjakan.")
        assert said.status_code == 200, said.text
        assert said.json()["responses"] == 1
    key = secrets.token_urlsafe(18)
    for _ in range(2):
        assert world.citizen.reply(filed, "Baik.", key=key).status_code == 201
    views = world.prove()
    assert views.of["intake"][filed.complaint].facts == 2
    assert views.of["followup"][filed.complaint].facts == 3
