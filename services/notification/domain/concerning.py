"""Whom a fact concerns: each gets one notice of it."""

from __future__ import annotations

from services.notification.domain.addressing import taken
from services.notification.domain.audiences import AGENCY, BY_EVENT, REPORTER, VARIANTS, Concern
from services.notification.domain.letters import told_by_letter, written_to_reporter
from services.notification.domain.notice import LETTER, Notices, Pending
from services.notification.domain.saying import date_of, wording_of
from services.notification.domain.turns import turn_of
from shared.contracts import followup
from shared.contracts.fact import Fact, name_uuid


def concerned(state: Notices, fact: Fact) -> Notices:
    """Take in whom the table names for a fact; who was told, or cannot be, is passed."""
    lines, said = BY_EVENT.get(fact.type), fact.data
    ruled = isinstance(said, followup.CaseReopened) and said.because == "appeal"
    if not lines or ruled:  # the mail of the ruling says that it is open again
        return state
    wording, until = wording_of(state, fact), date_of(state, fact)
    agency, unit = fact.said("agency"), fact.said("unit")
    words = written_to_reporter(fact.data) if state.quotes else None
    new = []
    for line in lines:
        whom = _whom(line, agency, fact)
        unreached = whom == REPORTER and state.reachable is False
        nobody = (line.held and state.agency is None) or (line.shares and unit is None)
        if whom is None or nobody or (unreached and not told_by_letter(state, fact.type)):
            continue
        # The name ends as it did when there was no channel but e-mail: ids must not change.
        notice = name_uuid(f"{fact.id}/{whom}/email")
        if notice not in state.ended:
            new.append(
                Pending(
                    notice=notice,
                    about=fact.type,
                    audience=whom,
                    next_at=fact.at,
                    since=fact.at,
                    agency=agency,
                    unit=unit if line.shares else None,
                    channel=LETTER if unreached else None,
                    words=words if whom == REPORTER else None,
                    turn=turn_of(state.turns, fact, line.recipient),
                    wording=wording if (line.recipient, wording) in VARIANTS else None,
                    until=until,
                    merges=fact.said("rests") or 0,
                )
            )
    return taken(state, new)


def _whom(line: Concern, agency: str | None, fact: Fact) -> str | None:
    """Say who hears of a fact by a line: of one that could name its agency and does not, nobody."""
    if line.recipient == REPORTER:
        return REPORTER
    could_name = fact.data is not None and "agency" in type(fact.data).model_fields
    return agency if could_name else AGENCY
