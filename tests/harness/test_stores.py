"""The look into the stores finds what is planted: it would be worth nothing if it did not."""

from __future__ import annotations

from typing import Any

from shared.contracts.topics import SERVICES
from tests.harness.stores import View, Views

ONE = "0000000000000-000001"


def _fact(kind: str, **said: Any) -> dict[str, Any]:
    return {"type": kind, "cause": "c", "request": None, "data": said}


def _document(*facts: dict[str, Any], **heard: int) -> View:
    last = f"{0:013d}-{len(facts):06d}"
    known = {stream: [0, number, []] for stream, number in heard.items()}
    return View.of({"last": last, "heard": known, "facts": list(facts), "state": {}})


def _agreeing() -> dict[str, dict[str, View]]:
    received = _fact("complaint.received.v1")
    routed = _fact("complaint.routed.v1", turn=1)
    opened = _fact("case.opened.v1", turn=1)
    return {
        "intake": {"a": _document(received, dispositions=1, cases=1)},
        "routing": {"a": _document(routed, complaints=1, cases=1)},
        "followup": {"a": _document(opened, complaints=1, dispositions=1)},
        "notification": {"a": _document(complaints=1, dispositions=1, cases=1)},
        "metrics": {"a": _document(complaints=1, dispositions=1, cases=1)},
    }


def test_stores_that_agree_have_nothing_to_say() -> None:
    """A complaint that everybody knows up to the same facts is neither missing nor twice."""
    views = Views(_agreeing())
    assert not [*views.lacking(["a"]), *views.behind(), *views.twice()]
    assert views.counts() == dict.fromkeys(SERVICES, 1)


def test_a_missing_complaint_is_found() -> None:
    """What one store lacks is named with the store."""
    of = _agreeing()
    del of["metrics"]["a"]
    views = Views(of)
    assert list(views.lacking(["a"])) == ["a is missing in metrics"]
    assert any("metrics has heard complaints of a" in said for said in views.behind())


def test_a_reader_behind_is_found() -> None:
    """A fact that was told and not heard is named, and so is a contact that never came."""
    of = _agreeing()
    of["routing"]["a"] = _document(_fact("complaint.routed.v1", turn=1), complaints=1)
    sealed = View.of(
        {
            "last": ONE,
            "heard": {},
            "facts": [_fact("complaint.received.v1")],
            "state": {"contact_version": 1},
        }
    )
    said = list(Views({**of, "intake": {"a": sealed}}).behind())
    assert any("routing has heard cases" in each for each in said)
    assert any("notification has heard contacts" in each for each in said)


def test_what_is_marked_is_found() -> None:
    """A change not told, a history held, a fact astray: each keeps a document from being done."""
    of = _agreeing()
    held = {"last": ONE, "heard": {}, "facts": [], "held": {"cases": [0, 1, "broken"]}}
    of["metrics"]["a"] = View.of(held)
    assert "metrics has marked a: held" in list(Views(of).behind())


def test_a_notice_that_rests_is_not_waited_for() -> None:
    """What is due is; what rests while its report follows another is not, nor for no agency."""
    pending = {"notice": "n", "audience": "reporter", "about": "complaint.routed.v1"}
    row = {"last": ONE, "heard": {}, "facts": []}
    state = {"pending": [pending], "owed": {"merged": True, "stage": "open"}}
    assert View.of({**row, "state": state, "due_at": 1}).marks
    assert not View.of({**row, "state": state}).marks
    assert View.of({**row, "state": {"pending": [pending]}}).marks
    nobody = {"pending": [{**pending, "audience": "agency"}]}
    assert not View.of({**row, "state": nobody}).marks


def test_what_happened_twice_is_found() -> None:
    """A fact made twice, a notice ended twice and a complaint of nobody's are named."""
    of = _agreeing()
    routed = _fact("complaint.routed.v1", turn=1)
    of["routing"]["a"] = _document(routed, routed, complaints=1, cases=1)
    ended = [_fact("notice.sent.v1", notice="n"), _fact("notice.uncertain.v1", notice="n")]
    of["notification"]["a"] = _document(*ended, complaints=1)
    of["followup"]["b"] = _document(complaints=1)
    said = list(Views(of).twice())
    assert "routing has twice in a: complaint.routed.v1 of turn 1" in said
    assert "notification has twice in a: a notice's end: n" in said
    assert "followup has b, intake has not" in said
