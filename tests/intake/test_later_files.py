"""Files that come with an amendment or a reply of a publisher: as those of its submission."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from services.intake.domain.acts import withdraw
from services.intake.domain.attachments import MOST_ATTACHMENTS
from services.intake.domain.complaint import Complaint
from services.intake.domain.erasing import erase
from services.intake.domain.hosts import NotNow
from services.intake.domain.promises import PAUSES
from services.intake.store import SHAPE
from shared.contracts import followup
from shared.contracts.attachment import FileProgress
from shared.contracts.intake import ReporterErased
from shared.runtime.document import Cause, Circumstances, Document, Refused
from tests.intake.doubles import COMPLAINTS, PUBLISHER, a_fact
from tests.intake.pictures import PDF, a_photo
from tests.intake.test_promises import AT, Yard, named, progress
from tests.intake.test_publishing import AMENDED, REPLIED, about, after, outcome

PHOTO, OTHER = a_photo(), a_photo(size=(40, 40))
BOTH = pytest.mark.parametrize("kind", [AMENDED, REPLIED])
DROP: dict[str, Any] = {"text": "Ini fotonya."}


def say(yard: Yard, kind: str, *files: dict[str, Any], record: str = "r-2", **said: Any) -> None:
    """Have a record about the complaint judged, as it was sent."""
    body = {**DROP, "attachments": files, **said}
    yard.put(after(about(kind, record, **body), document=yard.document))


def ends(yard: Yard) -> list[tuple[str | None, int, str]]:
    """Give what is told of each file: its record, its place there and what became of it."""
    return [(each.record, each.named, each.outcome) for each in _told(yard)]


def _told(yard: Yard) -> tuple[FileProgress, ...]:
    return progress(yard.document).attachments or ()


@BOTH
async def test_a_file_of_a_later_record_is_kept_as_one_of_the_submission(kind: str) -> None:
    """How many came is a fact, where they lie is not; who sent it and in which record stands by."""
    yard = Yard()
    say(yard, kind, named(PDF))
    said = yard.document.facts[-1]
    assert outcome(yard.document) == ("accepted", ())
    assert said["data"] == {**DROP, "files": 1}
    assert AT not in str(yard.document.facts)
    assert ends(yard) == [("r-2", 1, "awaited")]
    yard.lies[f"{AT}/a"] = PDF
    await yard.pass_round()
    assert ends(yard) == [("r-2", 1, "kept")]
    row = yard.document.facts[-1]
    assert (row["by"], row["data"]["named"], row["data"]["about"]) == (PUBLISHER, 1, said["id"])
    assert await yard.fetch(yard.document.state.attachments[0].id) == PDF
    assert not yard.files.marks


async def test_the_first_files_of_two_records_are_two() -> None:
    """Each is fetched, and ends by itself: what became of one says nothing of the other."""
    yard = Yard(named(PHOTO))
    say(yard, REPLIED, named(PDF, f"{AT}/b"))
    say(yard, AMENDED, named(OTHER, f"{AT}/c"), record="r-3")
    yard.lies = {f"{AT}/a": NotNow("nobody answers"), f"{AT}/b": PDF, f"{AT}/c": PDF}
    await yard.pass_round()
    assert ends(yard) == [(None, 1, "awaited"), ("r-2", 1, "kept"), ("r-3", 1, "refused")]
    yard.lies[f"{AT}/a"] = PHOTO
    await yard.pass_round(PAUSES[0])
    assert ends(yard) == [(None, 1, "kept"), ("r-2", 1, "kept"), ("r-3", 1, "refused")]
    assert len({row["id"] for row in yard.document.facts}) == len(yard.document.facts) == 6


@BOTH
async def test_a_record_with_more_files_than_still_fit_is_refused_in_its_receipt(kind: str) -> None:
    """Those there, uploaded and awaited are counted; without its files it is taken."""
    yard = Yard(named(PDF), named(PHOTO, f"{AT}/b"))
    await yard.add(OTHER)
    three = [named(PDF, f"{AT}/{nth}") for nth in range(3)]
    say(yard, kind, *three)
    result, errors = outcome(yard.document)
    assert (result, len(yard.document.facts)) == ("rejected", 2)
    assert errors[0].startswith("attachments: A complaint has 5 files at most; with these it would")
    assert "have 6, those on their way counted" in errors[0]
    before = yard.document
    say(yard, kind, *three)
    assert yard.document is before
    say(yard, kind, *three[:2], record="r-3")
    assert outcome(yard.document, "r-3") == ("accepted", ())


async def test_what_a_record_was_promised_nobody_else_takes() -> None:
    """A reporter who adds files is told that the others are on their way here."""
    yard = Yard(named(PDF))
    say(yard, REPLIED, *(named(PHOTO, f"{AT}/{nth}") for nth in range(4)))
    with pytest.raises(Refused, match="on their way here"):
        await yard.add(OTHER)
    assert not yard.files.parts


async def test_no_more_are_named_of_one_complaint_than_it_may_have() -> None:
    """Whatever became of them: each is a fact, and a line of the progress."""
    yard = Yard(*[named(PDF)] * 5)
    rounds = MOST_ATTACHMENTS // 5
    for nth in range(1, rounds):
        await refuse_all(yard)
        say(yard, REPLIED, *[named(PDF)] * 5, record=f"r-{nth + 1}")
    await refuse_all(yard)
    say(yard, REPLIED, named(PDF), record="last")
    assert outcome(yard.document, "last")[1][0].startswith("attachments: Of one complaint 20 files")
    assert len(_told(yard)) == MOST_ATTACHMENTS


async def refuse_all(yard: Yard) -> None:
    """Have all that is awaited refused, since another file lies there."""
    yard.lies[f"{AT}/a"] = PHOTO
    await yard.pass_round(timedelta(hours=1))
    assert not yard.document.state.promised


@BOTH
async def test_the_same_record_again_changes_nothing(kind: str) -> None:
    """Whatever it names then, and also once its files are there."""
    yard = Yard()
    say(yard, kind, named(PDF))
    before = yard.document
    say(yard, kind, named(PHOTO, f"{AT}/b"), named(PDF))
    assert yard.document is before
    yard.lies[f"{AT}/a"] = PDF
    await yard.pass_round()
    before = yard.document
    say(yard, kind, named(PDF))
    assert yard.document is before


async def test_an_address_lost_with_the_store_comes_back_with_its_record() -> None:
    """From the facts alone it is known how many files came with which record."""
    yard = Yard(named(PHOTO))
    say(yard, REPLIED, named(PDF, f"{AT}/b"))
    whole = yard.document
    lost = tuple(
        replace(each, url=None, sha256="", media_type="", size=0) for each in whole.state.promised
    )
    yard.put(replace(whole, state=replace(whole.state, promised=lost)))
    say(yard, REPLIED, named(PDF, f"{AT}/b"))
    assert [each.url for each in yard.document.state.promised] == [None, f"{AT}/b"]
    yard.lies[f"{AT}/b"] = PDF
    await yard.pass_round()
    assert ends(yard) == [(None, 1, "awaited"), ("r-2", 1, "kept")]


def _withdrawn(one: Document[Complaint], under: Circumstances) -> Document[Complaint]:
    return withdraw(COMPLAINTS, one, None, Cause("w", "w"), under)


def _erased(one: Document[Complaint], under: Circumstances) -> Document[Complaint]:
    return erase(COMPLAINTS, one, ReporterErased(redactions=()), Cause("e", "e"), under)


@pytest.mark.parametrize(("over", "end"), [(_withdrawn, "refused"), (_erased, "dropped")])
async def test_nothing_more_is_fetched_of_what_is_withdrawn_or_erased(over: Any, end: str) -> None:
    """Neither what was promised, nor what a record names after that; nor is its address kept."""
    yard = Yard()
    say(yard, REPLIED, named(PDF))
    await yard.kept.ask(yard.id, lambda one, under, _: over(one, under))
    say(yard, REPLIED, named(PHOTO, f"{AT}/b"), record="r-3")
    await yard.pass_round()
    assert yard.asked == []
    assert ends(yard) == [("r-2", 1, end)]
    assert outcome(yard.document, "r-3")[0] == "rejected"
    assert AT not in str(yard.document)


def test_a_closed_complaint_with_a_file_of_a_reply_is_not_archived() -> None:
    """It stays until the file is kept or refused, as with one of its submission."""
    assert SHAPE.closed is not None
    yard = Yard()
    over = a_fact(followup.CaseResolved(agency="dinas-pu"))
    yard.put(replace(yard.document, state=COMPLAINTS.fold(yard.document.state, over)))
    assert SHAPE.closed(yard.document.state)
    say(yard, REPLIED, named(PDF))
    assert not SHAPE.closed(yard.document.state)


@BOTH
def test_how_many_files_there_are_is_counted_and_not_believed(kind: str) -> None:
    """A publisher that writes the number itself promises none."""
    yard = Yard()
    say(yard, kind, files=3)
    assert outcome(yard.document) == ("accepted", ())
    assert yard.document.facts[-1]["data"] == DROP
    assert yard.document.state.fetch is None
