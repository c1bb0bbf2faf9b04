"""From the older shapes of a stored case to the next, each a function of the row alone. Pure."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]
_HEARD = ("complaints", "dispositions")
_GIVEN, _OPENED, _RESOLVED = "response.given.v1", "case.opened.v1", "case.resolved.v1"


def from_1(row: Row) -> Row:
    """Turn two dates into clocks, and take from the case's own facts when it was worked on.

    Shape 1 knew the clocks to verify and to respond; every response was a final one, every case
    was closed by an officer, and all that routing did was deciding. That routing handed it over was
    heard when the case was opened. What a further clock counts from is here; it starts when the
    next fact is folded.
    """
    old, facts = row["state"], row["facts"]
    state = {name: said for name, said in old.items() if name not in {"verify_by", "respond_by"}}
    dues = {"verify": old.get("verify_by"), "respond": old.get("respond_by")}
    given, opened = _times(facts, _GIVEN), _times(facts, _OPENED)
    state["dues"] = {clock: {"due_on": day} for clock, day in dues.items() if day}
    state["decided_at"] = old.get("disposed_at")
    if not opened:
        state.pop("disposed_at", None)
    state["routed_at"] = opened[0] if opened else None
    state["responded_at"] = given[0] if given else None
    state["answered_at"] = given[-1] if given else None
    if resolved := _times(facts, _RESOLVED):
        state |= {"resolved_at": resolved[-1], "how": "officer"}
    return {**row, "state": state}


def from_2(row: Row) -> Row:
    """Name the answer and the end of which the reporter may say whether it is done.

    Shape 2 knew when both were, and not which facts they are.
    """
    state: Row = row["state"]
    turn: list[Row] = []
    for fact in row["facts"]:
        turn = [] if fact["type"] == _OPENED else [*turn, fact]
    given = [each["id"] for each in turn if each["type"] == _GIVEN and not _interim(each)]
    ends = [each["id"] for each in turn if each["type"] == _RESOLVED]
    named = {"answer": given[-1]} if given else {}
    if ends and state.get("stage") == "resolved":
        named["ending"] = ends[-1]
    return {**row, "state": {**state, **named}}


def from_3(row: Row) -> Row:
    """Name the streams that say where it was and of what, where that was not kept.

    So does a case on a desk that was never put on the shelf of oversight: where it is filled in, it
    is written, and found by what it is found by today.
    """
    state: Row = row["state"]
    shelved = "desk" not in row or "watched" in row
    if shelved and state.get("area") is not None:
        return row
    heard = row.get("heard", {})
    return {**row, "state": {**state, "lacks": [each for each in _HEARD if each in heard]}}


def _interim(fact: Row) -> bool:
    return bool(fact["data"].get("interim"))


def _times(facts: list[Row], kind: str) -> list[str]:
    return [fact["at"] for fact in facts if fact["type"] == kind]


LIFTS = (from_1, from_2, from_3)
