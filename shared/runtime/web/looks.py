"""Looks on record: their purpose, how they are shown, and the operator's at what officers wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple, Protocol, TypeVar

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel

from shared.contracts.fact import Pair
from shared.runtime.access import Admitted
from shared.runtime.document import Document, Refused
from shared.runtime.looking import MOST_LOOKS, Look, Looks
from shared.runtime.ports import Shelf
from shared.runtime.redacting import Written, written
from shared.runtime.web.bodies import create_router

_PURPOSE = re.compile(r"[\x20-\x7e]{3,200}")


async def _purpose(
    purpose: Annotated[
        str | None,
        Header(alias="Kentongan-Purpose", description="What you look for, in 3 to 200 characters."),
    ] = None,
) -> str:
    if purpose is None or _PURPOSE.fullmatch(purpose.strip()) is None:
        raise Refused(
            400,
            "wrong_header",
            "Say in Kentongan-Purpose what you look for, in 3 to 200 visible ASCII characters.",
            "Kentongan-Purpose",
        )
    return purpose.strip()


Purpose = Annotated[str, Depends(_purpose)]
"""Written down with who looked and when (tujuan pemrosesan, UU 27/2022)."""


class LooksPage(NamedTuple):
    """Which looks are asked for."""

    after: str
    limit: int

    async def of(self, looks: Looks, complaint: str) -> tuple[Sequence[Look], str | None]:
        """Give the page, oldest first, and where the next one begins."""
        found = await looks.of(complaint, self.after, self.limit)
        return found, found[-1].place if len(found) == self.limit else None


async def _page(
    after: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_LOOKS)] = 50,
) -> LooksPage:
    return LooksPage(after, limit)


AskedLooks = Annotated[LooksPage, Depends(_page)]
"""What the query says of a page of looks."""


class LookOut(BaseModel):
    """Somebody looked: an officer of an agency or of the node."""

    by: str
    agency: str | None
    purpose: str
    at: datetime

    @classmethod
    def of(cls, look: Look) -> LookOut:
        """Show a look."""
        return cls(by=look.by, agency=look.agency, purpose=look.purpose, at=look.at)


class LooksOut(BaseModel):
    """A page of looks; ``next`` continues it, None at its end."""

    items: list[LookOut]
    next: str | None


WORDS = "words"


class Reported(Protocol):
    """A state that knows whether the report is confidential, and its reporter erased."""

    @property
    def confidential(self) -> bool:
        """Say whether it is shown to those alone who handle it (rahasia)."""

    @property
    def erased_at(self) -> datetime | None:
        """Say when the reporter was first erased (penghapusan data pribadi); None if never."""


Of = TypeVar("Of", bound=Reported)


class WordOut(BaseModel):
    """Words that an erasure can name, by ``stream``, ``pair`` and ``field``."""

    stream: str
    pair: tuple[int, int]
    field: str
    type: str
    at: datetime
    by: str | None
    text: str

    @classmethod
    def of(cls, stream: str, found: Written) -> WordOut:
        """Show words."""
        row = found.row
        return cls(
            stream=stream,
            pair=Pair(*row["pair"]),
            field=found.field,
            type=row["type"],
            at=datetime.fromisoformat(row["at"]),
            by=row["by"],
            text=found.text,
        )


class WordsOut(BaseModel):
    """What officers wrote of a complaint and no erasure has blanked, oldest first."""

    complaint: str
    items: list[WordOut]


def create_words(
    path: str, stream: str, documents: Shelf[Of], looks: Looks, now: Callable[[], datetime]
) -> APIRouter:
    """Build the routes beside a complaint at ``path``; ``stream`` is what the service tells."""
    api = create_router(f"{path}/{WORDS}", ["operator"])

    @api.get("")
    async def words(complaint: str, who: Admitted, purpose: Purpose) -> WordsOut:
        """Give all that officers wrote here, so that an erasure can name what names the person.

        Each entry has what ``also`` of the erasure takes. Who looked, when and what for is
        written down first. Before an erasure was heard here nobody looks: 409 says what to do.
        From above the node no confidential report is seen.
        """
        document = _seen(await documents.load([complaint]), complaint, above=who.sight.above)
        await looks.add(Look(complaint, WORDS, who.subject, who.agency, purpose, now()))
        found = [WordOut.of(stream, each) for each in written(stream, document.facts)]
        return WordsOut(complaint=complaint, items=found)

    @api.get("/looks")
    async def seen(complaint: str, _who: Admitted, asked: AskedLooks) -> LooksOut:
        """List who looked at these words, when and what for, oldest first (catatan akses)."""
        found, more = await asked.of(looks, complaint)
        return LooksOut(items=[LookOut.of(each) for each in found], next=more)

    return api


def _seen(found: dict[str, Document[Of]], complaint: str, *, above: bool) -> Document[Any]:
    document = found.get(complaint)
    if document is None or (above and document.state.confidential):
        raise Refused(404, "not_found", "There is no such complaint.")
    if document.state.erased_at is None:
        raise Refused(
            409,
            "not_erased",
            "These words are shown for an erasure alone. Erase the reporter at intake first, and "
            "ask again once it was heard here, within seconds.",
        )
    return document
