"""What an outside publisher hands in, and goes on to say about it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING

import orjson

from services.intake.domain.records import request_of
from services.intake.handlers import of_request
from shared.contracts.intake import Submission
from shared.runtime.ports import Message
from tests.simulation.bus import PUBLISHER
from tests.simulation.files import named
from tests.simulation.handed_in import a_contact, a_draft
from tests.simulation.parts import SUBMISSIONS
from tests.simulation.scheduler import Suspension

if TYPE_CHECKING:
    from tests.simulation.people import People


async def submit(people: People, mark: str) -> str | None:
    """Publish a submission, now and then twice, now and then one that cannot be accepted."""
    good = people.chance.random() > 0.1
    draft = a_draft(people.chance, mark).model_dump(mode="json", exclude_none=True)
    draft["attachments"] = named(mark)
    if not good:
        draft["area"] = "nowhere"
    elif sealed := a_contact(people.chance):
        draft["reporter"] = sealed
    key = of_request(PUBLISHER, mark)
    message = a_record(mark, Submission.type, mark, draft)
    people.journal.records[mark] = good
    people.busy += 1
    people.scheduler.spawn(f"said {mark}", say(people, mark, good=good))
    if Random(f"{mark} late").random() < 0.2:  # what is said of it may come first
        await Suspension(20, people.hurried)
    while not judged(people, key, mark):
        people.broker.append(message)
        await Suspension(20 if people.chance.random() < 0.9 else 0.01)
    return key if good else None


async def say(people: People, mark: str, *, good: bool) -> None:
    """Publish what a reporter adds, answers or takes back; now and then twice, or too early."""
    key, chance = of_request(PUBLISHER, mark), Random(mark)
    for number in range(chance.randrange(4)):
        await Suspension(20 * chance.random(), people.hurried)
        record = f"{mark}/said-{number}"
        kind = chance.choice(("replied", "replied", "replied", "amended", "withdrawn"))
        body: dict[str, object] = {"submission": mark, "reference": mark, "text": f"Kata {record}."}
        body["attachments"] = named(record)
        message = a_record(record, f"submission.{kind}.v1", mark, body)
        people.journal.records[record] = None if good else False
        while not judged(people, key, record):
            people.broker.append(message)
            await Suspension(20 if chance.random() < 0.9 else 0.01)
        if Random(record).random() < 0.3:  # long after: whatever came meanwhile, it is answered so
            await Suspension(20)
            people.broker.append(message)
    people.busy -= 1


def judged(people: People, key: str, record: str) -> bool:
    """Say whether intake has decided on a record that makes a complaint, or is about it."""
    document = people.document("intake", key)
    if document is None:
        return False
    refused = bool(document.state.refusal) and document.state.record == record
    away = record in {each.record for each in document.state.turned_away}
    return refused or away or document.answered(request_of(PUBLISHER, record)) is not None


def a_record(record: str, kind: str, key: str, body: Mapping[str, object]) -> Message:
    """Build a record as the publisher writes it, in binary mode."""
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", record.encode()),
        ("ce_type", kind.encode()),
        ("ce_source", b"/dinsos"),
    ]
    return Message(SUBMISSIONS, key.encode(), headers, orjson.dumps(body))
