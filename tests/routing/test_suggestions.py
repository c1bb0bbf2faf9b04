"""Suggestions of the agency: ranked, with reasons, learned from what was decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from services.routing.domain.disposition import Disposition
from services.routing.domain.suggestion import (
    MODEL,
    MOST_SUGGESTED,
    cautious,
    suggest,
    words_of,
)
from services.routing.handlers.desk import MOST_LESSONS
from shared.contracts import followup, intake
from tests.routing.doubles import AGENCIES, COMPLAINT, SHOWN, Room, get, post

SUGGESTIONS = f"{SHOWN}/suggestions"
DARK = {"title": "Lampu jalan mati", "text": "Lampu jalan mati dua minggu."}
WATER = {"title": "Air tidak mengalir", "text": "Air ledeng kotor dan kecil."}


async def decide(room: Room, complaint: str, agency: str, **said: Any) -> None:
    """Have a coordinator route a complaint."""
    room.receive(complaint, **said)
    answer = await post(
        room, "route", {"agency": agency}, complaint=complaint, key=f"key-of-{complaint:->20}"
    )
    assert answer.status_code == 200


async def experienced() -> Room:
    """Give a room in which coordinators have decided some complaints."""
    room = Room()
    for number in range(4):
        await decide(room, f"dark-{number}", "dinas-pu", **DARK)
    for number in range(2):
        await decide(room, f"water-{number}", "dukcapil", **WATER)
    return room


async def suggested(room: Room) -> list[dict[str, Any]]:
    """Give what is suggested for the complaint."""
    answer = await get(room, SUGGESTIONS)
    assert answer.json()["model"] == MODEL
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_what_was_decided_before_is_suggested_with_its_reasons() -> None:
    """The agency of the most similar complaints comes first, and says why."""
    room = await experienced()
    room.receive(title="Lampu mati", text="Jalan gelap, lampu mati.")
    first, *_ = await suggested(room)
    assert first["agency"] == "dinas-pu"
    assert first["confidence"] > 0.5
    assert any("jalan, lampu, mati" in reason for reason in first["reasons"])
    assert "Of 4 earlier decisions on similar complaints, 4 chose it." in first["reasons"]


async def test_a_single_decision_proves_little() -> None:
    """Whatever it says, one neighbour gives no certainty; more that agree give more of it."""
    room, confidences = Room(), []
    for number in range(3):
        await decide(room, f"dark-{number}", "dinas-pu", **DARK)
        room.receive(f"new-{number}", **DARK)
        shown = await get(room, f"/api/v1/dispositions/new-{number}/suggestions")
        confidences.append(shown.json()["items"][0]["confidence"])
    assert confidences == [0.21, 0.34, 0.44]


def test_a_confidence_is_less_than_the_share_and_nears_it() -> None:
    """The more votes there are, the closer it is; the least is nothing."""
    for share in (0.1, 0.5, 1.0):
        few, some, many = (cautious(share, number) for number in (1, 30, 10_000))
        assert 0 < few < some < many < share
        assert share - many < 0.01
    assert cautious(0.0, 30) < 1e-12


async def test_nothing_is_suggested_out_of_nothing() -> None:
    """Without a decision that resembles it a complaint has no suggestion."""
    room = Room()
    room.receive()
    assert await suggested(room) == []
    room = await experienced()
    room.receive(title="Kucing hilang", text="Kucing tetangga hilang.")
    assert await suggested(room) == []


async def test_a_rule_teaches_nothing() -> None:
    """What a rule decided it decides again: only what people decided is an example."""
    room = Room()
    room.receive("by-rule", category="jalan", **DARK)
    assert room.documents.kept["by-rule"].state.stage == "routed"
    room.receive(**DARK)
    assert await suggested(room) == []


async def test_what_an_agency_declined_is_no_example() -> None:
    """Bukan wewenang takes a decision back, and with it what was learned from it."""
    room = Room()
    await decide(room, "dark", "dinas-pu", **DARK)
    room.receive(**DARK)
    assert [each["agency"] for each in await suggested(room)] == ["dinas-pu"]
    declined = followup.DispositionDeclined(agency="dinas-pu", turn=1, reason="bukan kami")
    room.hear("dark", "cases", declined)
    assert await suggested(room) == []


async def test_erased_words_are_not_remembered() -> None:
    """Nothing is kept of what an erased reporter wrote, not even as a count."""
    room = Room()
    await decide(room, "dark", "dinas-pu", **DARK)
    room.hear("dark", "complaints", intake.ReporterErased(redactions=()))
    room.receive(**DARK)
    assert await suggested(room) == []


async def test_what_the_reporter_asked_for_counts() -> None:
    """The agency that the reporter named is among the suggestions, if there is one like it."""
    room = Room()
    room.receive(agency="dinsos")
    (only,) = await suggested(room)
    assert (only["agency"], only["reasons"]) == ("dinsos", ["The reporter asked for it."])
    room.receive("c2", agency="nobody")
    assert (await get(room, "/api/v1/dispositions/c2/suggestions")).json()["items"] == []


async def test_the_choice_is_kept_beside_the_suggestion() -> None:
    """Statement 19: model version, confidence and the officer's final choice are one fact."""
    room = await experienced()
    room.receive(**DARK)
    first, *_ = await suggested(room)
    await post(room, "route", {"agency": "dinsos"})
    told = room.documents.kept[COMPLAINT].facts[-1]["data"]
    expected = {"model": MODEL, "agency": "dinas-pu", "confidence": first["confidence"]}
    assert (told["agency"], told["suggested"]) == ("dinsos", expected)


async def test_a_suggestion_looks_at_a_bounded_number_of_decisions() -> None:
    """However much was decided, the newest decisions of its category and of any are read."""
    room = Room()
    asked: list[int] = []
    window = room.documents.window

    async def counted(field: str, low: Any, high: Any, limit: int) -> Any:
        asked.append(limit)
        return await window(field, low, high, limit)

    room.documents.window = counted  # type: ignore[method-assign]
    room.receive(category="lampu", **DARK)
    await suggested(room)
    assert asked == [MOST_LESSONS, MOST_LESSONS]


async def test_the_newest_decisions_come_first() -> None:
    """What was decided lately stands before what was decided long ago."""
    room = Room()
    await decide(room, "old", "dinas-pu", category="lampu", **DARK)
    room.clock.pass_by(timedelta(days=1))
    await decide(room, "new", "dinsos", category="lampu", **DARK)
    for field, low, high in (("chosen", "0", ":"), ("chosen_of", "lampu/", "lampu0")):
        (first,) = await room.documents.window(field, low, high, 1)
        assert first.id == "new"


def test_only_agencies_of_the_register_are_suggested() -> None:
    """An agency that is gone is not named, and at most three are."""
    past = [
        _received(Disposition(complaint=f"{n}", agency=agency, turn=1, category="jalan"))
        for n, agency in enumerate((*AGENCIES, "abolished"))
    ]
    asked = _received(Disposition(complaint="asked", category="jalan"))
    found = suggest(asked, past, frozenset(AGENCIES))
    assert len(found) == MOST_SUGGESTED
    assert {each.agency for each in found} <= set(AGENCIES)
    assert sum(each.confidence for each in found) <= 1


def _received(state: Disposition) -> Disposition:
    return replace(state, received_at=Room().clock.now)


def test_words_are_compared_without_everyday_ones() -> None:
    """Short and everyday words say nothing, and of a long text the first eighty are taken."""
    state = Disposition(title="Tolong Lampu", text="yang di mati mati " + " ".join(_many(200)))
    words = words_of(state)
    assert {"lampu", "mati"} <= words
    assert not {"tolong", "yang", "di"} & words
    assert len(words) == 80


def _many(count: int) -> list[str]:
    letters = "abcdefghijklmnop"
    return [f"kata{letters[n // 16]}{letters[n % 16]}" for n in range(count)]
