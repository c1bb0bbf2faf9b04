"""Files are kept under a key of their complaint: without it nobody can open them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.intake.domain.attachments import LONGEST_PART
from services.intake.domain.erasing import erase
from services.intake.handlers.locking import new_key, open_part, seal_part
from shared.contracts.intake import ReporterErased
from shared.runtime.document import Cause, Refused
from shared.runtime.ports import Away
from tests.intake.doubles import COMPLAINTS, UNDER
from tests.intake.folders import Folder
from tests.intake.pictures import PDF

LONG = PDF + b"%" * (2 * LONGEST_PART)


async def test_53_what_is_kept_of_a_file_cannot_be_read() -> None:
    """Statement 53: in the store there is nothing of what a file says, and no fact has its key."""
    folder = Folder()
    added = await folder.add(LONG)
    assert added.key is not None
    assert not any(b"%PDF" in part or b"%%%%" in part for part in folder.files.parts.values())
    assert added.key not in repr(folder.document.facts)
    assert await folder.fetch(added.id) == LONG


async def test_53_erasing_the_reporter_destroys_the_keys_at_once() -> None:
    """Statement 53: what is left of the files until they are swept nobody can open any more."""
    folder = Folder()
    added = await folder.add(PDF)
    parts = dict(folder.files.parts)
    said = ReporterErased(redactions=())
    after = erase(COMPLAINTS, folder.document, said, Cause("e", request="e"), UNDER)
    assert str(added.key) not in repr(after)
    assert folder.files.parts == parts


async def test_what_was_kept_before_there_were_keys_is_handed_out() -> None:
    """A file without a key lies there as it is."""
    folder = Folder()
    added = await folder.add(PDF)
    folder.files.parts[f"{added.id}/0"] = PDF
    forget_key(folder)
    assert await folder.fetch(added.id) == PDF


async def test_a_file_whose_key_is_lost_is_gone() -> None:
    """A store put back without the key has not the file; what lies there is not handed out."""
    folder = Folder()
    added = await folder.add(PDF)
    forget_key(folder)
    with pytest.raises(Refused) as refused:
        await folder.fetch(added.id)
    assert (refused.value.status, refused.value.code) == (410, "gone")


async def test_a_part_that_was_changed_is_not_handed_out() -> None:
    """Neither one that was tampered with, nor one in another's place."""
    folder = Folder()
    added = await folder.add(LONG)
    first, second = f"{added.id}/0", f"{added.id}/1"
    kept = dict(folder.files.parts)
    folder.files.parts[second] = kept[first]
    with pytest.raises(Away):
        await folder.fetch(added.id)
    folder.files.parts[first] = kept[first][:-1] + bytes([kept[first][-1] ^ 1])
    with pytest.raises(Refused):
        await folder.fetch(added.id)


def test_each_part_is_bound_to_its_place() -> None:
    """A part opens under its own key, file and number alone."""
    key, part = new_key(), b"x" * 100
    sealed = seal_part(key, "f", 3, part)
    assert (open_part(key, "f", 3, sealed), part in sealed) == (part, False)
    for other in ((new_key(), "f", 3), (key, "g", 3), (key, "f", 4)):
        assert open_part(*other, sealed) is None


def forget_key(folder: Folder) -> None:
    """Leave a complaint's files without their keys."""
    document = folder.document
    files = tuple(replace(each, key=None) for each in document.state.attachments)
    folder.kept.documents[folder.id] = replace(
        document, state=replace(document.state, attachments=files)
    )
