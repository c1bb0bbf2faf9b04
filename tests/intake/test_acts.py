"""What a reporter may do with a report that was filed, and when no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from services.intake.api.messages import TrackedOut
from services.intake.domain.acts import (
    MOST_AMENDMENTS,
    MOST_RATINGS,
    Rating,
    amend,
    appeal,
    rate,
    reply,
    withdraw,
)
from services.intake.domain.complaint import Complaint
from services.intake.domain.filing import Filing, file
from services.intake.domain.standing import forget
from shared.contracts import followup, routing
from shared.contracts.fact import BLANKED, Pair, Payload, Redaction
from shared.contracts.intake import ComplaintAmended, ReporterReplied
from shared.contracts.vocabulary import Channel
from shared.runtime.document import Cause, Circumstances, Document, Refused, blank
from tests.intake.doubles import COMPLAINTS, NODE, NOW, UNDER, a_draft, a_fact

AREA = "81.71.03"
TODAY = NOW.date()
OPENED = followup.CaseOpened(agency="dinas-pu", turn=1, respond_by=date(2026, 3, 9))
ANSWERED = followup.ResponseGiven(agency="dinas-pu", text="Segera.")
RESOLVED = followup.CaseResolved(agency="dinas-pu")


def a_report(*heard: Payload, **said: str) -> Document[Complaint]:
    """File a report and hear what others told of it, an hour apart."""
    filing = Filing(a_draft(**said), Channel.WEB, "ref")
    cause = Cause("citizen/k", request="citizen/k", by="reporter")
    return hearing(file(COMPLAINTS, blank(COMPLAINTS, "c-1"), filing, cause, NODE, UNDER, 0), heard)


def hearing(document: Document[Complaint], heard: Sequence[Payload]) -> Document[Complaint]:
    """Hear what others told of it."""
    state = document.state
    for n, payload in enumerate(heard, 1):
        state = COMPLAINTS.fold(state, a_fact(payload, n, NOW + timedelta(hours=n)))
    return replace(document, state=state)


def asked(nth: int = 0) -> Cause:
    """Name one request of the reporter."""
    return Cause(f"citizen/{nth}", request=f"citizen/{nth}", by="reporter")


def amended(
    document: Document[Complaint], nth: int = 0, under: Circumstances = UNDER, **said: str
) -> Document[Complaint]:
    """Amend a report."""
    amendment = ComplaintAmended.model_validate({"text": "Juga di sisi timur.", **said})
    return amend(COMPLAINTS, document, amendment, asked(nth), under)


def rated(document: Document[Complaint], nth: int = 0, score: int = 4) -> Document[Complaint]:
    """Rate the newest answer."""
    return rate(COMPLAINTS, document, Rating(score), asked(nth), UNDER)


def withdrawn(document: Document[Complaint]) -> Document[Complaint]:
    """Take a report back."""
    return withdraw(COMPLAINTS, document, "Sudah beres.", asked(99), UNDER)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> tuple[int, str, str | None]:
    """Give what machines read of a refusal."""
    return refused.value.status, refused.value.code, refused.value.field


def test_32_an_amendment_stands_beside_the_report() -> None:
    """Statement 32: the original text is never changed; what was added is a fact of its own."""
    before = a_report()
    after = amended(before, area=AREA)
    assert after.facts[0] == before.facts[0]
    assert after.facts[1]["data"] == {"text": "Juga di sisi timur.", "area": AREA}
    assert after.facts[1]["by"] == "reporter"


def test_a_verified_report_takes_words_and_no_corrections() -> None:
    """Somebody has decided by its fields; the refusal names the one that came too late."""
    document = a_report(routing.ComplaintVerified())
    assert amended(document).state.amendments == 1
    with pytest.raises(Refused) as refused:
        amended(document, place="Pasar lama")
    assert code_of(refused) == (409, "verified", "place")


def test_a_resolved_report_is_not_amended() -> None:
    """It was answered as it stood; a reply is the way on."""
    with pytest.raises(Refused, match="reply") as refused:
        amended(a_report(OPENED, ANSWERED, RESOLVED))
    assert code_of(refused) == (409, "resolved", None)


def test_what_happens_tomorrow_is_no_correction() -> None:
    """As when it is filed, the local day of the node decides."""
    with pytest.raises(Refused) as refused:
        amended(a_report(), occurred_on="2026-03-03")
    assert code_of(refused) == (422, "in_future", "occurred_on")


def test_amendments_are_bounded() -> None:
    """Who has more to say is told how to go on."""
    document = a_report()
    for nth in range(MOST_AMENDMENTS):
        document = amended(document, nth)
    with pytest.raises(Refused, match="file a new report") as refused:
        amended(document, MOST_AMENDMENTS)
    assert code_of(refused) == (409, "too_many_amendments", None)


def test_an_answer_is_rated_once_and_its_resolution_once_more() -> None:
    """A rating names the fact it is about and whose it was."""
    document = rated(a_report(OPENED, ANSWERED))
    said = document.facts[-1]["data"]
    assert said == {"about": "response.given.v1/2", "agency": "dinas-pu", "score": 4}
    with pytest.raises(Refused) as refused:
        rated(document, 1)
    assert code_of(refused) == (409, "rated", None)
    document = rated(hearing(document, [RESOLVED]), 1, score=1)
    assert document.facts[-1]["data"]["about"] == "case.resolved.v1/1"


def test_a_rating_can_say_whether_it_is_done() -> None:
    """Statement 29: what the reporter finds, beside the stars, is told in so many words."""
    said = Rating(1, "Masih gelap.", solved=False)
    document = rate(COMPLAINTS, a_report(OPENED, ANSWERED), said, asked(), UNDER)
    told = document.facts[-1]["data"]
    assert (told["score"], told["comment"], told["solved"]) == (1, "Masih gelap.", False)


def test_without_an_answer_there_is_nothing_to_rate() -> None:
    """A disposition is no answer."""
    with pytest.raises(Refused) as refused:
        rated(a_report(OPENED))
    assert code_of(refused) == (409, "nothing_to_rate", None)


def test_an_end_is_objected_to_once() -> None:
    """An objection names the end it is about; each end takes one, and an open case none."""
    document = appeal(COMPLAINTS, a_report(OPENED, ANSWERED, RESOLVED), "Gelap.", asked(), UNDER)
    assert document.facts[-1]["data"] == {"about": "case.resolved.v1/3", "text": "Gelap."}
    for report, reason in ((document, "appealed"), (a_report(OPENED, ANSWERED), "not_resolved")):
        with pytest.raises(Refused) as refused:
            appeal(COMPLAINTS, report, "Masih.", asked(1), UNDER)
        assert code_of(refused) == (409, reason, None)


def test_a_decision_on_an_objection_is_no_answer() -> None:
    """It is shown as what it is, and blanked only where an erasure names it and no other fact."""
    said = followup.AppealDecided(agency="dinas-pu", outcome="dismissed", reason="Sudah menyala.")
    document = a_report(OPENED, ANSWERED, RESOLVED, said)
    shown = TrackedOut.of(document, {}, TODAY).history[-1]
    assert (shown.what, shown.outcome, shown.text) == (said.type, "dismissed", said.reason)
    assert [each.text for each in document.state.answers] == ["Segera."]
    for sequence, text in ((2, said.reason), (4, BLANKED)):
        named = Redaction(stream="cases", pair=Pair(0, sequence), field="text")
        assert forget(document.state, [named]).rulings[0].text == text


def test_a_reporter_reads_why_nobody_decides_on_an_objection() -> None:
    """That it came too late, and until when there was time, stands where its reporter looks."""
    late = {"about": "case.resolved.v1/3", "because": "late", "until": date(2026, 4, 8)}
    said = followup.AppealRefused.model_validate(late)
    shown = TrackedOut.of(a_report(OPENED, ANSWERED, RESOLVED, said), {}, TODAY).history[-1]
    assert (shown.what, shown.outcome, shown.until) == (said.type, "late", date(2026, 4, 8))


def test_ratings_are_bounded() -> None:
    """However many answers there are."""
    document = a_report()
    for nth in range(MOST_RATINGS):
        document = rated(hearing(document, [OPENED] * nth + [ANSWERED]), nth)
    with pytest.raises(Refused) as refused:
        rated(hearing(document, [OPENED] * 50 + [ANSWERED]), MOST_RATINGS)
    assert code_of(refused) == (409, "too_many_ratings", None)


@pytest.mark.parametrize(
    "heard", [(), (routing.ComplaintVerified(),), (OPENED,), (OPENED, ANSWERED)]
)
def test_nobody_waits_for_an_answer_to_a_withdrawn_report(heard: tuple[Payload, ...]) -> None:
    """It is nobody's move, nothing is due, and nothing is late."""
    state = withdrawn(a_report(*heard)).state
    assert (state.status, state.waits_for, state.due_on, state.overdue) == (
        "withdrawn",
        None,
        None,
        False,
    )


def test_what_was_resolved_meanwhile_stays_resolved() -> None:
    """Whichever was heard first, every service says the same in the end."""
    before = hearing(withdrawn(a_report(OPENED, ANSWERED)), [RESOLVED])
    assert before.state.status == "resolved"
    with pytest.raises(Refused) as refused:
        withdrawn(a_report(OPENED, ANSWERED, RESOLVED))
    assert code_of(refused) == (409, "resolved", None)


def test_a_withdrawn_report_takes_nothing_more() -> None:
    """No reply, no amendment, no second withdrawal: a new report is the way on."""
    document = withdrawn(a_report())
    tries: tuple[Callable[[], object], ...] = (
        lambda: reply(COMPLAINTS, document, ReporterReplied(text="Halo?"), asked(), UNDER),
        lambda: amended(document),
        lambda: withdrawn(document),
    )
    for each in tries:
        with pytest.raises(Refused, match="File a new one") as refused:
            each()
        assert code_of(refused) == (409, "withdrawn", None)


def test_an_answer_that_was_there_can_still_be_rated() -> None:
    """Taking the report back does not unsay the answer."""
    assert rated(withdrawn(a_report(OPENED, ANSWERED))).state.rated == ("response.given.v1/2",)
