"""Whether notices went out once, to whom they were for; and whether a PIN opens its report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from services.intake.domain.acts import BETWEEN_PINS
from services.notification.domain.audiences import PIN
from tests.simulation.agreement import documents
from tests.simulation.handed_in import inside
from tests.simulation.pins import PINS
from tests.simulation.world import World


def contacts_arrived(world: World) -> Iterator[str]:
    """Notification has the sealed contact that intake has."""
    for key, document in documents(world, "intake").items():
        theirs = documents(world, "notification").get(key)
        if theirs is None or not document.facts:
            continue
        if theirs.state.sealed != document.state.sealed:
            yield f"notification has another contact of {key[:8]}"


def nothing_was_delivered_twice(world: World) -> Iterator[str]:
    """A notice is delivered once, and said so; only an uncertain one may have been delivered."""
    ended: Counter[str] = Counter()
    for key, document in documents(world, "notification").items():
        for row in document.facts:
            notice = row["data"]["notice"]
            ended[notice] += 1
            times = world.mailbox.delivered[notice]
            allowed = {"notice.sent.v1": (1,), "notice.failed.v1": (0,)}.get(row["type"], (0, 1))
            if times not in allowed and notice not in world.lost.notices:
                yield f"a notice of {key[:8]} was delivered {times} times: {row['type']}"
        waiting = [each for each in document.state.pending if document.state.can_send(each)]
        if waiting and not document.held:
            yield f"{len(waiting)} notices of {key[:8]} were never tried to the end"
    if ended and ended.most_common(1)[0][1] > 1:
        yield f"a notice ended {ended.most_common(1)[0][1]} times"
    for notice, times in world.mailbox.delivered.items():
        if notice not in ended and notice not in world.lost.notices:
            yield f"a notice was delivered {times} times and nobody noted it"


def pins_open_what_they_are_for(world: World) -> Iterator[str]:
    """A PIN that was asked for opens its report alone, is not sent twice at once, and lies nowhere.

    Each time it is sent, it is not sent again for twice as long as the time before.
    """
    for key, document in documents(world, "intake").items():
        asked = [row for row in document.facts if row["type"] == PIN]
        right, number = PINS.long(key), document.state.tracking_number or ""
        told = {each.body for each in world.mailbox.written[key] if each.notice == PIN}
        if any(inside(row["data"]["sealed"]) != right for row in asked):
            yield f"what was sealed for {key[:8]} is not its PIN"
        if any(right not in body or number not in body for body in told):
            yield f"who lost the PIN of {key[:8]} was told another"
        if told and not asked and key not in world.lost.complaints:
            yield f"nobody has asked for the PIN of {key[:8]}"
        times = [datetime.fromisoformat(row["at"]) for row in asked]
        for sent, (one, other) in enumerate(pairwise(times)):
            if other - one < min(BETWEEN_PINS * 2**sent, timedelta(days=30)):
                yield f"the PIN of {key[:8]} was sent at {one} and at {other}"
        view = documents(world, "notification").get(key)
        if view is not None and view.state.pin and not view.held:
            yield f"notification keeps a PIN of {key[:8]} that it need not send"
