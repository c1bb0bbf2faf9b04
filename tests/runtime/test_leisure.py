"""What nobody waits for is heard together, and never lost."""

from __future__ import annotations

from shared.runtime.bus.leisure import LONGER, MANY, Leisure
from shared.runtime.ports import Record

PAUSE = 1.0


def of(topic: str, *offsets: int, partition: int = 0) -> list[Record]:
    """Give records of one partition."""
    return [Record(topic, partition, each, None, (), b"") for each in offsets]


def leisure(most: int = 10) -> Leisure:
    """Keep back everything but submissions."""
    return Leisure(["submissions"], PAUSE, most)


def take(keeping: Leisure, *found: list[Record], now: float) -> list[Record]:
    """Keep what was fetched, and give what is due then."""
    for records in found:
        keeping.keep(records, now)
    return keeping.due(now)


def test_what_is_awaited_is_heard_at_once() -> None:
    """Who waits for a receipt does not wait for company."""
    keeping = leisure()
    keeping.keep(of("submissions", 1), now=50)
    assert keeping.wait(now=50) == 0
    assert keeping.due(now=50) == of("submissions", 1)


def test_what_nobody_waits_for_is_kept_for_a_while() -> None:
    """It comes together, with what is awaited then or alone, a pause after the first of it."""
    keeping = leisure()
    assert keeping.wait(now=50) is None
    assert take(keeping, of("cases", 2), of("submissions", 7), now=50) == of("submissions", 7)
    assert take(keeping, of("notices", 4), now=50.5) == []
    assert keeping.wait(now=50.75) == 0.25
    assert take(keeping, of("submissions", 8), now=51) == [
        *of("submissions", 8),
        *of("cases", 2),
        *of("notices", 4),
    ]
    assert keeping.wait(now=51) is None
    assert take(keeping, of("cases", 3), now=51) == []
    assert keeping.due(now=52) == of("cases", 3)


def test_half_a_batch_is_not_kept_back() -> None:
    """What is kept is bounded, and leaves room for what is awaited."""
    keeping = leisure(most=6)
    assert take(keeping, of("cases", 2, 3), now=50.1) == []
    assert keeping.room == 4
    assert take(keeping, of("cases", 4), now=50.2) == of("cases", 2, 3, 4)
    assert keeping.room == 6


def test_where_many_come_they_are_waited_for_longer() -> None:
    """What several streams say of one complaint within seconds is written once."""
    keeping = leisure(most=10 * MANY)
    assert take(keeping, of("cases", *range(MANY - 1)), now=50) == []
    assert keeping.wait(now=50) == PAUSE
    assert take(keeping, of("dispositions", 1), now=50 + PAUSE) == []
    assert keeping.wait(now=50 + PAUSE) == (LONGER - 1) * PAUSE
    assert len(keeping.due(now=50 + LONGER * PAUSE)) == MANY


def test_where_nothing_is_awaited_a_whole_batch_is_kept() -> None:
    """Nobody needs the room."""
    keeping = Leisure([], PAUSE, 6)
    assert take(keeping, of("cases", *range(5)), now=50) == []
    assert len(take(keeping, of("cases", 5), now=50)) == 6


def test_what_is_fetched_again_is_no_longer_kept() -> None:
    """Otherwise it could be committed before what lies below it was heard."""
    keeping = leisure()
    keeping.keep(of("cases", 2) + of("cases", 5, partition=1) + of("submissions", 3), now=50)
    keeping.forget(("cases", 0))
    assert keeping.due(now=51) == of("submissions", 3) + of("cases", 5, partition=1)
    keeping.keep(of("cases", 3) + of("submissions", 4), now=51)
    keeping.forget()
    assert keeping.due(now=99) == []
