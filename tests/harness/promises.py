"""What the people of a test were promised, and whether it was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from confluent_kafka import KafkaException

from tests.harness.people import Filed
from tests.harness.publisher import Publisher, Told
from tests.harness.waiting import until
from tests.harness.world import World


def receipts(publisher: Publisher) -> dict[str, Told]:
    """Give one receipt for each record, by ``ce_id``; every repeat must say the same."""
    found: dict[str, Told] = {}
    for _, receipt in publisher.told("receipts"):
        known = found.setdefault(str(receipt.get("record")), receipt)
        assert known == receipt, f"two receipts for one record: {known} and {receipt}"
    return found


def await_receipts(
    publisher: Publisher, submitted: Mapping[str, str], *, patience: float = 300.0
) -> dict[str, Told]:
    """Wait until each record, by reference and ``ce_id``, has its receipt.

    A record that a broker forgot is sent again, as a publisher does that misses a receipt.
    """
    found: dict[str, Told] = {}
    looks = Counter[str]()

    def missing() -> list[str]:
        try:
            found.update(receipts(publisher))
        except KafkaException as away:  # the broker has only just come back
            return [str(away)]
        lacking = {name: event for name, event in submitted.items() if event not in found}
        looks["all"] += 1
        if looks["all"] % 20 == 0:
            for reference, event in lacking.items():
                publisher.again(reference, event)
        return list(lacking)[:10]

    until(missing, patience=patience, every=0.5)
    return {event: found[event] for event in submitted.values()}


def accepted(told: Iterable[Told]) -> set[str]:
    """Give the complaints of receipts, all of which must be accepted, each for one record."""
    complaints = [str(receipt.get("complaint")) for receipt in told]
    assert "None" not in complaints, list(told)
    assert len(complaints) == len(set(complaints)), "two records became one complaint"
    return set(complaints)


def same_answers(world: World, filed: Collection[Filed]) -> None:
    """Ask again with the same keys: each answer must be the very same."""
    for each in filed:
        answer = world.citizen.file(key=each.key, **each.body)
        assert answer.answer == each.answer, f"{each.answer} became {answer.answer}"


def await_status(world: World, filed: Filed, status: str) -> dict[str, Any]:
    """Wait until its reporter reads that a report has come to a status; give what is read."""
    shown: list[dict[str, Any]] = []

    def reached() -> bool:
        shown.append(world.citizen.track(filed))
        return bool(shown[-1]["status"] == status)

    world.wait(reached, f"{filed.tracking_number} is {status}")
    return shown[-1]
