"""Which agency a complaint may be for, by what coordinators decided before (saran disposisi)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import sqrt

from msgspec import Struct

from services.routing.domain.disposition import Disposition

MODEL = "neighbours.v2"
"""Name and version of the way suggestions are made; stored with each that was shown."""
MOST_SUGGESTED = 3
MOST_WORDS = 80
"""Words of one complaint that are compared, the first ones."""
MOST_NAMED = 5
"""Words that one reason names."""
CERTAINTY = 1.96
"""Standard deviations by which a confidence is cautious: nineteen times of twenty it is more."""
_SAME_CATEGORY, _SAME_AREA, _EACH_WORD, _WANTED = 2.0, 0.5, 0.5, 3.0
_WORD = re.compile(r"[a-z]{4,30}")
_WORDS = """
ada adalah agar akan anda antara atau bagi bahwa bapak baru banyak beberapa belum biasa bisa
boleh bukan cuma dalam dan dapat dari dengan depan dimana dimohon hanya harap hari hingga ibu
ini itu jadi jangan juga kali kalau kalo kami kamu karena karna kata kembali kenapa kepada
ketika kita lagi lain lalu lebih maka malam masih mereka minta mohon namun oleh orang pada pagi
pak para perlu pernah sampai sangat saat saja saya sebagai sebelum segera sejak sekarang sekitar
selalu semua sering serta setelah setiap siang sore suatu sudah supaya tadi tahun tapi telah
tempat tentang terima kasih terus tetapi tidak tolong untuk warga yaitu yang
"""
_EVERYDAY = frozenset(_WORDS.split())
"""Words that say nothing about whom a complaint is for."""


class Suggestion(Struct, frozen=True):
    """An agency that a complaint may be for, with the reasons.

    ``confidence``, from 0 to 1, is its share of the votes as a cautious estimate: see
    ``cautious``. So a single decision says 0.21, and ten that agree 0.72.
    """

    agency: str
    confidence: float
    reasons: tuple[str, ...]


class _Votes:
    """What speaks for one agency."""

    def __init__(self) -> None:
        self.weight = 0.0
        self.decisions = 0
        self.category = self.area = 0
        self.words: dict[str, int] = defaultdict(int)
        self.wanted = False


def suggest(
    asked: Disposition, decided: Iterable[Disposition], agencies: frozenset[str]
) -> Sequence[Suggestion]:
    """Rank agencies for a complaint by earlier decisions; pure, and as long as those are many.

    Each earlier complaint votes for the agency that has it now: by its category, its area and the
    words they share. What an agency declined was no decision. Of agencies only those of the
    register are named.
    """
    votes: dict[str, _Votes] = defaultdict(_Votes)
    words = words_of(asked)
    for each in decided:
        agency = each.agency
        if each.complaint == asked.complaint or each.stage not in ("routed", "resolved"):
            continue
        if agency is not None and agency in agencies:
            _vote(votes[agency], asked, each, words & words_of(each))
    if asked.wanted in agencies and asked.wanted is not None:
        votes[asked.wanted].wanted = True
        votes[asked.wanted].weight += _WANTED
    whole = sum(each.weight for each in votes.values())
    alike = sum(each.decisions for each in votes.values())
    number = alike + any(each.wanted for each in votes.values())
    ranked = sorted(votes.items(), key=lambda pair: (-pair[1].weight, pair[0]))
    return [
        Suggestion(
            agency,
            round(cautious(each.weight / whole, number), 2),
            tuple(_reasons(asked, each, alike)),
        )
        for agency, each in ranked[:MOST_SUGGESTED]
        if each.weight
    ]


def cautious(share: float, number: int) -> float:
    """Give the least share that so many votes make likely: few votes prove little.

    It is the lower end of the score interval of E. B. Wilson, *Probable inference, the law of
    succession, and statistical inference*, Journal of the American Statistical Association 22
    (1927) 209-212. The wish of a reporter is one vote, as each decision is.
    """
    square = CERTAINTY**2 / number
    spread = CERTAINTY * sqrt(share * (1 - share) / number + square / (4 * number))
    return max(0.0, (share + square / 2 - spread) / (1 + square))


def words_of(state: Disposition) -> frozenset[str]:
    """Give the words by which complaints are compared."""
    text = f"{state.title or ''} {state.text or ''}".lower()
    found = (word for word in _WORD.findall(text) if word not in _EVERYDAY)
    return frozenset(list(dict.fromkeys(found))[:MOST_WORDS])


def _vote(votes: _Votes, asked: Disposition, each: Disposition, shared: frozenset[str]) -> None:
    alike = asked.category is not None and each.category == asked.category
    if not shared and not alike:
        return
    votes.decisions += 1
    if alike:
        votes.category += 1
        votes.weight += _SAME_CATEGORY
    if each.area == asked.area:
        votes.area += 1
        votes.weight += _SAME_AREA
    for word in shared:
        votes.words[word] += 1
    votes.weight += _EACH_WORD * len(shared)


def _reasons(asked: Disposition, votes: _Votes, alike: int) -> Iterable[str]:
    if votes.wanted:
        yield "The reporter asked for it."
    if votes.decisions:
        yield f"Of {alike} earlier decisions on similar complaints, {votes.decisions} chose it."
    if votes.category:
        yield f"It has {votes.category} earlier complaints of category {asked.category!r}."
    if votes.area:
        yield f"{votes.area} of its similar ones are from area {asked.area}."
    if votes.words:
        often = sorted(votes.words, key=lambda word: (-votes.words[word], word))[:MOST_NAMED]
        yield f"Its earlier complaints share the words {', '.join(often)}."
