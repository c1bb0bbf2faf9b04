"""What an agency's officers may do with a case: answer, have it approved, send back, close."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from services.followup.domain.case import Case
from services.followup.domain.cases import NOBODY, Cases
from services.followup.domain.drafts import wants_approval
from services.followup.domain.passing import reopen_by
from services.followup.domain.policy import Term
from services.followup.domain.stages import AT_REST, Stage
from services.followup.domain.words import Draft
from shared.contracts import followup
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

_THERE = "The case lies there already. Name another unit, or leave a note with it."
OFFICER = "officer"
"""How a case ends that its agency closed."""


def respond(
    cases: Cases,
    document: Document[Case],
    said: followup.ResponseGiven,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Answer the reporter (tanggapan); what comes too late is recorded as missed first.

    Where the agency wants that, the answer waits for its leader; no clock stops until then.
    """
    answerable(document, said.agency, "open", "answered")
    document = cases.tick(document, under, NOBODY)
    if wants_approval(said.agency, cases.policies, cases.calendar, under.now):
        drafted = followup.ResponseDrafted(**said.model_dump(exclude={"reply_by"}))
        return record(cases, document, [drafted], request, under)
    return _answered(cases, document, said, request, under)


def approve(
    cases: Cases, document: Document[Case], agency: str, request: Cause, under: Circumstances
) -> Document[Case]:
    """Give the reporter the answer that waits, as its agency's leader; raises Refused."""
    draft = _draft(document, agency)
    document = cases.tick(document, under, NOBODY)
    said = followup.ResponseGiven(agency=agency, text=draft.text, interim=draft.interim)
    return _answered(cases, document, said, request, under)


def send_back(
    cases: Cases,
    document: Document[Case],
    agency: str,
    reason: str,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Send a draft back to whoever wrote it, with what is wrong; raises Refused."""
    _draft(document, agency)
    payload = followup.DraftReturned(agency=agency, reason=reason)
    return record(cases, document, [payload], request, under)


def _draft(document: Document[Case], agency: str) -> Draft:
    answerable(document, agency, "open", "answered")
    if document.state.draft is None:
        raise Refused(409, "no_draft", "No answer waits for approval here.")
    return document.state.draft


def _answered(
    cases: Cases,
    document: Document[Case],
    said: followup.ResponseGiven,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    limit = cases.reckoning.policy_of(document.state).limit(Term.REPLY, document.state.matter)
    if limit and not said.interim:
        reply_by = cases.calendar.after(cases.calendar.local_day(under.now), limit.days)
        said = said.model_copy(update={"reply_by": reply_by})
    return record(cases, document, [said], request, under)


def assign(
    cases: Cases,
    document: Document[Case],
    said: followup.CaseAssigned,
    units: Collection[str],
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Give the case to one of the agency's units, or take it back (disposisi internal).

    ``units`` are the codes that the register has of the agency today. No clock hears of it.
    """
    answerable(document, said.agency, "open", "answered")
    if said.unit is not None and said.unit not in units:
        known = ", ".join(sorted(units)) or "none"
        sentence = f"The register names no such unit of your agency. It names: {known}."
        raise Refused(422, "no_such_unit", sentence, "unit")
    if said.unit == document.state.unit and said.note is None:
        raise Refused(409, "already_there", _THERE)
    return record(cases, document, [said], request, under)


def decline(
    cases: Cases,
    document: Document[Case],
    agency: str,
    reason: str,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Send the complaint back to routing: not this agency's competence (bukan wewenang).

    One that comes too late was missed first: the next agency is not to blame.
    """
    answerable(document, agency, "open")
    document = cases.tick(document, under, NOBODY)
    payload = followup.DispositionDeclined(agency=agency, turn=document.state.turn, reason=reason)
    return record(cases, document, [payload], request, under)


def resolve(
    cases: Cases,
    document: Document[Case],
    agency: str,
    note: str | None,
    request: Cause,
    under: Circumstances,
) -> Document[Case]:
    """Close a case that was answered (selesai); too late, the missed date stands first."""
    stages: tuple[Stage, ...] = ("open", "answered") if document.state.closable else ("answered",)
    answerable(document, agency, *stages)
    if document.state.draft is not None:
        raise Refused(409, "draft_waits", "An answer waits for approval; have it decided first.")
    document = cases.tick(document, under, NOBODY)
    state, today = document.state, cases.calendar.local_day(under.now)
    until = reopen_by(state, cases.calendar, cases.reckoning.policy_of(state), today)
    payload = followup.CaseResolved(agency=agency, note=note, how=OFFICER, reopen_by=until)
    return record(cases, document, [payload], request, under)


_STANDS: Mapping[Stage, str] = {
    "open": "The case is open: give the reporter a final answer first, then close it.",
    "answered": "The case is answered: what your agency answered it can no longer decline.",
    "declined": "Your agency has declined the case; a coordinator passes it on.",
    "resolved": "The case is resolved; it goes on when its reporter takes it up again.",
}
"""By stage, why a case is not ready for what is asked, and what comes first."""


def answerable(document: Document[Case], agency: str, *stages: Stage) -> None:
    """Refuse what is another agency's, was taken back, or stands at another stage."""
    state = document.state
    if state.agency != agency or state.stage == "none":
        raise Refused(404, "not_found", "No such case lies with this agency.")
    if state.rest:
        raise Refused(409, state.rest, AT_REST[state.rest])
    if state.stage not in stages:
        raise Refused(409, "wrong_stage", _STANDS[state.stage])
