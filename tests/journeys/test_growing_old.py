"""A node that has grown old: closed complaints in its archives, rows of an earlier release."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from deploy.engines.choose import Engines
from shared.contracts.fact import MOST_FACTS
from shared.runtime.asking import ROOM_FOR_REQUESTS
from tests.harness.people import Filed
from tests.harness.stores import ARCHIVE, LIVE
from tests.harness.waiting import until
from tests.harness.world import World

KEEPERS = ("intake", "routing", "followup", "notification")
"""Services that have an archive."""
MOST_ASKED_FOR = int(MOST_FACTS * ROOM_FOR_REQUESTS)
"""Facts of a history that people can ask for; the rest is left to those who work on it."""
AN_HOUR_LATER = 2 + 2 / 24
"""Days: by then copies that lie in both places are looked at."""
OF_SHAPE_1 = frozenset(
    {
        *("complaint", "received_at", "tracking_number", "title", "text"),
        *("turn", "agency", "stage", "responses", "replies"),
    }
)
"""What the first release knew of a case under the names of today."""


class Some(NamedTuple):
    """Complaints that have gone different ways."""

    resolved: Filed
    disputed: Filed
    withdrawn: Filed
    prank: Filed
    open: Filed
    wordy: Filed


def test_a_node_grows_old(engines: Engines, tmp_path: Path) -> None:
    """What is closed rests in the archives, is found there by all, and comes back to be changed.

    What a crash has left in both places is one thing again, and a case that an earlier release
    stored is served as it is and rewritten when it next changes.
    """
    with World(engines, tmp_path, told={"KENTONGAN_ARCHIVE_DAYS": "1"}) as world:
        some = _begin(world)
        indexes = _indexes(world)
        _plant_what_crashes_leave(world, some)
        _spoil_indexes(world)

        world.pass_days(2)
        until(lambda: _elsewhere(world, LIVE, some.open))
        until(lambda: _elsewhere(world, ARCHIVE, *some[:4]))
        until(lambda: [] if _indexes(world) == indexes else "the indexes of before")
        _see_what_rests(world, some)
        _say_more(world, some)

        world.pass_days(AN_HOUR_LATER)
        until(lambda: _elsewhere(world, LIVE, some.resolved, some.disputed, some.open))
        until(lambda: _elsewhere(world, ARCHIVE, some.withdrawn, some.prank))
        views = world.prove()
        assert views.of["intake"][some.wordy.complaint].facts == MOST_ASKED_FOR
        assert world.audited is not None
        counted = Counter(world.audited.report["archived"])
        assert counted == Counter(dict.fromkeys(KEEPERS, 2))


def _begin(world: World) -> Some:
    """Have complaints filed, and all but one of them closed, each in its own way."""
    citizen, officer, coordinator = world.citizen, world.liaison("dinas-pupr"), world.coordinator
    first, second, third = (citizen.file() for _ in range(3))
    fourth, fifth, sixth = (citizen.file(category=each) for each in (None, "jalan", None))
    some = Some(first, second, third, fourth, fifth, sixth)
    world.settle()
    for filed in (some.resolved, some.disputed):
        for act, said in (
            ("responses", {"text": "Kami periksa."}),
            ("resolution", {"note": "Sudah."}),
        ):
            done = officer.change(filed.complaint, act, **said)
            assert done.status_code == 200, done.text
    withdrawn = citizen.act(some.withdrawn, "withdrawal", reason="Sudah menyala.")
    assert withdrawn.status_code == 201, withdrawn.text
    archived = coordinator.change(some.prank.complaint, "archive", reason="prank", words="Iseng.")
    assert archived.status_code == 200, archived.text
    world.settle()
    return some


def _plant_what_crashes_leave(world: World, some: Some) -> None:
    """Leave two complaints in both places: one as it moves, one as it comes back."""
    for service in KEEPERS:
        moving = world.stores.document(service, some.disputed.complaint)
        world.stores.plant(service, {**moving, "loose": 1}, ARCHIVE)
        live = world.stores.document(service, some.open.complaint)
        older = {**live, "version": live["version"] - 1, "facts": [], "heard": {}, "loose": 1}
        world.stores.plant(service, older, ARCHIVE)


def _spoil_indexes(world: World) -> None:
    """Have one lack, and another be as an older release made it: without its filter."""
    world.stores.spoil_index("intake", "loose", ARCHIVE)
    world.stores.spoil_index("routing", "place", sparse=True)


def _indexes(world: World) -> dict[str, dict[str, Any]]:
    return {
        f"{service}/{place}": world.stores.indexes(service, place)
        for service in KEEPERS
        for place in (LIVE, ARCHIVE)
    }


def _elsewhere(world: World, place: str, *some: Filed) -> list[str]:
    """Say which complaint lies in another place than this, or in two."""
    return [
        f"{filed.tracking_number} lies in {found} of {service}, not in {place}"
        for filed in some
        for service in KEEPERS
        if (found := world.stores.places(service, filed.complaint)) != [place]
    ]


def _see_what_rests(world: World, some: Some) -> None:
    """Look at what is archived as reporters and officers do; the audit counts it."""
    ends = [world.citizen.track(filed)["status"] for filed in some[:5]]
    assert ends == ["resolved", "resolved", "withdrawn", "archived", "in_progress"]
    officer, coordinator = world.liaison("dinas-pupr"), world.coordinator
    case = officer.see(some.resolved.complaint)
    assert (case.status_code, case.json()["stage"]) == (200, "resolved")
    for filed in (some.resolved, some.prank):
        assert coordinator.see(filed.complaint).status_code == 200
    same = world.citizen.file(key=some.resolved.key, **some.resolved.body)
    assert same.answer == some.resolved.answer
    assert _elsewhere(world, ARCHIVE, some.resolved) == []


def _say_more(world: World, some: Some) -> None:
    """Have what rests taken up again, objected to and refused; then change what is old."""
    citizen = world.citizen
    refused = citizen.reply(some.withdrawn, "Padam lagi.")
    assert refused.status_code == 409, refused.text
    assert refused.json()["code"] == "withdrawn"
    for filed, place in ((some.resolved, ARCHIVE), (some.open, LIVE)):
        _make_old(world, filed, place)
    assert citizen.reply(some.resolved, "Padam lagi.").status_code == 201
    appealed = citizen.act(some.disputed, "appeals", text="Tidak diperbaiki.")
    assert appealed.status_code == 201, appealed.text
    world.wait(
        lambda: citizen.track(some.resolved)["status"] == "in_progress", "it was taken up again"
    )
    world.settle()
    _reply_without_end(world, some.wordy)
    for filed in (some.resolved, some.open):
        _work_on(world, filed)


def _reply_without_end(world: World, filed: Filed) -> None:
    """Reply until nothing more is taken: where that is, the reporter reads what to do."""
    with ThreadPoolExecutor(8) as pool:
        texts = [f"Balasan {nth}." for nth in range(MOST_ASKED_FOR + 10)]
        answers = list(pool.map(partial(world.citizen.reply, filed), texts))
    refused = [answer.json() for answer in answers if answer.status_code != 201]
    assert len(answers) - len(refused) == MOST_ASKED_FOR - 1
    assert {(each["code"], "Buatlah laporan baru" in each["detail"]) for each in refused} == {
        ("history_full", True)
    }
    assert len(world.citizen.track(filed)["history"]) == MOST_ASKED_FOR


def _make_old(world: World, filed: Filed, place: str) -> None:
    """Have followup's row as the first release stored it; it is served all the same."""
    row, officer = (
        world.stores.document("followup", filed.complaint, place),
        world.liaison("dinas-pupr"),
    )
    before = officer.see(filed.complaint).json()
    state, dues = row["state"], row["state"]["dues"]
    old = {name: said for name, said in state.items() if name in OF_SHAPE_1}
    old |= {
        f"{clock}_by": due["due_on"]
        for clock, due in dues.items()
        if clock in {"verify", "respond"}
    }
    if "disposed_at" in state:
        old["disposed_at"] = state["disposed_at"]
    world.stores.plant("followup", {**row, "state": old, "schema": 1}, place)
    shown = officer.see(filed.complaint).json()
    same = ("stage", "agency", "tracking_number", "title", "respond_by", "revision")
    assert {name: shown[name] for name in same} == {name: before[name] for name in same}
    assert world.stores.document("followup", filed.complaint, place)["schema"] == 1


def _work_on(world: World, filed: Filed) -> None:
    """Answer what was old: it is in the shape of today then."""
    answered = world.liaison("dinas-pupr").change(filed.complaint, "responses", text="Besok.")
    assert answered.status_code == 200, answered.text
    row = world.stores.document("followup", filed.complaint)
    assert row["schema"] > 1
    assert "respond" in row["state"]["dues"]
