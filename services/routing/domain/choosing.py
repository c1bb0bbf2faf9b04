"""A coordinator's choice of who must answer: one agency leads, others may contribute."""

from __future__ import annotations

from services.routing.domain.disposition import Disposition, waiting
from services.routing.domain.dispositions import Dispositions
from services.routing.domain.register import Register
from shared.contracts import routing
from shared.contracts.fact import Payload
from shared.runtime.document import Cause, Circumstances, Document, Refused, record

MOST_TURNS = 20
"""How often one complaint is handed on: each leaves facts with its agencies, beside all others."""


def route(
    dispositions: Dispositions,
    document: Document[Disposition],
    choice: routing.ComplaintRouted,
    request: Cause,
    under: Circumstances,
) -> Document[Disposition]:
    """Hand a complaint to an agency (disposisi), or to another than has it (pengalihan).

    It is the next turn, whichever ``choice`` names; number, history and clocks go on. Raises
    Refused.
    """
    waiting(document, "queue", "deferred", "routed")
    state = document.state
    if state.turn >= MOST_TURNS:
        often = f"It was handed on {MOST_TURNS} times"
        detail = f"{often}; have it answered where it lies, or archive it."
        raise Refused(409, "most_turns", detail)
    _check_agencies(dispositions.register.at(under.now), choice)
    if state.stage == "routed":
        _check_move(state, choice)
    payloads: list[Payload] = [] if state.verified else [routing.ComplaintVerified()]
    payloads.append(choice.model_copy(update={"turn": state.turn + 1}))
    return record(dispositions, document, payloads, request, under)


def _check_agencies(register: Register, choice: routing.ComplaintRouted) -> None:
    named = [("agency", choice.agency)]
    named += [(f"contributors.{at}", each) for at, each in enumerate(choice.contributors or ())]
    seen: set[str] = set()
    for field, code in named:
        if not register.has(code):
            detail = f"There is no agency {code!r} in the register."
            raise Refused(422, "unknown_agency", detail, field)
        if code in seen:
            raise Refused(422, "named_twice", f"Name {code!r} once.", field)
        seen.add(code)


def _check_move(state: Disposition, choice: routing.ComplaintRouted) -> None:
    if (choice.agency, choice.contributors or ()) == (state.agency, state.contributors):
        raise Refused(409, "lies_there", f"It lies with {choice.agency!r} already.", "agency")
    if choice.words is None:
        sentence = f"Say why it goes on: {state.agency!r} has it already."
        raise Refused(422, "no_words", sentence, "words")
