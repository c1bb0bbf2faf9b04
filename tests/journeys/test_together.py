"""What more than one reporter, agency or officer has to do with, through all five services."""

from __future__ import annotations

import io
import secrets

from PIL import Image

from tests.harness.promises import await_status
from tests.harness.world import World


def test_reports_of_the_same_matter_are_answered_together(quoted: World) -> None:
    """One follows the other; its reporter reads what the agency answered to that one."""
    world = quoted
    main, other = (world.citizen.file(category="jalan") for _ in range(2))
    for filed in (main, other):
        await_status(world, filed, "in_progress")
    merged = world.coordinator.change(other.complaint, "merger", main=main.complaint)
    assert merged.status_code == 200, merged.text
    await_status(world, other, "merged")

    officer = world.liaison("dinas-pupr")
    refused = officer.change(other.complaint, "responses", text="Kami cek.")
    assert refused.status_code == 409, refused.text
    answered = officer.change(main.complaint, "responses", text="Aspal ditambal.")
    assert answered.status_code == 200, answered.text
    await_status(world, main, "answered")
    world.wait(
        lambda: "Aspal ditambal." in str(world.citizen.track(other)["main"]["answers"]),
        "who follows reads the answer, too",
    )

    words = "Lubang di ruas lain."
    apart = world.coordinator.change(other.complaint, "separation", words=words)
    assert apart.status_code == 200, apart.text
    await_status(world, other, "in_progress")
    world.prove()


def test_several_agencies_answer_with_one_voice(quoted: World) -> None:
    """One is asked for its part, another answers; the reporter says that it is done."""
    world = quoted
    filed, coordinator = world.citizen.file(category=None), world.coordinator
    world.wait(lambda: coordinator.see(filed.complaint).status_code == 200, "it has arrived")
    routed = coordinator.change(
        filed.complaint, "route", agency="dinas-pupr", contributors=["dinas-lh"]
    )
    assert routed.status_code == 200, routed.text
    await_status(world, filed, "in_progress")

    beside = world.officer("lh", "followup", "/api/v1/contributions")
    said = {"text": "Sampah di saluran kami angkut besok."}
    seen = beside.see(filed.complaint)
    given = beside.door.ask(
        "POST",
        f"{beside.resource}/{filed.complaint}",
        json=said,
        headers={
            "Authorization": f"Bearer {beside.token()}",
            "If-Match": seen.headers["etag"],
            "Idempotency-Key": secrets.token_urlsafe(18),
        },
    )
    assert given.status_code == 200, given.text
    lead = world.liaison("dinas-pupr")
    assert said["text"] in lead.see(filed.complaint).text
    assert lead.change(filed.complaint, "responses", text="Selokan bersih.").status_code == 200
    await_status(world, filed, "answered")
    rated = world.citizen.act(filed, "ratings", score=5, solved=True)
    assert rated.status_code == 201, rated.text
    await_status(world, filed, "resolved")
    world.prove()


def test_an_objection_is_decided_by_who_had_no_part_in_the_case(quoted: World) -> None:
    """Closed by its agency, objected to, upheld by a senior, and worked on again."""
    world = quoted
    filed = world.citizen.file(category="jalan")
    await_status(world, filed, "in_progress")
    officer = world.liaison("dinas-pupr")
    assert officer.change(filed.complaint, "responses", text="Sudah.").status_code == 200
    assert officer.change(filed.complaint, "resolution", note="Beres.").status_code == 200
    await_status(world, filed, "resolved")

    assert world.citizen.act(filed, "appeals", text="Masih gelap.").status_code == 201
    senior = world.officer("sekda", "followup", "/api/v1/appeals")
    world.wait(lambda: senior.see(filed.complaint).status_code == 200, "the objection waits")
    assert world.citizen.track(filed)["status"] == "resolved"
    decided = senior.change(
        filed.complaint, "decision", outcome="upheld", reason="Lampu belum menyala."
    )
    assert decided.status_code == 200, decided.text
    shown = await_status(world, filed, "in_progress")
    assert "Lampu belum menyala." in [step["text"] for step in shown["history"]]
    world.prove()


def test_a_picture_is_seen_by_the_agency_that_has_the_case_and_each_look_is_written_down(
    quoted: World,
) -> None:
    """No other agency is shown it, and who looked stands there with the purpose."""
    world, picture = quoted, io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(picture, "PNG")
    filed = world.citizen.file(category="jalan")
    door = world.door("intake")
    added = door.ask(
        "POST",
        f"/api/v1/complaints/{filed.tracking_number}/attachments",
        content=picture.getvalue(),
        headers={
            "Kentongan-PIN": filed.pin,
            "Idempotency-Key": secrets.token_urlsafe(18),
            "content-type": "image/png",
        },
    )
    assert added.status_code == 201, added.text
    await_status(world, filed, "in_progress")

    folder = f"/api/v1/attachments/{filed.complaint}"
    at = f"{folder}/{added.json()['attachment']}"
    for username, status in (("pupr", 200), ("lh", 404)):
        said = {
            "Authorization": f"Bearer {world.sign_in.token(username)}",
            "Kentongan-Purpose": "Memeriksa lokasi.",
        }
        looked = door.ask("GET", at, headers=said)
        assert looked.status_code == status, looked.text
    watching = world.officer("inspektorat", "intake", folder)
    looks = watching.listed(f"{folder}/looks")
    assert [look["purpose"] for look in looks] == ["Memeriksa lokasi."]
    world.prove()
