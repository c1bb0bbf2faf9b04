"""The register of agencies: from a file, by people, with its history, as others hear of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from services.routing.app import read_register
from services.routing.areas import LokalAreas
from services.routing.domain.entry import AgencyAmended, Entries, Entry
from services.routing.domain.register import MOST_RULES, Agency, RegisterFile, UnitGiven
from services.routing.registry import Registry, keeping, voice_of
from shared.contracts import followup
from shared.contracts.register import MOST_COMING, AgencyRegistered, Duty
from shared.contracts.vocabulary import MOST_AGENCIES
from shared.runtime.bus.producer import LONGEST_MESSAGE
from shared.runtime.document import Cause, Document, blank, changed, record
from shared.runtime.given_files import read_file
from shared.runtime.timing import micros
from tests.desk import client, headers
from tests.routing.doubles import AGENCIES as AGENCY_CODES
from tests.routing.doubles import (
    COMPLAINT,
    QUEUE,
    REGISTER,
    SHOWN,
    Cupboard,
    Room,
    get,
    post,
)

AGENCIES = "/api/v1/agencies"
PU = f"{AGENCIES}/dinas-pu"
SAMPLE = Path(__file__).parents[2] / "deploy" / "data" / "8171" / "register.json"
DECREE = {"number": "SK 63/2026", "signed_on": "2026-01-02", "valid_until": "2026-12-31"}
OFFICER = {
    "name": "Penghubung PU",
    "position": "pejabat penghubung",
    "unit": "bina-marga",
    "phone": "+62 911 312345",
}
TODAY, LATER = date(2026, 3, 17), date(2026, 4, 1)


async def open_room(register: RegisterFile = REGISTER) -> Room:
    """Open routing with its register in the store."""
    room = Room(register, kept=True)
    await room.registry.prepare()
    return room


async def open_beside(room: Room) -> Room:
    """Open another process of routing on the same store."""
    other = Room(REGISTER, clock=room.clock, kept=True)
    other.agencies = room.agencies
    other.registry = Registry(other.book, REGISTER, room.agencies)
    await other.registry.prepare()
    return other


async def restart(room: Room, register: RegisterFile) -> None:
    """Start the process anew with another file."""
    room.clock.pass_by(timedelta(minutes=5))
    await Registry(room.book, register, room.agencies).prepare()


def with_first(agency: Agency) -> RegisterFile:
    """Give the register with another first agency."""
    return REGISTER.model_copy(update={"agencies": (agency, *REGISTER.agencies[1:])})


async def change(
    room: Room,
    body: Mapping[str, Any],
    *,
    path: str = f"{PU}/changes",
    token: str = "operator",
    key: str = "a-key-of-sixteen-or-more",
    seen: int | None = None,
) -> httpx.Response:
    """Change an agency as it was last read."""
    code = path.removeprefix(f"{AGENCIES}/").partition("/")[0]
    kept = room.agencies.kept.get(code)
    revision = seen if seen is not None else kept.revision if kept else 0
    async with client(room.app) as http:
        return await http.post(path, json=body, headers=headers(token, key=key, seen=revision))


async def test_the_sample_register_is_taken_over_whole() -> None:
    """Every agency of the file is in the register, and every rule decides as the file says."""
    file = read_file(SAMPLE, RegisterFile)
    room = await open_room(file)
    assert room.book.today.codes == file.codes
    for rule in file.rules:
        assert room.book.today.rule_for(rule.category, rule.area, None) == rule


async def test_a_file_is_taken_over_once_and_again_where_it_is_another() -> None:
    """Started again with its file an agency stays as it is; what the file changes is changed."""
    room = await open_room()
    await restart(room, REGISTER)
    assert len(room.agencies.kept["dinas-pu"].facts) == 1
    for name in ("PUPR", "dinas-pu"):
        first = REGISTER.agencies[0].model_copy(update={"name": name})
        await restart(
            room, REGISTER.model_copy(update={"agencies": (first, *REGISTER.agencies[1:])})
        )
        edition = room.agencies.kept["dinas-pu"].state.on(TODAY)
        assert edition is not None
        assert edition.name == name


async def test_what_people_changed_stands_until_the_file_says_something_else_of_it() -> None:
    """A restart does not undo what an operator did, nor does a file that changes other things."""
    room = await open_room()
    await change(room, {"email": "pu@kota-ambon.example"})
    first = REGISTER.agencies[0].model_copy(update={"name": "PUPR"})
    await restart(room, with_first(first))
    edition = room.agencies.kept["dinas-pu"].state.on(TODAY)
    assert edition is not None
    assert (edition.name, edition.email) == ("PUPR", "pu@kota-ambon.example")


async def test_an_agency_that_the_file_names_no_more_gets_nothing_more() -> None:
    """It stays with its history, and neither rule nor coordinator routes to it."""
    room = await open_room()
    rules = tuple(rule for rule in REGISTER.rules if rule.agency != "dinas-pu")
    await restart(room, RegisterFile(agencies=REGISTER.agencies[1:], rules=rules))
    assert "dinas-pu" not in room.book.today.codes
    room.receive()
    refused = await post(room, "route", {"agency": "dinas-pu"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "agency")
    assert (await get(room, PU)).json()["in_force"]["active"] is False


async def test_an_agency_is_changed_with_its_history() -> None:
    """Who changed what, when, and from when it holds can be read; what is not named stays."""
    room = await open_room()
    body = {
        "units": [{"code": "bina-marga", "name": "Bidang Bina Marga"}],
        "officers": [OFFICER],
        "decree": DECREE,
        "reason": "SK baru.",
    }
    changed = await change(room, body)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    in_force = changed.json()["in_force"]
    assert in_force["name"] == "dinas-pu"
    assert (in_force["decree"], in_force["officers"][0]["unit"]) == (DECREE, "bina-marga")
    said = (await get(room, f"{PU}/changes")).json()["items"]
    assert [each["by"] for each in said] == ["file", "operator-1"]
    assert (said[1]["says"]["valid_from"], said[1]["says"]["reason"]) == ("2026-03-17", "SK baru.")


async def test_a_change_holds_from_its_day_on() -> None:
    """A duty that goes to another agency in April decides from April on, not before."""
    room = await open_room()
    lose = {"duties": [], "valid_from": str(LATER)}
    assert (await change(room, lose)).status_code == 200
    take = {"duties": [{"category": "jalan", "areas": ["81.71"]}], "valid_from": str(LATER)}
    path = f"{AGENCIES}/dinsos/changes"
    assert (await change(room, take, path=path)).status_code == 200
    shown = (await get(room, PU)).json()
    assert [each["valid_from"] for each in shown["coming"]] == [str(LATER)]
    assert (await get(room, PU, on=str(LATER))).json()["in_force"]["duties"] == []
    assert room.receive(category="jalan").agency == "dinas-pu"
    room.clock.pass_by(LATER - TODAY)
    assert room.receive("later", category="jalan").agency == "dinsos"


async def test_an_agency_is_entered_and_complaints_are_routed_to_it() -> None:
    """An agency that no file names can be entered, once, with what it answers for."""
    room = await open_room()
    new = {
        "code": "pdam",
        "name": "Perumda Air Minum",
        "duties": [{"category": "air-bersih", "areas": ["81.71"]}],
    }
    entered = await change(room, new, path=AGENCIES)
    assert (entered.status_code, entered.json()["in_force"]["active"]) == (201, True)
    assert (await change(room, new, path=AGENCIES)).json() == entered.json()
    again = await change(room, new, path=AGENCIES, key="another-key-of-enough")
    assert (again.status_code, again.json()["code"]) == (409, "exists")
    assert room.receive(category="air-bersih").agency == "pdam"


def put(room: Room, code: str, rules: int = 0, *, active: bool = True, per_duty: int = 100) -> None:
    """Have an agency stored with so many rules, however many there are."""
    areas = [f"81.{number:02}" for number in range(per_duty)]
    duties = [
        Duty(category=f"{code}-{first}", areas=tuple(areas[: min(per_duty, rules - first)]))
        for first in range(0, rules, per_duty)
    ]
    said = AgencyAmended(valid_from=TODAY, name=code, active=active, duties=tuple(duties))
    entries, empty = Entries(), blank(Entries(), code)
    made = record(entries, empty, [said], Cause("stored", by="file"), room.clock.under())
    stored = changed(entries, empty, made, marked=False, at=1)
    room.agencies.kept[code] = stored
    room.book.take([stored])


async def test_agencies_that_are_not_active_count_and_more_of_them_stop_nothing() -> None:
    """The door names what to do; a store with more of them than that decides as any other."""
    room = await open_room()
    for number in range(MOST_AGENCIES - len(REGISTER.agencies)):
        put(room, f"lama-{number}", active=False)
    new = {"code": "pdam", "name": "Perumda Air Minum"}
    refused = await change(room, new, path=AGENCIES)
    assert (refused.status_code, refused.json()["code"]) == (409, "register_full")
    assert "change one that is not active" in refused.json()["detail"]
    put(room, "lama-lagi", active=False)
    assert room.receive(category="jalan").agency == "dinas-pu"
    assert (await get(room, QUEUE)).status_code == 200
    assert (await change(room, {"duties": []})).status_code == 200


async def test_rules_beyond_the_bound_are_refused_and_can_be_taken_away() -> None:
    """No change brings more rules than a register has, of any day; stored ones still decide."""
    room = await open_room()
    most = MOST_RULES - len(REGISTER.rules)
    for number in range(40):
        put(room, f"dinas-{number}", min(500, most - 500 * number))
    more = {"duties": [{"category": "taman", "areas": ["81.71", "81.71.05"]}]}
    for valid_from in (TODAY, LATER):
        refused = await change(room, {**more, "valid_from": str(valid_from)})
        assert (refused.status_code, refused.json()["code"]) == (409, "register_full")
        assert "take 1 of them from other agencies" in refused.json()["detail"]
    put(room, "dinas-lagi", 500)
    assert room.receive(category="jalan").agency == "dinas-pu"
    fewer = {"duties": [{"category": "dinas-lagi-0", "areas": ["81.71", "81.71.05"]}]}
    path = f"{AGENCIES}/dinas-lagi/changes"
    assert (await change(room, fewer, path=path)).status_code == 200


async def test_a_file_that_takes_away_the_unit_of_an_officer_stops_nothing() -> None:
    """What people and the file say of an agency may not fit; complaints are decided as before."""
    first = REGISTER.agencies[0]
    unit = UnitGiven(code="bina-marga", name="Bina Marga")
    room = await open_room(with_first(first.model_copy(update={"units": (unit,)})))
    assert (await change(room, {"officers": [OFFICER]})).status_code == 200
    await restart(room, with_first(first))
    assert room.receive(category="jalan").agency == "dinas-pu"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "body"),
        ({"telp": "1"}, 422, "telp"),
        ({"email": "pu"}, 422, "email"),
        ({"officers": [{**OFFICER, "phone": "nol"}]}, 422, "officers.0.phone"),
        ({"officers": [OFFICER]}, 422, "officers.0.unit"),
        ({"units": [{"code": "a", "name": "A"}] * 2}, 422, "units.1"),
        ({"units": [{"code": "a", "name": "A", "telp": "1"}]}, 422, "units.0.telp"),
        ({"duties": [{"category": "jalan", "areas": ["81.99"]}]}, 422, "duties.0.areas"),
        ({"duties": [{"category": "bansos", "areas": ["81"]}]}, 409, "duties.0.areas"),
        ({"cleared": ["name"]}, 422, "cleared.0"),
        ({"officers": [{**OFFICER, "name": "x" * 200, "unit": None}] * 60}, 422, "text"),
    ],
)
async def test_a_bad_change_is_named(body: Mapping[str, Any], status: int, field: str) -> None:
    """What is wrong is said with its field, and nothing is changed."""
    room = await open_room()
    before = room.agencies.kept["dinas-pu"]
    answer = await change(room, body)
    assert answer.status_code == status, answer.text
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert room.agencies.kept["dinas-pu"] == before


async def test_of_two_who_change_at_once_one_is_told() -> None:
    """What was decided on an older state of the agency is refused; an unknown one not found."""
    room = await open_room()
    assert (await change(room, {"name": "PUPR"}, seen=1)).status_code == 200
    late = await change(room, {"name": "PU"}, key="another-key-of-enough", seen=1)
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    nobody = await change(room, {"name": "X"}, path=f"{AGENCIES}/nobody/changes")
    assert nobody.status_code == 404
    assert (await get(room, f"{AGENCIES}/nobody")).status_code == 404


async def test_what_is_taken_away_is_gone() -> None:
    """A decree that was withdrawn is no longer shown."""
    room = await open_room()
    await change(room, {"decree": DECREE})
    gone = await change(room, {"cleared": ["decree"]}, key="another-key-of-enough")
    assert gone.json()["in_force"]["decree"] is None


async def test_the_register_is_paged_by_code() -> None:
    """Every agency is on exactly one page, with the end of its decree."""
    room = await open_room()
    await change(room, {"decree": DECREE})
    seen, after = [], ""
    while after is not None:
        query: dict[str, Any] = {"limit": 3, **({"after": after} if after else {})}
        page = (await get(room, AGENCIES, **query)).json()
        seen += page["items"]
        after = page["next"]
    assert [each["code"] for each in seen] == sorted(REGISTER.codes)
    assert [each["decree_until"] for each in seen] == ["2026-12-31", None, None, None]


async def test_it_is_seen_when_an_agency_was_last_active() -> None:
    """Activity (keaktifan) is what an officer of the agency did last; clocks do nothing for it."""
    room = await open_room()
    assert (await get(room, PU)).json()["active_at"] is None
    for number in range(2):
        room.receive(f"{COMPLAINT[:-1]}{number}", category="jalan")
    answer = followup.ResponseGiven(agency="dinas-pu", text="Kami periksa.")
    room.hear(f"{COMPLAINT[:-1]}0", "cases", answer, by="pupr")
    first = room.clock.now
    room.clock.pass_by(timedelta(days=1))
    lapsed = followup.CaseResolved(agency="dinas-pu", how="lapsed")
    room.hear(f"{COMPLAINT[:-1]}1", "cases", lapsed, by="clock")
    assert (await get(room, PU)).json()["active_at"].startswith(f"{first:%Y-%m-%dT%H:%M}")


async def test_another_process_reads_what_was_changed() -> None:
    """What one process changed decides at the other once it has read."""
    room = await open_room()
    other = await open_beside(room)
    await change(room, {"active": False})
    assert other.book.today.has("dinas-pu")
    await other.registry.read()
    assert not other.book.today.has("dinas-pu")


@pytest.mark.parametrize("agencies", [2, 3, 4])
async def test_however_many_changed_at_one_moment_are_read(
    monkeypatch: pytest.MonkeyPatch, agencies: int
) -> None:
    """As many as were noted together may be of one moment, and a page may be shorter."""
    room = await open_room()
    other = await open_beside(room)
    later = room.book.day + timedelta(days=1)
    room.clock.pass_by(timedelta(days=2))
    await room.registry.note(dict.fromkeys(AGENCY_CODES[:agencies], later))
    for code in AGENCY_CODES[:agencies]:
        noted = replace(room.agencies.kept[code], changed_at=micros(room.clock.now))
        room.agencies.kept[code] = noted
    monkeypatch.setattr(keeping, "PAGE", 2)
    read, left = other.agencies.changed, iter(range(9))

    async def counted(*window: int) -> list[Document[Entry]]:
        assert next(left, None) is not None, "it reads the same page again and again"
        return await read(*window)

    monkeypatch.setattr(other.agencies, "changed", counted)
    await other.registry.read()
    known = [each.id for each in other.book.entries() if each.state.active_on == later]
    assert sorted(known) == sorted(AGENCY_CODES[:agencies])


async def test_a_snapshot_tells_what_holds_and_what_comes() -> None:
    """A reader knows from one message who an agency is today and from which day it is another."""
    room = await open_room()
    await change(room, {"name": "PUPR", "valid_from": str(LATER)})
    (told,) = voice_of("8171", room.book).utterances(room.agencies.kept["dinas-pu"])
    said = AgencyRegistered.model_validate_json(told.body() or b"")
    assert (told.key, str(told.pair)) == ("dinas-pu", "0000000000000-000002")
    days = (TODAY, LATER - timedelta(days=1), LATER)
    assert [said.on(day).name for day in days] == ["dinas-pu", "dinas-pu", "PUPR"]


async def test_no_more_days_to_come_are_taken_than_are_told() -> None:
    """One more is refused, naming days that there are; on those, and from the next on, it goes."""
    room = await open_room()
    days = [LATER + timedelta(days=number) for number in range(MOST_COMING + 1)]

    async def rename(day: date, key: str) -> httpx.Response:
        return await change(room, {"name": key, "valid_from": str(day)}, key=key)

    for day in days[:-1]:
        assert (await rename(day, f"another-on-{day}")).status_code == 200
    refused = await rename(days[-1], "one-day-too-many-of-them")
    assert (refused.status_code, refused.json()["code"]) == (409, "most_coming")
    assert refused.json()["errors"][0]["field"] == "valid_from"
    assert str(days[-2]) in refused.json()["detail"]
    assert (await rename(days[-2], "another-on-the-last-day")).status_code == 200
    room.clock.pass_by(LATER - TODAY)
    assert (await rename(days[-1], "when-the-first-has-begun")).status_code == 200


def full(code: str, days: int) -> tuple[AgencyAmended, ...]:
    """Give an agency as large as facts may make it, and as many days on which it is renamed."""
    units = [{"code": f"u{number}", "name": "x" * 100} for number in range(60)]
    officers = [{"name": "x" * 50, "position": "y" * 46}] * 60
    areas = [f"81.{first:02}.{second:02}" for first in range(1, 9) for second in range(1, 61)]
    duties = [{"category": code, "areas": areas}, {"category": f"{code}-2", "areas": areas[:180]}]
    parts = ({"units": units}, {"officers": officers}, {"duties": duties})
    began = (AgencyAmended(valid_from=TODAY, name=code, **each) for each in parts)
    later = (TODAY + timedelta(days=1 + number) for number in range(days))
    return (*began, *(AgencyAmended(valid_from=each, name=f"{code} {each}") for each in later))


async def test_an_agency_with_more_days_than_that_is_told_as_far_as_they_are_near() -> None:
    """Stored before there was a bound, its snapshot is one message, and other agencies are told."""
    room = await open_room()
    entries, empty = Entries(), blank(Entries(), "dinas-besar")
    said = full("dinas-besar", 60)
    stored = record(entries, empty, said, Cause("stored", by="file"), room.clock.under())
    (told,) = voice_of("8171", room.book).utterances(stored)
    body = told.body() or b""
    assert len(body) < LONGEST_MESSAGE
    days = [each.valid_from for each in AgencyRegistered.model_validate_json(body).editions]
    assert days == [TODAY + timedelta(days=number) for number in range(MOST_COMING + 1)]


def test_a_rule_for_a_place_that_does_not_exist_is_found_by_its_line(tmp_path: Path) -> None:
    """Nothing of such a file is loaded; the operator reads where it is wrong and what to do."""
    path = tmp_path / "register.json"
    rule = {"category": "jalan", "area": "81.99", "agency": "a"}
    path.write_text(
        json.dumps({"agencies": [{"code": "a", "name": "A"}], "rules": [rule]}, indent=1)
    )
    with pytest.raises(SystemExit, match=r"line 11, rules\.0\.area: .* no area 81\.99; name"):
        read_register(path, LokalAreas())


def test_an_agency_that_is_too_long_is_found_by_its_line(tmp_path: Path) -> None:
    """What would not fit into one fact is refused before anything is loaded."""
    path = tmp_path / "register.json"
    officers = [{**OFFICER, "unit": None, "name": "x" * 200}] * 40
    agency = {"code": "a", "name": "A", "officers": officers}
    path.write_text(json.dumps({"agencies": [agency], "rules": []}))
    with pytest.raises(SystemExit, match=r"line 1, agencies\.0: It takes over"):
        read_register(path, LokalAreas())


async def test_coming_back_from_a_store_that_was_away_takes_nothing_over_twice() -> None:
    """A write whose answer was lost is found done."""
    room = Room(REGISTER, kept=True)
    room.agencies.lose_answers = 1
    with pytest.raises(Exception, match="lost"):
        await room.registry.prepare()
    await room.registry.prepare()
    assert {len(each.facts) for each in room.agencies.kept.values()} == {1}
    assert isinstance(room.agencies, Cupboard)
    assert (await get(room, SHOWN)).status_code == 404
