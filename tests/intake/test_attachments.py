"""Files beside a report: limits, sent twice, half sent, lost races, swept, looked at."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from msgspec.structs import replace
from pydantic import ValidationError

from services.intake.domain.acts import withdraw
from services.intake.domain.attachments import KINDS, LONGEST_PART, Limits
from services.intake.domain.complaint import Complaint
from services.intake.handlers import Erasing
from services.intake.handlers import attachments as room
from services.intake.handlers.locking import LONGER
from shared.contracts.intake import ReporterErased
from shared.runtime.asking import Judge
from shared.runtime.document import Cause, Document, Refused
from shared.runtime.ports import Away
from tests.intake.doubles import COMPLAINTS, NOW, UNDER, an_intake
from tests.intake.folders import VIEWER, Folder, pieces
from tests.intake.pictures import HTML, PDF, SVG, a_photo


async def refusal(folder: Folder, content: bytes, key: str | None = None) -> tuple[int, str]:
    """Give how a file is turned away."""
    with pytest.raises(Refused) as refused:
        await folder.add(content, key)
    return refused.value.status, refused.value.code


def nothing_kept(folder: Folder) -> bool:
    """Say whether neither parts nor marks are left."""
    return not folder.files.parts and not folder.files.marks


async def test_a_file_comes_back_as_it_is_kept() -> None:
    """The fact says what it is, how large, and its digest; nothing of what is in it."""
    folder = Folder()
    added = await folder.add(PDF)
    row = folder.document.facts[-1]
    assert row["type"] == "attachment.added.v1"
    assert row["data"] == {
        "attachment": added.id,
        "media_type": "application/pdf",
        "size": len(PDF),
        "sha256": sha256(PDF).hexdigest(),
    }
    assert await folder.fetch(added.id) == PDF
    assert not folder.files.marks


async def test_a_long_file_is_kept_in_parts() -> None:
    """Each part is small; together they are the file."""
    folder = Folder()
    content = PDF + b"%" * (2 * LONGEST_PART)
    added = await folder.add(content)
    assert len(folder.files.parts) == 3
    assert max(len(part) for part in folder.files.parts.values()) == LONGEST_PART + LONGER
    assert await folder.fetch(added.id) == content


@pytest.mark.parametrize(
    "content", [HTML, SVG, b"MZ\x90", b"PK\x03\x04", b"", b" " + PDF, b"GIF89a"]
)
async def test_the_type_is_told_by_the_content(content: bytes) -> None:
    """Statement 9: what is no image and no PDF by its bytes is refused, whatever it is called."""
    folder = Folder()
    assert await refusal(folder, content) == (415, "wrong_type")
    assert nothing_kept(folder)


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        ({"largest": 1024}, (413, "too_large")),
        ({"most": 1}, (409, "too_many_attachments")),
        ({"together": 2900, "largest": 2900}, (409, "attachments_full")),
        ({"types": ("image/png",)}, (415, "wrong_type")),
    ],
)
async def test_size_number_and_types_are_limited(
    limits: dict[str, Any], refused: tuple[int, str]
) -> None:
    """Statement 9: per file, per complaint, by number and by type, as the node's file says."""
    folder = Folder()
    await folder.add(PDF)
    folder.limit(Limits(**limits))
    assert await refusal(folder, PDF + b"%" * 2850) == refused
    assert len(folder.document.state.attachments) == 1


async def test_no_more_is_read_than_may_be_kept() -> None:
    """Whoever sends without end is stopped at the limit."""
    folder, read = Folder(Limits(largest=5000)), 0

    async def endless() -> Any:
        nonlocal read
        while True:
            read += 1000
            yield b"%PDF-" + b"x" * 995

    with pytest.raises(Refused):
        await folder.attachments.add(folder.document, endless(), Cause("k", "k"))
    assert read == 6000


async def test_the_same_file_twice_is_one() -> None:
    """Under the same key or another, the same attachment is answered and one fact is told."""
    folder = Folder()
    first = await folder.add(a_photo(), "satu")
    assert await folder.add(a_photo(), "satu") == first
    assert await folder.add(a_photo(), "dua") == first
    assert len(folder.document.facts) == 2
    assert len(folder.files.parts) == 1


async def test_one_key_stands_for_one_file() -> None:
    """Another file under a used key is refused, and nothing of it stays."""
    folder = Folder()
    await folder.add(PDF, "satu")
    assert await refusal(folder, a_photo(), "satu") == (422, "key_used")
    assert len(folder.files.parts) == 1
    assert not folder.files.marks


async def test_of_two_at_once_one_is_kept() -> None:
    """Two copies that both found nothing: the second learns of the first, and goes."""
    folder, before = Folder(), Folder().document
    first = await folder.add(PDF)
    assert await folder.add(PDF, document=before) == first
    assert len(folder.files.parts) == 1
    assert not folder.files.marks


async def test_a_withdrawn_report_takes_no_files() -> None:
    """Nobody works on it any more."""
    folder = Folder()
    taken_back = withdraw(COMPLAINTS, folder.document, None, Cause("w", "w"), UNDER)
    folder.kept.documents[folder.id] = taken_back
    assert await refusal(folder, PDF) == (409, "withdrawn")


async def test_half_a_file_is_never_seen_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends between two parts leaves a mark, and by it the rest is deleted."""
    folder = Folder()
    put = folder.files.put

    async def dying(file: str, nth: int, content: bytes) -> None:
        if nth == 1:
            raise Away("the process ends")
        await put(file, nth, content)

    monkeypatch.setattr(folder.files, "put", dying)
    with pytest.raises(Away):
        await folder.add(PDF + b"%" * LONGEST_PART)
    assert not folder.document.state.attachments
    assert len(folder.files.parts) == 1
    await folder.attachments.sweep()
    assert len(folder.files.parts) == 1, "it may still be on its way"
    folder.pass_by(hours=2)
    await folder.attachments.sweep()
    assert nothing_kept(folder)


async def test_a_kept_file_is_not_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends between the fact and the mark leaves the file where it belongs."""
    folder = Folder()

    async def away(_file: str, _at: int) -> None:
        raise Away("the store")

    with monkeypatch.context() as dying:
        dying.setattr(folder.files, "unmark", away)
        added = await folder.add(PDF)
    assert folder.files.marks
    folder.pass_by(hours=2)
    await folder.attachments.sweep()
    assert not folder.files.marks
    assert await folder.fetch(added.id) == PDF


async def test_what_took_too_long_is_not_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact that comes after its file may have been swept is refused; sent again, it is taken."""
    folder = Folder()
    ask = folder.kept.ask

    async def slow(complaint: str, judge: Judge[Any]) -> Document[Any]:
        late = UNDER.__class__(folder.pass_by(minutes=11))
        return await ask(complaint, lambda document, _, draw: judge(document, late, draw))

    object.__setattr__(folder.attachments, "ask", slow)
    assert await refusal(folder, PDF) == (503, "busy")
    assert nothing_kept(folder)


async def test_every_look_is_written_down_before_the_first_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who, of which agency, when and what for; without the record nothing is shown."""
    folder = Folder()
    added = await folder.add(PDF)
    await folder.fetch(added.id)
    [look] = folder.looks.kept
    assert (look.by, look.agency, look.purpose) == VIEWER
    assert (look.complaint, look.about, look.at) == (folder.id, added.id, folder.clock.now)

    async def away(_look: Any) -> None:
        raise Away("the store")

    monkeypatch.setattr(folder.looks, "add", away)
    with pytest.raises(Away):
        await folder.fetch(added.id)


async def test_an_erased_reporters_files_go() -> None:
    """Shown no more after the fact, deleted when they are swept; one that came meanwhile, too."""
    folder = Folder()
    added = await folder.add(PDF)

    async def give_up(document: Document[Complaint]) -> None:
        await folder.attachments.give_up(document)
        if document.state.attachments:
            await folder.add(a_photo())

    erasing = Erasing(an_intake(folder.kept), folder.kept, give_up, lambda: NOW)
    number = str(folder.document.state.tracking_number)
    await erasing.erase(number, ReporterErased(redactions=()), Cause("e", request="e"))
    with pytest.raises(Refused) as refused:
        await folder.fetch(added.id)
    assert refused.value.status == 404
    folder.pass_by(hours=2)
    await folder.attachments.sweep()
    assert nothing_kept(folder)


async def test_a_file_that_was_lost_says_so() -> None:
    """A store put back from before it has the fact, told again by the bus, and not the file."""
    folder = Folder()
    added = await folder.add(PDF)
    folder.files.parts.clear()
    with pytest.raises(Refused) as refused:
        await folder.fetch(added.id)
    assert (refused.value.status, refused.value.code) == (410, "gone")
    assert not folder.looks.kept


async def test_one_report_does_not_take_all_the_places() -> None:
    """A third file that arrives for one report while two do is asked to come again."""
    folder = Folder()
    arrivals = folder.attachments.arrivals
    with arrivals._arrives(folder.id), arrivals._arrives(folder.id):
        assert await refusal(folder, PDF) == (503, "busy")
        with arrivals._arrives("another"):
            pass
    assert (await folder.add(PDF)).size == len(PDF)


@pytest.mark.parametrize(
    "said",
    [
        {"types": ("text/html",)},
        {"types": ()},
        {"largest": 2048, "together": 2047},
        {"most": 0},
        {"most": 21},
        {"smallest": 1},
    ],
)
def test_limits_that_cannot_be_meant_are_refused(said: dict[str, Any]) -> None:
    """An operator reads what is wrong at the start, not a reporter later."""
    with pytest.raises(ValidationError):
        Limits(**said)


def test_no_kind_is_taken_for_another() -> None:
    """Each signature is of one type alone."""
    limits = Limits()
    for kind in KINDS:
        head = bytearray(16)
        for at, mark in kind.marks:
            head[at : at + len(mark)] = mark
        assert limits.kind_of(bytes(head)) is kind


async def test_nothing_is_promised_of_a_file_that_was_erased_meanwhile() -> None:
    """The same key after an erasure: the fact is there, the file is not."""
    folder = Folder()
    await folder.add(PDF, "satu")
    state = replace(folder.document.state, attachments=())
    folder.kept.documents[folder.id] = replace(folder.document, state=state)
    assert await refusal(folder, PDF, "satu") == (410, "gone")
    assert room.SWEPT_AFTER > 2 * room.KEPT_WITHIN
    assert [piece async for piece in pieces(b"")] == []
