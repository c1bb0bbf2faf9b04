"""Erasing a person: what officers wrote stays neither in routing's facts nor in its state."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from services.routing.domain.disposition import Disposition
from shared.contracts import followup, intake
from shared.contracts.fact import BLANKED, Fact, Pair, Redaction, read_fact
from tests.desk import client, headers
from tests.routing.doubles import COMPLAINT, SHOWN, Room, get, post

NAME = "Budi Santoso"
KEY = "another-key-of-enough"
DEFERRAL = {"missing": [{"code": "who", "words": f"Apakah {NAME}?"}, {"code": "evidence"}]}
ARCHIVE = {"reason": "other", "words": f"{NAME} sudah ke loket."}
DECLINED = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason=f"Bukan {NAME}.")
FIRST = Pair(0, 1)
MAIN = "01a2b3c4-0000-7000-8000-000000000099"


def erased(stream: str, *, pair: Pair = FIRST, field: str = "words") -> intake.ReporterErased:
    """Give an erasure that names one field of one fact."""
    return intake.ReporterErased(redactions=(Redaction(stream=stream, pair=pair, field=field),))


def kept(room: Room) -> str:
    """Give all that routing has of the complaint."""
    return repr(room.documents.kept[COMPLAINT])


@pytest.mark.parametrize(("path", "body"), [("deferral", DEFERRAL), ("archive", ARCHIVE)])
async def test_what_a_coordinator_wrote_is_forgotten(path: str, body: dict[str, Any]) -> None:
    """Codes and dates stay; facts and state say the same, and asked again it is the same."""
    room = Room()
    room.receive()
    assert (await post(room, path, body)).status_code == 200
    assert NAME in kept(room)
    room.hear(COMPLAINT, "complaints", erased("dispositions"))
    assert NAME not in kept(room)
    document = room.documents.kept[COMPLAINT]
    folded = room.dispositions.begin(COMPLAINT)
    for row in document.facts:
        folded = room.dispositions.fold(folded, read_fact(row, room.dispositions.known))
    assert (folded.deferral, folded.archival) == (document.state.deferral, document.state.archival)
    assert BLANKED in (await get(room, SHOWN)).text
    assert (await post(room, path, body)).status_code == 200


async def test_18_what_a_separation_told_anew_is_forgotten_with_what_it_repeats() -> None:
    """Told twice more before the erasure is heard, the words are named where they stood first."""
    room = Room()
    room.receive(MAIN)
    room.receive()
    await post(room, "deferral", DEFERRAL)
    for nth in range(2):
        await post(room, "merger", {"main": MAIN}, key=f"merged-for-the-{nth}th-time")
        await post(room, "separation", {"words": "Lain."}, key=f"apart-for-the-{nth}th-time")
    deferrals = [row for row in room.documents.kept[COMPLAINT].facts if "missing" in row["data"]]
    assert [row["data"].get("repeats") for row in deferrals] == [None, [0, 1], [0, 1]]
    room.hear(COMPLAINT, "complaints", erased("dispositions"))
    assert NAME not in kept(room)
    assert (await get(room, SHOWN)).json()["deferral"]["missing"][1]["code"] == "evidence"


async def test_why_it_was_restored_is_forgotten_unnamed() -> None:
    """Who stands above wrote it to coordinators; no operator has to find it."""
    room = Room()
    room.receive()
    await post(room, "archive", {"reason": "too_general"})
    reason = {"reason": f"{NAME} datang lagi."}
    answer = await post(room, "restoration", reason, token="leader", key=KEY)
    assert answer.status_code == 200
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    assert NAME not in kept(room)
    assert room.types(COMPLAINT)[-1] == "complaint.restored.v1"


async def test_53_an_operator_finds_the_words_that_an_erasure_has_to_name() -> None:
    """Statement 53: also those of a list, as ``words``; blanked, they are found no more."""
    room = Room()
    room.receive()
    await post(room, "deferral", DEFERRAL)

    async def found() -> list[dict[str, Any]]:
        said = {**headers("operator"), "Kentongan-Purpose": "PDP/2026/0017"}
        async with client(room.app) as http:
            items: list[dict[str, Any]] = (await http.get(f"{SHOWN}/words", headers=said)).json()[
                "items"
            ]
        return items

    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=()))
    (words,) = await found()
    assert (words["text"], words["by"]) == (f"Apakah {NAME}?", "coordinator-1")
    named = Redaction.model_validate(words)
    room.hear(COMPLAINT, "complaints", intake.ReporterErased(redactions=(named,)))
    assert await found() == []
    assert NAME not in kept(room)


async def test_what_is_not_named_stays() -> None:
    """An erasure blanks no words of other facts."""
    room = Room()
    room.receive()
    await post(room, "archive", ARCHIVE)
    room.hear(COMPLAINT, "complaints", erased("dispositions", pair=Pair(0, 2)), erased("cases"))
    state = room.documents.kept[COMPLAINT].state
    assert state.archival is not None
    assert state.archival.words == ARCHIVE["words"]


@pytest.mark.parametrize("late", [False, True])
def test_why_an_agency_gave_it_back_is_forgotten(*, late: bool) -> None:
    """Whichever is heard first: a fact may come as it was before it was blanked."""
    room = Room()
    room.receive(category="jalan")
    erasure = erased("cases", field="reason")
    told = [("cases", DECLINED), ("complaints", erasure)]
    for stream, said in reversed(told) if late else told:
        room.hear(COMPLAINT, stream, said)
    state = room.documents.kept[COMPLAINT].state
    assert (state.stage, state.declined_because) == ("queue", BLANKED)
    assert NAME not in kept(room)


def test_words_that_were_kept_without_their_pair_are_forgotten_too() -> None:
    """Of a state that was stored before pairs were, nobody can say which fact the words are of."""
    dispositions = Room().dispositions
    before = {
        "declined_because": NAME,
        "archival": {"reason": "other", "at": "2026-03-17T03:00:00Z", "words": NAME},
    }
    state = msgspec.convert(before, Disposition)
    redactions = (*erased("cases").redactions, *erased("dispositions").redactions)
    said = intake.ReporterErased(redactions=redactions)
    heard = Fact("e", FIRST, said.type, state.archival.at, "c", None, None, None, said)  # type: ignore[union-attr]
    assert NAME not in repr(dispositions.fold(state, heard))
