"""Statement 3: anonim and rahasia are set apart from each other, at every door."""

from __future__ import annotations

from typing import Any

import pytest

from services.intake.api.messages import TrackedOut
from services.intake.api.sent import ComplaintIn, EnterIn
from services.intake.domain.complaint import Complaint
from services.intake.handlers import Counter
from shared.runtime.access import Officer
from shared.runtime.document import Document
from tests.intake.doubles import NOW, InMemoryComplaints, a_record, a_submission, an_intake, taken
from tests.intake.folders import OFFICE
from tests.intake.reports import a_body

NAME, PHONE = "Budi Santoso", "+628123456789"
REPORTER = {"name": NAME, "phone": PHONE}
KEY, TRACE = "key-0123456789abcdef", "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


async def at(door: str, **flags: Any) -> Document[Complaint]:
    """Hand in a report at a door, with its flags as they are sent there."""
    if door == "bus":
        return taken(a_record(a_submission(**flags)))
    kept = InMemoryComplaints()
    intake = an_intake(kept)
    if door == "web":
        sent = ComplaintIn(**a_body(reporter=REPORTER, **flags))
        filed = await intake.submit(sent.draft(), sent.contact(), KEY, TRACE)
        return kept.documents[filed.complaint]
    entry = EnterIn(**a_body(reporter=REPORTER, channel="walk_in", **flags))
    clerk = Officer("petugas-1", "Petugas", frozenset({"clerk"}))
    request = clerk.request(KEY, TRACE)
    said = await Counter(intake, OFFICE).enter(
        entry.draft(), entry.contact(), entry.channel, None, request
    )
    return kept.documents[said.complaint]


@pytest.mark.parametrize("door", ["web", "counter", "bus"])
@pytest.mark.parametrize("confidential", [False, True])
@pytest.mark.parametrize("anonymous", [False, True])
async def test_03_each_flag_is_told_and_shown_as_it_was_set(
    door: str, *, anonymous: bool, confidential: bool
) -> None:
    """Statement 3: all four combinations, at each door, and neither brings the other along."""
    flags = {"anonymous": anonymous, "confidential": confidential}
    document = await at(door, **flags)
    told = document.facts[0]["data"]
    assert {name: told[name] for name in flags} == flags
    shown = TrackedOut.of(document, {}, NOW.date())
    assert (shown.anonymous, shown.confidential) == (anonymous, confidential)


@pytest.mark.parametrize("door", ["web", "counter", "bus"])
async def test_03_a_flag_that_is_left_out_is_not_set(door: str) -> None:
    """Statement 3: nobody is hidden who did not ask for it."""
    told = (await at(door)).facts[0]["data"]
    assert (told["anonymous"], told["confidential"]) == (False, False)


@pytest.mark.parametrize("door", ["web", "counter"])
@pytest.mark.parametrize("anonymous", [False, True])
async def test_05_what_is_told_names_nobody(door: str, *, anonymous: bool) -> None:
    """Statement 5: name and number travel sealed, on another topic, whatever was chosen."""
    document = await at(door, anonymous=anonymous)
    assert NAME in (document.state.sealed or "")
    assert NAME not in repr(document.facts)
    assert PHONE not in repr(document.facts)
