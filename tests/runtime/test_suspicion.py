"""Which records may be redeliveries of an owner that died before telling."""

from __future__ import annotations

from shared.runtime.suspicion import Part, Suspicion

ONE: Part = ("complaints", 0)
OTHER: Part = ("complaints", 1)


def owner_of(*parts: Part, session: float = 10.0) -> Suspicion:
    """Get partitions at second 100."""
    suspicion = Suspicion(session)
    suspicion.assigned(set(parts), 100.0)
    return suspicion


def test_without_a_mark_everything_is_suspect() -> None:
    """Before the end of the log is noted any record may be a redelivery."""
    suspicion = owner_of(ONE)
    assert suspicion.suspect(ONE, 0)
    assert suspicion.suspect(ONE, 10**12)


def test_the_end_is_noted_one_session_later() -> None:
    """Only then no earlier owner can fetch any more; not a moment before."""
    suspicion = owner_of(ONE, OTHER)
    assert suspicion.ripe(109.9) == set()
    assert suspicion.ripe(110.0) == {ONE, OTHER}


def test_what_lies_before_the_noted_end_is_suspect() -> None:
    """The record at the end and those after it came when nobody else could have heard them."""
    suspicion = owner_of(ONE, OTHER)
    suspicion.note(ONE, 7)
    assert [offset for offset in range(10) if suspicion.suspect(ONE, offset)] == list(range(7))
    assert suspicion.suspect(OTHER, 7)


def test_an_end_is_noted_once() -> None:
    """A partition with a mark is not ripe again, however late it is."""
    suspicion = owner_of(ONE, OTHER)
    suspicion.note(ONE, 7)
    assert suspicion.ripe(1000.0) == {OTHER}


def test_a_partition_that_comes_back_is_suspect_anew() -> None:
    """A process that slept past its session does not see who had it meanwhile."""
    suspicion = owner_of(ONE)
    suspicion.note(ONE, 7)
    suspicion.assigned({ONE}, 200.0)
    assert suspicion.suspect(ONE, 8)
    assert suspicion.ripe(209.0) == set()
    assert suspicion.ripe(210.0) == {ONE}


def test_an_end_that_was_read_too_late_is_not_noted() -> None:
    """When the partition has gone to another process, its end says nothing here."""
    suspicion = owner_of(ONE)
    suspicion.assigned({OTHER}, 200.0)
    suspicion.note(ONE, 7)
    suspicion.assigned({ONE, OTHER}, 300.0)
    assert suspicion.suspect(ONE, 8)
    assert suspicion.ripe(310.0) == {ONE, OTHER}


def test_a_batch_that_failed_is_suspect_again() -> None:
    """It may have failed between its write and its telling; the end is noted anew for it."""
    suspicion = owner_of(ONE, OTHER)
    suspicion.note(ONE, 7)
    suspicion.note(OTHER, 7)
    suspicion.doubt(ONE, 200.0)
    assert suspicion.suspect(ONE, 9)
    assert not suspicion.suspect(OTHER, 9)
    assert suspicion.ripe(209.9) == set()
    assert suspicion.ripe(210.0) == {ONE}


def test_nothing_is_doubted_that_is_not_owned() -> None:
    """Who owns it by now suspects it anyway."""
    suspicion = owner_of(ONE)
    suspicion.doubt(OTHER, 200.0)
    assert suspicion.ripe(300.0) == {ONE}


def test_it_is_settled_while_every_owned_partition_has_its_mark() -> None:
    """There is nothing to note between the last mark and the next assignment or doubt."""
    suspicion = Suspicion(session=10)
    assert suspicion.settled()
    suspicion.assigned({("t", 0), ("t", 1)}, now=0)
    suspicion.note(("t", 0), 5)
    assert not suspicion.settled()
    suspicion.note(("t", 1), 5)
    assert suspicion.settled()
    suspicion.doubt(("t", 0), now=20)
    assert not suspicion.settled()
