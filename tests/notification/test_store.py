"""The commands about notices, on a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from deploy import notices
from deploy.engines.embedded import EmbeddedStore
from deploy.shapes import documents_of
from services.notification.domain.brake import CLOCK, Brake, pull
from services.notification.domain.notice import Notices
from services.notification.store import SHAPE, Both
from shared.contracts import notification
from shared.runtime.asking import Desk
from shared.runtime.document import Cause, changed, record
from shared.runtime.ports import Change
from shared.runtime.store import MongoStore, Shape
from shared.runtime.timing import micros
from tests.notification.doubles import Room

NODE = "8171"


@pytest.mark.parametrize("apart", [1, 0], ids=["one after the other", "in one moment"])
async def test_lost_notices_are_found_and_replayed_page_by_page(
    store: EmbeddedStore, apart: int
) -> None:
    """However many complaints there are, each of their dead notices is sent again once."""
    kept = MongoStore(store.address, NODE, "notification")
    documents = documents_of("notification", kept, NODE)
    await documents.prepare()
    room, changes = Room(), []
    for n in range(notices.PAGE + 20):
        room.clock.pass_by(timedelta(milliseconds=apart))
        room.receive(f"c{n}")
        room.contact(f"c{n}")
        waits = room.documents.kept[f"c{n}"]
        dead = notification.NoticeDead(
            notice=waits.state.pending[0].notice,
            about="complaint.received.v1",
            audience="reporter",
            channel="email",
            reason="later",
        )
        under = room.clock.under()
        after = record(room.ledger, waits, [dead], Cause(f"n{n}"), under)
        ready = changed(room.ledger, waits, after, marked=False, at=micros(under.now))
        changes.append(Change(msgspec.structs.replace(ready, version=1), 0))
    assert (await documents.write(changes)).complete
    assert len(await notices.lost(store.address, NODE)) == len(changes)
    assert await notices.replay(store.address, NODE, ("dead",), "op", "c3") == 1
    assert await notices.replay(store.address, NODE, ("dead",), "op") == len(changes) - 1
    assert await notices.lost(store.address, NODE) == []
    found = await documents.window("due_at", 0, micros(datetime.now(UTC)) + 1, 1000)
    assert len(found) == len(changes)
    kept.close()


async def test_the_brake_is_kept_in_the_store(store: EmbeddedStore) -> None:
    """What one process pulled, the command shows and releases."""
    kept = MongoStore(store.address, NODE, "notification")
    pulled = pull(Brake(), CLOCK, "the clock leapt.", datetime.now(UTC))
    await kept.notes.write("brake", msgspec.to_builtins(pulled))
    assert (await notices.brake(store.address, NODE)).pulled == pulled.pulled
    await notices.release(store.address, NODE, "op", "Benar.")
    assert [each.what for each in (await notices.brake(store.address, NODE)).history] == [
        "pulled",
        "released",
    ]
    kept.close()


async def test_what_was_due_by_older_rules_keeps_nothing_from_going_out(
    store: EmbeddedStore,
) -> None:
    """A notice that rests by now stands among what is due until it is looked at, and once."""
    kept = MongoStore(store.address, NODE, "notification")
    documents = kept.documents("complaints", SHAPE)
    await documents.prepare()
    room = Room()
    at = micros(room.clock.now)
    for complaint in ("rests", "rests-too", "goes-out"):
        room.receive(complaint, reachable=False)
        room.route(complaint)
    room.open("goes-out")
    older = Shape(state=Notices, finds=lambda _state: {"due_at": at}, indexed={"due_at": 0})
    waits = room.documents.kept.values()
    changes = [Change(msgspec.structs.replace(each, version=1), 0) for each in waits]
    assert (await kept.documents("complaints", older).write(changes)).complete
    room.desk = Desk(room.ledger, documents, room.clock)
    post = replace(room.notification, kept=Both(documents, room.apart.documents))
    due = await post.due(10)
    assert {each.complaint for each in due} == {"rests", "rests-too", "goes-out"}
    taken = {each.complaint: (await post.claim(each, "me")).pending for each in due}
    assert {each for each, pending in taken.items() if pending} == {"goes-out"}
    assert await post.due(10) == []
    written = await documents.load(list(taken))
    assert {each.version for each in written.values()} == {2}
    assert all(written[each].state == room.state(each) for each in ("rests", "rests-too"))
    kept.close()
