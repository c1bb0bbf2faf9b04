"""Small rows of a public table cannot be read, and not be computed either."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.metrics.domain.hiding import SMALLEST, hidden, kept_back

counted = st.sampled_from((1, 2, 3, 4, 5, 6, 8, 18, 19, 20, 21))
tables = st.dictionaries(st.sampled_from("abc"), counted, min_size=2)


def _published(counts: dict[str, int]) -> tuple[dict[str, int], int, frozenset[str]]:
    kept_back = hidden(counts)
    shown = {name: n for name, n in counts.items() if name not in kept_back}
    return shown, sum(counts.values()), kept_back


def _possible(counts: dict[str, int], name: str) -> set[int]:
    """Compute what a row may be, knowing the table, the names of all rows and how it is made."""
    shown, total, kept_back = _published(counts)
    unknown = sorted(kept_back)
    left = total - sum(shown.values())
    found = set()
    for guess in product(range(1, left + 1), repeat=len(unknown) - 1):
        last = left - sum(guess)
        if last < 1:
            continue
        candidate = {**shown, **dict(zip(unknown, [*guess, last], strict=True))}
        if _published(candidate) == (shown, total, kept_back):
            found.add(candidate[name])
    return found


@settings(max_examples=60, deadline=None)
@given(counts=tables)
def test_49_a_small_row_cannot_be_computed_from_the_others_and_the_total(
    counts: dict[str, int],
) -> None:
    """Statement 49: whoever knows the rows, the total and this very rule is left with a choice."""
    assume(sum(counts.values()) >= SMALLEST)  # of fewer the total alone says nearly all
    for name, count in counts.items():
        if count < SMALLEST:
            assert len(_possible(counts, name)) > 1, (counts, name)


@given(counts=tables)
def test_49_no_small_row_is_shown(counts: dict[str, int]) -> None:
    """Statement 49: fewer than five are never shown by themselves, nor is one row alone hidden."""
    shown, _, kept_back = _published(counts)
    assert all(count >= SMALLEST for count in shown.values())
    assert len(kept_back) != 1 or len(counts) == 1


def test_nothing_is_hidden_without_need() -> None:
    """A table of large rows is shown whole."""
    assert hidden({"jalan": 5, "sampah": 80}) == frozenset()
    assert hidden({}) == frozenset()


@pytest.mark.parametrize(
    ("counts", "kept_back"),
    [
        ({"a": 3, "b": 40, "c": 9}, "ac"),  # alone, 3 would be the total less the others
        ({"a": 1, "b": 1, "c": 9, "d": 30}, "abc"),  # together 2: each could only be 1
        ({"a": 4, "b": 4, "c": 9, "d": 30}, "abc"),  # together 8: each could only be 4
        ({"a": 2, "b": 9, "c": 8, "d": 30}, "ab"),  # not the smallest: that would tell of c
        ({"a": 1, "b": 5, "c": 30}, "abc"),  # together 6: only 1 and 5 are of these classes
        ({"a": 4, "b": 1}, "ab"),
        ({"a": 2}, "a"),
    ],
)
def test_49_others_are_hidden_with_a_small_row(counts: dict[str, int], kept_back: str) -> None:
    """Statement 49: another row keeps them company, or all are hidden."""
    assert hidden(counts) == frozenset(kept_back)


def test_49_what_is_kept_back_of_one_measure_is_kept_back_of_its_group() -> None:
    """Statement 49: what all but tells of a hidden number is hidden with it, and nothing else."""
    rows = {
        "a": {"done": 2, "timed": 9, "late": 9},
        "b": {"done": 9, "timed": 9, "late": 9},
        "c": {"done": 90, "timed": 90, "late": 9},
    }
    found = kept_back(rows, [("done", "timed"), ("late",)])
    assert found == {"a": {"done", "timed"}, "b": {"done", "timed"}, "c": frozenset()}
