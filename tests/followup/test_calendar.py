"""Working days of Indonesia: the worked table, and what holds of every day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.followup.domain.cases import Cases
from services.followup.domain.policy import DEFAULT, Term
from shared.contracts.calendar import Calendar, _after, _days_off
from shared.contracts.fact import Fact, Pair
from shared.contracts.vocabulary import zone_of
from tests.desk import received
from tests.followup.doubles import AMBON

LENGTHS = (3, 5, 10, 14, 60)
WORKED = {
    "2020-10-07": ("2020-10-12", "2020-10-14", "2020-10-21", "2020-10-27", "2021-01-11"),
    "2022-07-06": ("2022-07-11", "2022-07-13", "2022-07-20", "2022-07-26", "2022-09-29"),
    "2023-11-16": ("2023-11-21", "2023-11-23", "2023-11-30", "2023-12-06", "2024-02-16"),
    "2025-03-27": ("2025-04-10", "2025-04-14", "2025-04-22", "2025-04-28", "2025-07-11"),
    "2026-03-17": ("2026-03-27", "2026-03-31", "2026-04-08", "2026-04-14", "2026-06-26"),
    "2026-12-22": ("2026-12-29", "2026-12-31", "2027-01-11", "2027-01-15", "2027-04-02"),
}
DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))
LONG = st.integers(0, 70)


@pytest.mark.parametrize("received_on", WORKED)
@pytest.mark.parametrize("nth", range(5))
def test_worked_due_dates(received_on: str, nth: int) -> None:
    """Statement 24: every row of the worked table comes out."""
    due = AMBON.after(date.fromisoformat(received_on), LENGTHS[nth])
    assert due.isoformat() == WORKED[received_on][nth]


@settings(deadline=None)
@given(DAYS, st.integers(1, 70))
def test_what_is_due_is_due_on_a_working_day(day: date, length: int) -> None:
    """No clock ends on a day on which nobody works."""
    due = AMBON.after(day, length)
    assert AMBON.works(due)
    assert due > day


@settings(deadline=None)
@given(DAYS, LONG, LONG)
def test_counting_is_additive(day: date, first: int, second: int) -> None:
    """Counting on from a due date is counting both lengths at once."""
    assert AMBON.after(AMBON.after(day, first), second) == AMBON.after(day, first + second)


@settings(deadline=None)
@given(DAYS, st.integers(0, 40), LONG)
def test_who_comes_later_is_due_no_earlier(day: date, wait: int, length: int) -> None:
    """A later day gives no earlier due date, and a longer clock a later one."""
    due = AMBON.after(day, length)
    assert AMBON.after(day + timedelta(days=wait), length) >= due
    assert AMBON.after(day, length + 1) > due


@settings(deadline=None)
@given(DAYS, LONG)
def test_exactly_so_many_working_days_lie_between(day: date, length: int) -> None:
    """Counted by hand, as many working days lie after the first day as the clock has."""
    due = AMBON.after(day, length)
    between = (day + timedelta(days=n) for n in range(1, (due - day).days + 1))
    assert sum(AMBON.works(each) for each in between) == length


@settings(deadline=None)
@given(DAYS, st.integers(1, 70), st.frozensets(DAYS, max_size=5))
def test_no_day_off_is_ever_counted(day: date, length: int, closed: frozenset[date]) -> None:
    """What is counted and what is named as not counted make up every day between, each once."""
    calendar = Calendar(AMBON.zone, closed)
    due = calendar.after(day, length)
    left_out = dict(calendar.skipped(day, due, "id"))
    assert calendar.between(day, due) == length
    assert len(left_out) == (due - day).days - length
    assert not any(calendar.works(each) for each in left_out)
    assert due not in left_out


def test_a_national_day_off_can_be_worked_here() -> None:
    """A day on which the nation rests counts where this node says that it works."""
    open_ = Calendar(AMBON.zone, opened=frozenset({date(2026, 3, 18), date(2026, 3, 21)}))
    assert open_.after(date(2026, 3, 17), 1) == date(2026, 3, 18)
    assert not open_.works(date(2026, 3, 21))  # a Saturday


def test_a_local_day_off_moves_what_is_due() -> None:
    """A day on which only this node rests is no working day here."""
    shut = Calendar(AMBON.zone, frozenset({date(2026, 11, 25)}))
    assert AMBON.after(date(2026, 11, 24), 1) == date(2026, 11, 25)
    assert shut.after(date(2026, 11, 24), 1) == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("node", "utc_hour", "day"),
    [
        ("8171", 14, "2026-11-20"),  # Ambon, WIT: Friday 23:00
        ("8171", 15, "2026-11-21"),  # midnight has passed
        ("7371", 15, "2026-11-20"),  # Makassar, WITA: Friday 23:00
        ("7371", 16, "2026-11-21"),
        ("3171", 16, "2026-11-20"),  # Jakarta, WIB: Friday 23:00
        ("3171", 17, "2026-11-21"),
    ],
)
def test_a_day_is_that_of_the_handling_node(node: str, utc_hour: int, day: str) -> None:
    """Statement 25: the day changes at midnight WIB, WITA or WIT, by the node's province."""
    moment = datetime(2026, 11, 20, utc_hour, tzinfo=UTC)
    assert Calendar(zone_of(node)).local_day(moment).isoformat() == day


def test_late_on_friday_in_ambon_is_friday() -> None:
    """Statement 25: received at 23:30 WIT on Friday, three working days end on Wednesday."""
    friday = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert AMBON.after(AMBON.local_day(friday), 3) == date(2026, 11, 25)


def test_a_day_is_over_at_its_last_second() -> None:
    """What is due on a day is late from the node's next midnight on, and not a second before."""
    assert AMBON.end_of(date(2026, 11, 25)) == datetime(2026, 11, 25, 15, tzinfo=UTC)


def test_ten_thousand_complaints_count_each_day_once() -> None:
    """Folding many complaints of one day asks the calendar once, and holidays once a year."""
    cases = Cases(Calendar(zone_of("8171"), frozenset({date(2001, 1, 1)})), DEFAULT)
    said = received(datetime(2026, 3, 17, 3, tzinfo=UTC))
    fact = Fact("f", Pair(0, 1), said.type, said.received_at, "c", None, None, None, said)
    counted, asked = _after.cache_info().misses, _days_off.cache_info().misses
    for _ in range(10_000):
        state = cases.fold(cases.begin("c"), fact)
    assert state.due_on(Term.VERIFY) == date(2026, 3, 27)
    assert _after.cache_info().misses - counted == 1
    assert _days_off.cache_info().misses - asked <= 1
