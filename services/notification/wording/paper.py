"""How a letter looks: plain text of 72 columns, Indonesian first."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

WIDTH = 72
CLOSING = (
    "Untuk membaca atau membalas tanpa telepon, bawa tanda terima ke loket.",
    "To read or reply without a telephone, bring the receipt to the counter.",
)


class Letterhead(NamedTuple):
    """What stands above a letter. No name: whoever prints it need not know who the reporter is."""

    node: str
    number: str
    day: date


def letter(head: Letterhead, said: Sequence[Sequence[str]]) -> str:
    """Write a letter; ``said`` has, by language, the text of each notice.

    What is said in the same words more than once stands there once.
    """
    return "\n".join(_lines(head, said)) + "\n"


def _lines(head: Letterhead, said: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "SURAT PEMBERITAHUAN / NOTICE BY LETTER"
    yield ""
    yield f"Nomor / Number : {head.number}"
    yield f"Tanggal / Date : {head.day:%d-%m-%Y}"
    yield f"Simpul / Node  : {head.node}"
    for texts, closing in zip(said, CLOSING, strict=True):
        yield ""
        yield "-" * WIDTH
        for text in (*dict.fromkeys(texts), closing):
            for paragraph in text.strip().split("\n\n"):
                yield ""
                yield from textwrap.wrap(paragraph, WIDTH)
