"""Erasing a reporter: what is known of the person is gone, and the complaint goes on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from functools import partial

import httpx
import orjson
import pytest
from fastapi import FastAPI
from msgspec.structs import replace

from services.intake.domain import acts
from services.intake.domain.complaint import BURIED_AFTER, Complaint
from services.intake.domain.erasing import bury, erase, forgotten
from services.intake.handlers import Erasing, derive_for
from shared.contracts import followup, intake, routing
from shared.contracts.attachment import AttachmentAdded
from shared.contracts.fact import ERASABLE, LONGEST_FACT, Pair, Redaction, read_fact
from shared.contracts.intake import Contact, ReporterErased
from shared.contracts.topics import STREAMS
from shared.contracts.vocabulary import ErasureReason, Point
from shared.runtime.access import Role
from shared.runtime.asking import Judge
from shared.runtime.document import (
    Cause,
    Circumstances,
    Document,
    Heard,
    Held,
    Refused,
    record,
)
from shared.runtime.measuring import length
from tests.desk import Gatehouse
from tests.intake.doubles import (
    COMPLAINTS,
    NODE,
    NOW,
    UNDER,
    InMemoryComplaints,
    a_draft,
    a_fact,
    an_intake,
    judged,
)
from tests.intake.folders import Folder
from tests.intake.reports import COMPLAINTS as PLACE
from tests.intake.reports import filed

ASKED = ReporterErased(redactions=(), reason=ErasureReason.REQUEST, letter="PDP-2026-7")
MARKER, DAY = "Sarinah", date(2001, 2, 3)
REPLIED = intake.ReporterReplied(text=MARKER)
TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


async def spoken() -> Document[Complaint]:
    """Build a complaint whose reporter named herself wherever people write."""
    kept = InMemoryComplaints()
    draft = a_draft(
        title=f"Jalan {MARKER}",
        text=MARKER,
        place=MARKER,
        point=Point(latitude=-3.69, longitude=128.18),
        occurred_on=DAY,
    )
    contact = Contact(name=MARKER, email="sarinah@contoh.id")
    said = await an_intake(kept).submit(draft, contact, None, TRACE)
    document = kept.documents[said.complaint]
    amended = intake.ComplaintAmended(text=MARKER, place=MARKER, occurred_on=DAY)
    document = acts.amend(COMPLAINTS, document, amended, Cause("a"), UNDER)
    answer = followup.ResponseGiven(agency="dinas-pu", text=f"Yth. {MARKER}")
    state = COMPLAINTS.fold(document.state, a_fact(answer, sequence=2))
    heard = {stream: Heard(Pair(0, 9)) for stream in ERASABLE}
    document = replace(document, state=state, heard=heard)
    document = acts.reply(COMPLAINTS, document, REPLIED, Cause("b"), UNDER)
    document = acts.rate(COMPLAINTS, document, acts.Rating(2, MARKER), Cause("c"), UNDER)
    document = acts.send_pin(COMPLAINTS, document, f"JWE-{MARKER}", Cause("d"), UNDER)
    return acts.withdraw(COMPLAINTS, document, MARKER, Cause("e"), UNDER)


def erased(
    document: Document[Complaint], said: ReporterErased = ASKED, key: str = "erase"
) -> Document[Complaint]:
    """Erase the reporter."""
    return erase(COMPLAINTS, document, said, Cause(key, request=key, by="operator-1"), UNDER)


async def test_53_every_word_of_the_reporter_is_gone() -> None:
    """Statement 53: contact, key, sealed PIN and all the reporter wrote, and what officers wrote.

    The day on which it happened is the reporter's word, too. Number, times and kinds stay, with
    who erased it and why.
    """
    also = Redaction(stream="cases", pair=Pair(0, 2), field="text")
    after = erased(await spoken(), ASKED.model_copy(update={"redactions": (also,)}))
    assert MARKER not in repr(after)
    assert str(DAY) not in repr(after)
    assert all(read_fact(row, COMPLAINTS.known).data for row in after.facts)
    assert forgotten(after.facts)
    assert (after.state.sealed, after.state.fingerprint) == (None, None)
    assert "point" not in after.facts[0]["data"]
    assert after.state.tracking_number == after.facts[0]["data"]["tracking_number"]
    last = after.facts[-1]
    assert (last["by"], last["data"]["reason"], last["data"]["letter"]) == (
        "operator-1",
        "request",
        "PDP-2026-7",
    )


async def test_the_tombstone_is_told_and_a_day_later_again() -> None:
    """An older contact may still land behind the first one."""
    before = await spoken()
    after = erased(before)
    assert [each.body() for each in derive_for(NODE, [])(before)] != [None]
    (tombstone,) = derive_for(NODE, [])(after)
    assert (tombstone.topic, tombstone.body()) == (f"kentongan.{NODE}.contacts.v1", None)
    soon, later = NOW + timedelta(hours=23), NOW + BURIED_AFTER
    assert bury(after, soon) is after
    buried = bury(after, later)
    assert buried != after
    assert bury(buried, later) is buried


async def test_tombstones_are_told_again_in_time() -> None:
    """The duty finds what is due by its time, and finds it once."""
    kept = InMemoryComplaints()
    document = erased(await spoken())
    kept.documents[document.id] = document
    clock = Circumstances(NOW + timedelta(hours=23))
    erasing = Erasing(an_intake(kept), kept, Folder().attachments.give_up, lambda: clock.now)
    await erasing.bury()
    assert kept.documents[document.id] is document
    kept.now = clock = Circumstances(NOW + BURIED_AFTER)
    await erasing.bury()
    assert kept.documents[document.id].state.bury_at is None
    assert kept.documents[document.id].untold is not None


async def test_who_was_erased_can_do_no_more() -> None:
    """Whatever they wrote now would name them again."""
    after = erased(await spoken())
    with pytest.raises(Refused, match="was erased"):
        acts.reply(COMPLAINTS, after, REPLIED, Cause("r"), UNDER)
    with pytest.raises(Refused, match="was erased"):
        acts.rate(COMPLAINTS, after, acts.Rating(1), Cause("r"), UNDER)
    with pytest.raises(Refused, match="no contact"):
        acts.send_pin(COMPLAINTS, after, "JWE", Cause("r"), Circumstances(NOW))


async def test_erased_again_only_what_is_new_is_blanked() -> None:
    """An answer that was overlooked is blanked later; otherwise the second request is refused."""
    after = erased(await spoken())
    with pytest.raises(Refused, match="was erased"):
        erased(after, key="again")
    also = Redaction(stream="cases", pair=Pair(0, 2), field="text")
    again = erased(after, ASKED.model_copy(update={"redactions": (also,)}), "again")
    assert again.facts[-1]["data"]["redactions"] == [also.model_dump(mode="json")]
    assert again.state.erased_at == after.state.erased_at


@pytest.mark.parametrize(
    "pair", [Pair(0, 10), Pair(0, 0), Pair(1, 3), Pair(2**52, 2)], ids=lambda pair: str(tuple(pair))
)
async def test_what_names_nothing_is_refused(pair: Pair) -> None:
    """Of a pair that nothing was heard of it is said which one, and what to do."""
    named = (Redaction(stream="cases", pair=Pair(0, 9), field="text"),)
    wrong = (*named, Redaction(stream="cases", pair=pair, field="text"))
    assert erased(await spoken(), ASKED.model_copy(update={"redactions": named})).facts
    with pytest.raises(Refused, match="names none of") as refused:
        erased(await spoken(), ASKED.model_copy(update={"redactions": wrong}))
    said = refused.value
    assert (said.status, said.code, said.field) == (409, "names_nothing", "also.1.pair")


@pytest.mark.parametrize(
    ("stream", "field", "wrong"),
    [("case", "text", "also.0.stream"), ("cases", "texte", "also.0.field")],
)
async def test_who_mistypes_what_is_to_be_blanked_is_told(
    stream: str, field: str, wrong: str
) -> None:
    """A mistyped name is refused; it is said which one, and what could stand there."""
    also = Redaction(stream=stream, pair=Pair(0, 2), field=field)
    with pytest.raises(Refused, match="of cases note, reason, text") as refused:
        erased(await spoken(), ASKED.model_copy(update={"redactions": (also,)}))
    said = refused.value
    assert (said.status, said.code, said.field) == (422, "not_erasable", wrong)


async def test_what_waits_in_quarantine_can_be_named() -> None:
    """It was heard, and could not be folded yet; of a line put back only the line counts."""
    document = await spoken()
    waits = replace(document, held={"cases": Held(Pair(0, 11), "broken")})
    newer = replace(document, heard={"cases": Heard(Pair(1, 5))})
    for there, pair in ((waits, Pair(0, 11)), (newer, Pair(1, 5)), (newer, Pair(0, 4))):
        named = Redaction(stream="cases", pair=pair, field="text")
        assert erased(there, ASKED.model_copy(update={"redactions": (named,)})).facts
    lost = Redaction(stream="cases", pair=Pair(0, 9), field="text")
    with pytest.raises(Refused, match="names none of"):
        erased(newer, ASKED.model_copy(update={"redactions": (lost,)}))


async def test_18_words_that_are_told_anew_are_what_was_named() -> None:
    """Separated before routing hears of the erasure, a deferral says them again in another fact."""
    named = Redaction(stream="dispositions", pair=Pair(0, 3), field="words")
    after = erased(await spoken(), ASKED.model_copy(update={"redactions": (named,)}))
    gaps = (routing.Gap(code=routing.Missing.WHO, words="Apakah Bu Wati?"),)
    for first in (None, Pair(0, 3)):
        said = routing.ComplaintDeferred(missing=gaps, complete_by=NOW.date(), repeats=first)
        shown = COMPLAINTS.fold(after.state, a_fact(said, sequence=6)).aside
        assert shown is not None
        assert ("Wati" in repr(shown)) == (first is None)


async def test_what_is_named_is_asked_once_under_a_key() -> None:
    """Asked again under it, the same answer is given, and nothing is erased a second time."""
    kept, document = InMemoryComplaints(), await spoken()
    kept.documents[document.id] = document
    erasing = Erasing(an_intake(kept), kept, Folder().attachments.give_up, lambda: NOW)
    number = str(document.state.tracking_number)
    await erasing.erase(number, ASKED, Cause("a", request="a", by="operator"))
    named = Redaction(stream="cases", pair=Pair(0, 2), field="text")
    more, under = ASKED.model_copy(update={"redactions": (named,)}), Cause("b", request="b")
    first = await erasing.erase(number, more, under)
    assert first.facts[-1]["data"]["redactions"] == [named.model_dump(mode="json")]
    assert await erasing.erase(number, more, under) == first


class Between(InMemoryComplaints):
    """A store whose first answer comes to nothing: something happens, and all is judged again."""

    def __init__(self, *, written: bool) -> None:
        super().__init__()
        self.written = written
        self.meanwhile: list[Callable[[], Awaitable[object]]] = []

    async def ask(self, complaint: str, judge: Judge[Complaint]) -> Document[Complaint]:
        """Have a request judged, and judged again."""
        after = judged(judge, self.documents[complaint], complaint=complaint)
        if self.written:
            self.documents[complaint] = after
        while self.meanwhile:
            await self.meanwhile.pop()()
        return await super().ask(complaint, judge)


@pytest.mark.parametrize("written", [True, False])
async def test_an_erasure_is_logged_once(
    caplog: pytest.LogCaptureFixture,
    written: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Also where the answer of its write was lost, or the same was asked at two processes."""
    kept, document = Between(written=written), await spoken()
    kept.documents[document.id] = document
    erasing = Erasing(an_intake(kept), kept, Folder().attachments.give_up, lambda: NOW)
    number = str(document.state.tracking_number)
    one, other = (Cause("x", "x", "operator", trace) for trace in (TRACE, TRACE[::-1]))
    kept.meanwhile.append(partial(erasing.erase, number, ASKED, other))
    await erasing.erase(number, ASKED, one)
    assert [record.message for record in caplog.records].count("reporter_erased") == 1


@pytest.mark.parametrize("late", [False, True])
async def test_what_is_named_is_gone_whichever_is_heard_first(*, late: bool) -> None:
    """What officers wrote that an erasure names may come only after it, whole."""
    document = await spoken()
    said = [
        followup.ResponseGiven(agency="dinas-pu", text="Yth. Bu Wati"),
        followup.AppealDecided(agency="dinas-pu", outcome="dismissed", reason="Bu Wati."),
        followup.CaseResolved(agency="dinas-pu", note="Bu Wati sudah dikabari."),
        routing.ComplaintDeferred(
            missing=(routing.Gap(code=routing.Missing.WHO, words="Apakah Bu Wati?"),),
            complete_by=NOW.date(),
        ),
    ]
    facts = [a_fact(each, sequence=nth) for nth, each in enumerate(said, 5)]
    of_case = (("cases", name) for name in ("text", "reason", "note"))
    fields = (*of_case, ("dispositions", "words"))
    named = tuple(
        Redaction(stream=stream, pair=fact.pair, field=name)
        for fact, (stream, name) in zip(facts, fields, strict=True)
    )
    asked = ASKED.model_copy(update={"redactions": named})
    state = (erased(document, asked) if late else document).state
    for fact in facts:
        state = COMPLAINTS.fold(state, fact)
    document = replace(document, state=state)
    assert "Wati" not in repr((document if late else erased(document, asked)).state)


async def test_nobody_can_tell_any_more_which_files_were_sent() -> None:
    """A digest would let anybody try a file they know; 64 zeros can be read as one."""
    digest = "a" * 64
    said = AttachmentAdded(attachment="f", media_type="image/png", size=9, sha256=digest)
    before = record(COMPLAINTS, await spoken(), [said], Cause("f"), UNDER)
    after = erased(before)
    assert digest not in repr(after)
    (row,) = (row for row in after.facts if row["type"] == said.type)
    assert row["data"] == {**said.model_dump(exclude_none=True), "sha256": "0" * 64}
    assert read_fact(row, COMPLAINTS.known).data is not None


async def test_a_long_history_is_erased_in_several_facts() -> None:
    """However much was written, no fact is longer than a fact may be."""
    document = await spoken()
    document = replace(document, state=replace(document.state, withdrawn_at=None))
    for nth in range(130):
        document = acts.reply(COMPLAINTS, document, REPLIED, Cause(f"r{nth}"), UNDER)
    after = erased(document)
    assert MARKER not in repr(after.facts)
    assert max(length(row) for row in after.facts) < LONGEST_FACT
    assert [row["type"] for row in after.facts].count(ReporterErased.type) == 2


def test_only_what_people_write_can_be_blanked() -> None:
    """Each field that may be named holds free words wherever it occurs in its stream."""
    for stream, fields in ERASABLE.items():
        found = [
            kind.__annotations__[name]
            for kind in STREAMS[stream].facts.values()
            for name in fields & kind.model_fields.keys()
        ]
        assert {each.split(" | ")[0] for each in found} <= {"Text", "ShortText"}
        assert found


@pytest.mark.parametrize(("stream", "field"), [("cases", "agency"), ("complaints", "kind")])
async def test_nothing_else_can_be_blanked(stream: str, field: str) -> None:
    """Readers go by it."""
    named = Redaction(stream=stream, pair=Pair(0, 1), field=field)
    with pytest.raises(Refused, match="Only what people write"):
        erased(await spoken(), ASKED.model_copy(update={"redactions": (named,)}))


@pytest.mark.parametrize(
    ("reason", "status"), [("request", 422), ("consent", 422), ("order", 422), ("retention", 201)]
)
async def test_what_others_ask_for_is_filed_under_a_number(
    app: FastAPI, door: httpx.AsyncClient, reason: str, status: int
) -> None:
    """Without the letter nothing is erased, as it could not be named later; only time has none."""
    app.state.access = Gatehouse()
    number = (await filed(door)).json()["tracking_number"]
    headers = {"authorization": f"Bearer {Role.OPERATOR}", "Idempotency-Key": "0" * 16}
    answer = await door.post(f"{PLACE}/{number}/erasure", json={"reason": reason}, headers=headers)
    assert answer.status_code == status, answer.text
    if status == 422:
        said = answer.json()
        assert (said["code"], said["errors"][0]["field"]) == ("letter_missing", "letter")
        named = {"reason": reason, "letter": "PDP-2026-8"}
        again = await door.post(f"{PLACE}/{number}/erasure", json=named, headers=headers)
        assert again.status_code == 201


async def test_53_an_operator_erases_with_a_reason(
    app: FastAPI, door: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody else may; asked again under the same key, the same answer; it is logged once."""
    app.state.access = Gatehouse()
    reporter = {"name": MARKER, "email": "sarinah@contoh.id", "language": "en"}
    said = (await filed(door, title=MARKER, reporter=reporter)).json()
    place = f"{PLACE}/{said['tracking_number']}/erasure"
    body = {"reason": "request", "letter": "PDP-2026-7"}

    async def ask(
        role: str, content: Mapping[str, object] = body, key: str = "0" * 16
    ) -> httpx.Response:
        headers = {"authorization": f"Bearer {role}", "Idempotency-Key": key}
        return await door.post(place, json=content, headers=headers)

    assert (await door.post(place, json=body)).status_code == 401
    assert {(await ask(r)).status_code for r in Role if r is not Role.OPERATOR} == {403}
    assert (await ask(Role.OPERATOR, {})).status_code == 422
    first = await ask(Role.OPERATOR)
    assert (first.status_code, first.json()["blanked"]) == (201, 2)
    assert (await ask(Role.OPERATOR)).content == first.content
    more = {**body, "also": [{"stream": "cases", "pair": [0, 2], "field": "text"}]}
    refused = await ask(Role.OPERATOR, more)
    assert (refused.status_code, refused.json()["code"]) == (422, "key_used")
    unheard = await ask(Role.OPERATOR, more, "1" * 16)
    assert (unheard.status_code, unheard.json()["errors"][0]["field"]) == (409, "also.0.pair")
    assert [record.message for record in caplog.records].count("reporter_erased") == 1
    pin = {"Kentongan-PIN": said["pin"]}
    shown = await door.get(f"{PLACE}/{said['tracking_number']}", headers=pin)
    assert MARKER not in shown.text
    assert orjson.loads(shown.content)["reachable"] is False
