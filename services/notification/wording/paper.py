"""How a letter looks: plain text of 72 columns, Indonesian first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from shared.contracts.routing import Missing
from shared.ui.speech import LANGUAGES, day_of

WIDTH = 72
LANGUAGE_OF_OFFICERS = "id"
CLOSING = (
    "Untuk membaca atau membalas tanpa telepon, bawa tanda terima ke loket.",
    "To read or reply without a telephone, bring the receipt to the counter.",
)

GAPS: Mapping[str, Mapping[str, str]] = {
    "id": {
        Missing.WHAT: "apa yang terjadi",
        Missing.WHERE: "di mana",
        Missing.WHEN: "kapan",
        Missing.WHO: "siapa yang dilaporkan",
        Missing.HOW: "bagaimana kejadiannya",
        Missing.EVIDENCE: "bukti pendukung",
        Missing.IDENTITY: "identitas pelapor",
        Missing.OTHER: "lainnya",
    },
    "en": {
        Missing.WHAT: "what happened",
        Missing.WHERE: "where",
        Missing.WHEN: "when",
        Missing.WHO: "who it is about",
        Missing.HOW: "how it happened",
        Missing.EVIDENCE: "evidence",
        Missing.IDENTITY: "who you are",
        Missing.OTHER: "something else",
    },
}
"""How a letter names what a report lacks; a code that is not known stands as it is."""
INCOMPLETE = {
    "id": "Yang kurang: {gaps}. Mohon dilengkapi paling lambat tanggal {day}.",
    "en": "What is missing: {gaps}. Please complete it by {day}.",
}

WRITTEN = {
    "id": "Yang ditulis petugas:",
    "en": "What the officer wrote stands above, unchanged.",
}
"""Before what an officer wrote, which stands once, in the first language; and in its place."""


class Letterhead(NamedTuple):
    """What stands above a letter. No name: paper lies about; who hands it over is shown it."""

    node: str
    """Its place and code, as people know it."""
    number: str
    day: date
    url: str = ""
    """Where the reporter can look."""


def incomplete(language: str, missing: Iterable[tuple[str, str | None]], day: date) -> str:
    """Say what a report lacks, and the last day on which it may come, in a paragraph."""
    named = GAPS[language]
    gaps = (
        f"{named.get(code, code)} ({' '.join(words.split())})" if words else named.get(code, code)
        for code, words in missing
    )
    return INCOMPLETE[language].format(gaps="; ".join(gaps), day=day_of(day, language))


def quoted(language: str, words: str) -> str:
    """Say what an officer wrote to the reporter, line by line, in paragraphs."""
    if language != LANGUAGE_OF_OFFICERS:
        return WRITTEN[language]
    lines = (" ".join(line.split()) for line in words.splitlines())
    return "\n\n".join([WRITTEN[language], *filter(None, lines)])


def letter(head: Letterhead, said: Sequence[Sequence[str]]) -> str:
    """Write a letter; ``said`` has, by language, the text of each notice.

    What is said in the same words more than once stands there once.
    """
    return "\n".join(_lines(head, said)) + "\n"


def _lines(head: Letterhead, said: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "SURAT PEMBERITAHUAN / NOTICE BY LETTER"
    yield ""
    yield f"Nomor / Number : {head.number}"
    days = dict.fromkeys(day_of(head.day, language) for language in LANGUAGES)
    yield f"Tanggal / Date : {' / '.join(days)}"
    yield from textwrap.wrap(f"Simpul / Node  : {head.node}", WIDTH, subsequent_indent=" " * 17)
    if head.url:
        yield f"Alamat/Address : {head.url}"
    for texts, closing in zip(said, CLOSING, strict=True):
        yield ""
        yield "-" * WIDTH
        for text in (*dict.fromkeys(texts), closing):
            for paragraph in text.strip().split("\n\n"):
                yield ""
                yield from textwrap.wrap(paragraph, WIDTH)
