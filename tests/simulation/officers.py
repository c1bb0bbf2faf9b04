"""What coordinators and liaison officers ask for, once they have seen a complaint."""

from __future__ import annotations

from random import Random
from typing import Any
from zlib import crc32

from services.followup.domain import acts
from services.followup.domain.contributing import contribute
from services.routing.domain import aside, choosing, merging
from shared.contracts.followup import CaseAssigned, ResponseGiven
from shared.contracts.routing import ComplaintRouted, ComplaintVerified, Gap
from shared.runtime.asking import Judge, once
from shared.runtime.document import Cause, Circumstances, Document
from tests.simulation.merging import Todo
from tests.simulation.parts import AGENCIES, UNDER_A_LEADER, WINDOW

AnyDocument = Document[Any]


def for_coordinator(stage: str, drawn: float) -> bool:
    """Say whether a coordinator acts next: on what waits, and now and then on what lies wrong."""
    wrong = stage in ("routed", "deferred") and drawn > 0.96
    return stage == "queue" or wrong or (stage == "archived" and drawn > 0.85)


def for_nobody(seen: AnyDocument) -> bool:
    """Say whether it waits for a reporter of those who do not read what they are asked for."""
    return seen.state.stage == "deferred" and crc32(seen.id.encode()) % 2 == 0


def for_merging(stage: str, drawn: float) -> bool:
    """Say whether a coordinator finds two reports of one matter, or that they are not."""
    apart = stage == "merged" and drawn > 0.85
    return apart or (stage in merging.MERGEABLE and 0.4 < drawn < 0.46)


def coordinates(
    domain: Any, seen: AnyDocument, chance: Random, mark: str, drawn: float
) -> Judge[Any]:
    """Verify it, or hand it to an agency, with one that contributes or without."""
    agency, beside = chance.sample(AGENCIES, 2)
    cause = Cause(f"request/{mark}", request=mark, by="coordinator")
    others = (beside,) if drawn > 0.6 else None
    choice = ComplaintRouted(agency=agency, turn=1, contributors=others, words=f"ke {agency}")
    made, says = "complaint.routed.v1", {"agency": agency}
    if seen.state.stage == "archived":
        made, says = "complaint.restored.v1", {"reason": f"dijelaskan {mark}"}
    elif drawn < 0.25:
        made, says = "complaint.verified.v1", {}
    elif drawn < 0.36:
        made, says = "complaint.deferred.v1", {}
    elif drawn < 0.4:
        made, says = "complaint.archived.v1", {"reason": "other", "words": f"arsip {mark}"}

    def decide(document: AnyDocument, under: Circumstances) -> AnyDocument:
        after: AnyDocument
        if made == "complaint.restored.v1":
            after = aside.restore(domain, document, says["reason"], cause, under)
        elif made == "complaint.archived.v1":
            after = aside.archive(domain, document, "other", says["words"], cause, under)
        elif made == "complaint.verified.v1":
            after = domain.verify(document, ComplaintVerified(), cause, under)
        elif made == "complaint.deferred.v1":
            gaps = [Gap(code="other", words=f"kurang {mark}")]
            after = aside.defer(domain, WINDOW, document, gaps, cause, under)
        else:
            after = choosing.route(domain, document, choice, cause, under)
        return after

    return once(mark, made, says, decide, seen=seen.revision)


def merges(seen: AnyDocument, main: str, request: str) -> Todo:
    """Merge a report into another, or separate it from the one it follows."""
    cause = Cause(request, request=request, by="coordinator")
    if seen.state.stage == "merged":
        return lambda mergers: mergers.unmerge(seen.id, f"lain {request}", cause, seen.revision)
    return lambda mergers: mergers.merge(seen.id, main, cause, seen.revision)


def contributes(domain: Any, seen: AnyDocument, mark: str) -> Judge[Any]:
    """Give the agency that answers what another knows."""
    agency, text = seen.state.beside[0].agency, f"bahan {mark}"
    cause = Cause(f"request/{mark}", request=mark, by=agency)

    def decide(document: AnyDocument, under: Circumstances) -> AnyDocument:
        return contribute(domain, document, agency, text, cause, under)

    says = {"agency": agency, "text": text}
    return once(mark, "contribution.given.v1", says, decide, seen=seen.revision)


def answers(domain: Any, seen: AnyDocument, mark: str, drawn: float) -> Judge[Any]:
    """Respond, decline, resolve, or hand it to a unit."""
    agency, stage = seen.state.agency, seen.state.stage
    cause = Cause(f"request/{mark}", request=mark, by=agency)
    made, says = "case.resolved.v1", {}
    if stage == "open" and drawn < 0.3:
        made, says = "disposition.declined.v1", {"reason": "bukan wewenang"}
    elif drawn > 0.95:
        made, says = "case.assigned.v1", {"unit": "unit", "note": f"catatan {mark}"}
    elif stage == "open" or drawn < 0.3:
        made, says = "response.given.v1", {"text": f"tanggapan {mark}"}
        if agency == UNDER_A_LEADER:
            made = "response.drafted.v1"

    def decide(document: AnyDocument, under: Circumstances) -> AnyDocument:
        after: AnyDocument
        if made == "disposition.declined.v1":
            after = acts.decline(domain, document, agency, says["reason"], cause, under)
        elif made == "case.assigned.v1":
            given = CaseAssigned(agency=agency, **says)
            after = acts.assign(domain, document, given, ["unit"], cause, under)
        elif made in ("response.given.v1", "response.drafted.v1"):
            said = ResponseGiven(agency=agency, text=says["text"])
            after = acts.respond(domain, document, said, cause, under)
        else:
            after = acts.resolve(domain, document, agency, None, cause, under)
        return after

    return once(mark, made, says, decide, seen=seen.revision)
