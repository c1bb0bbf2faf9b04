"""Erasing a person: what names them is blanked wherever it was told, and told again blank."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from services.followup.domain.case import Case
from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT
from services.intake.domain.complaint import Complaints
from shared.contracts.calendar import Calendar
from shared.contracts.fact import BLANKED, Pair, Redaction
from shared.contracts.followup import ResponseGiven
from shared.contracts.intake import ReporterErased, ReporterReplied
from shared.contracts.vocabulary import zone_of
from shared.runtime.document import Cause, Circumstances, Document, blank, record
from shared.runtime.folding import Told, adopt, hear
from shared.runtime.telling import Voice, nothing_else

UNDER = Circumstances(datetime(2026, 11, 23, 1, tzinfo=UTC))
CASES = Cases(calendar=Calendar(zone_of("8171")), policies=DEFAULT)
VOICE: Voice[Any] = Voice("/node/8171/followup", "cases", "case.history.v1", nothing_else)


def erased(*named: tuple[str, Pair, str]) -> ReporterErased:
    return ReporterErased(
        redactions=tuple(
            Redaction(stream=stream, pair=pair, field=name) for stream, pair, name in named
        )
    )


def replied() -> Document[Any]:
    reply = ReporterReplied(text="Saya Budi")
    return record(Complaints(), blank(Complaints(), "c"), [reply], Cause("r"), UNDER)


def told(document: Document[Any]) -> Told:
    body = orjson.dumps({"complaint": "c", "facts": document.facts})
    return Told("complaints", "c", document.last, body)


def answered() -> Document[Case]:
    answer = ResponseGiven(agency="dinas-pu", text="Yth. Budi")
    return record(CASES, blank(CASES, "c"), [answer], Cause("a"), UNDER)


def test_an_erasure_blanks_the_producers_own_facts() -> None:
    """The named field is blank; pair, type and time of its fact stay."""
    before = replied()
    said = erased(("complaints", before.last, "text"))
    after = record(Complaints(), before, [said], Cause("e"), UNDER)
    assert after.facts[0]["data"]["text"] == BLANKED
    assert [after.facts[0][key] for key in ("pair", "type", "at")] == [
        before.facts[0][key] for key in ("pair", "type", "at")
    ]
    assert b"Budi" not in orjson.dumps(after.facts)


def test_a_reader_blanks_its_own_facts_and_tells_them_again() -> None:
    """A history redacted by what was heard keeps its last pair and has another mark."""
    before = answered()
    said = erased(("cases", before.last, "text"))
    history = record(Complaints(), replied(), [said], Cause("e"), UNDER)
    after = hear(CASES, before, told(history), UNDER).document
    assert after.facts[0]["data"]["text"] == BLANKED
    assert after.last == before.last
    assert [new.mark for new in VOICE.news(before, after)] == [f"{after.last}/1"]


def test_hearing_an_erasure_again_changes_nothing() -> None:
    """An erasure that was folded is a repeat like any other."""
    said = erased(("cases", Pair(0, 1), "text"))
    history = record(Complaints(), replied(), [said], Cause("e"), UNDER)
    once = hear(CASES, answered(), told(history), UNDER).document
    assert hear(CASES, once, told(history), UNDER).document is once


def test_other_streams_and_other_fields_stay() -> None:
    """Only what is named by stream, pair and field is blanked."""
    said = erased(("dispositions", Pair(0, 1), "text"), ("cases", Pair(0, 9), "text"))
    history = record(Complaints(), replied(), [said], Cause("e"), UNDER)
    after = hear(CASES, answered(), told(history), UNDER).document
    assert after.facts == answered().facts


def test_a_redacted_history_can_still_be_read() -> None:
    """A reader that starts later folds the blank history and is not held."""
    before = replied()
    said = erased(("complaints", before.last, "text"))
    history = record(Complaints(), before, [said], Cause("e"), UNDER)
    heard = hear(CASES, blank(CASES, "c"), told(history), UNDER)
    assert heard.blocked is None
    assert heard.document.state.replies == 1


def test_an_adopted_erasure_redacts_what_the_backup_still_had() -> None:
    """A store put back to before the erasure is blank again once it has adopted it."""
    before = replied()
    said = erased(("complaints", before.last, "text"))
    history = record(Complaints(), before, [said], Cause("e"), UNDER)
    assert adopt(Complaints(), before, told(history)).facts == history.facts
