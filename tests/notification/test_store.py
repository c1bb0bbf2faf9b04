"""The commands about notices, on a real store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from deploy import notices
from deploy.engines.embedded import EmbeddedStore
from deploy.shapes import documents_of
from services.notification.domain.brake import CLOCK, Brake, pull
from shared.contracts import notification
from shared.runtime.document import Cause, changed, record
from shared.runtime.ports import Change
from shared.runtime.store import MongoStore
from shared.runtime.timing import micros
from tests.notification.doubles import Room

NODE = "8171"


async def test_lost_notices_are_found_and_replayed_page_by_page(store: EmbeddedStore) -> None:
    """However many complaints there are, each of their dead notices is sent again once."""
    kept = MongoStore(store.address, NODE, "notification")
    documents = documents_of("notification", kept, NODE)
    await documents.prepare()
    room, changes = Room(), []
    for n in range(notices.PAGE + 20):
        room.clock.pass_by(timedelta(milliseconds=1))
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
