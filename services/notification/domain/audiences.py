"""Who hears what: a table of events, recipients and channels that everything else reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REPORTER, AGENCY = "reporter", "agency"
EMAIL, CHAT, SMS = "email", "chat", "sms"
PIN = "pin.requested.v1"
"""What the one notice is about that carries a secret."""
DEFERRED = "complaint.deferred.v1"
"""Of this a letter says more than a mail: who has no telephone cannot look it up."""

ROUTED, DECLINED, ASKED = "complaint.routed.v1", "disposition.declined.v1", "contribution.asked.v1"
"""What hands a report on to an agency, takes it from one, and asks another to help it."""

DIGEST = "digest"
"""What the one notice is about that no single fact gives rise to."""

INTERIM = "response.given.v1/interim"
CONFIRMED, LAPSED = "case.resolved.v1/confirmed", "case.resolved.v1/lapsed"
MOOT, OBJECTED = "appeal.refused.v1/reopened", "case.reopened.v1/objected"
UPHELD, DISMISSED = "appeal.decided.v1/upheld", "appeal.decided.v1/dismissed"
FOLLOWS = "reporter.replied.v1/main"
"""What is said of a fact where there is more than one thing to be said."""

HOME = (EMAIL, CHAT, SMS)
"""How a reporter is reached: what costs nothing comes first."""
OFFICE = (EMAIL,)

EVER, KEPT, ALONE = "ever", "kept", "alone"
"""How long a notice says what is so: what happened stays so, whatever comes; the rest no longer
once the report was taken back, and most of that only while it follows no other."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One line of the table: a fact, one who hears of it, and by which channels.

    A later channel is taken where no earlier one has an address, or the earlier one has come to
    nothing. ``urgent`` passes the quiet hours. Where ``held``, an agency hears of it only if it has
    the complaint by then; else the notice waits for one. What only ``leads`` may act on goes to who
    leads the agency, what ``shares`` its work out to the unit that the fact names, where the
    register says how to reach them. ``holds`` says how long it is worth sending.
    """

    about: str
    recipient: str
    channels: tuple[str, ...]
    urgent: bool = False
    held: bool = False
    leads: bool = False
    shares: bool = False
    holds: str = ALONE


TABLE = (
    # The receipt passes the quiet hours: whoever reports at night is awake and waits for it.
    Concern("complaint.received.v1", REPORTER, HOME, urgent=True, holds=EVER),
    # Who lost a PIN is waiting for it as well; intake bounds how often it can be asked for.
    Concern(PIN, REPORTER, HOME, urgent=True, holds=EVER),
    Concern(DEFERRED, REPORTER, HOME),
    Concern("complaint.archived.v1", REPORTER, HOME, holds=EVER),
    Concern("complaint.restored.v1", REPORTER, HOME),
    Concern("complaint.merged.v1", REPORTER, HOME, holds=KEPT),
    Concern("complaint.unmerged.v1", REPORTER, HOME),
    Concern("complaint.unmerged.v1", AGENCY, OFFICE, held=True),
    Concern("main.progressed.v1", REPORTER, HOME, holds=KEPT),
    Concern(ROUTED, REPORTER, HOME),
    Concern(ROUTED, AGENCY, OFFICE),
    Concern(ASKED, AGENCY, OFFICE),
    Concern("case.assigned.v1", AGENCY, OFFICE, shares=True),
    Concern("complaint.withdrawn.v1", AGENCY, OFFICE, holds=EVER),
    Concern("reporter.replied.v1", AGENCY, OFFICE, holds=EVER),
    Concern(DECLINED, REPORTER, HOME),
    Concern("response.given.v1", REPORTER, HOME, holds=EVER),
    Concern("response.drafted.v1", AGENCY, OFFICE, leads=True),
    Concern("draft.returned.v1", AGENCY, OFFICE),
    Concern("closing.announced.v1", REPORTER, HOME),
    Concern("case.resolved.v1", REPORTER, HOME),
    Concern("case.reopened.v1", REPORTER, HOME),
    Concern("case.reopened.v1", AGENCY, OFFICE),
    Concern("case.escalated.v1", AGENCY, OFFICE),
    # an objection is decided all the same while the report follows another
    Concern("appeal.filed.v1", REPORTER, HOME, holds=KEPT),
    Concern("appeal.filed.v1", AGENCY, OFFICE, leads=True, holds=KEPT),
    Concern("appeal.refused.v1", REPORTER, HOME, holds=EVER),
    Concern("appeal.decided.v1", REPORTER, HOME, holds=EVER),
    Concern("appeal.decided.v1", AGENCY, OFFICE, holds=EVER),
    Concern("appeal.missed.v1", AGENCY, OFFICE, leads=True, holds=KEPT),
    Concern("deadline.missed.v1", AGENCY, OFFICE),
    Concern("completion.missed.v1", AGENCY, OFFICE),
)
"""A line may stand here before anybody tells its fact: it then waits for the first one."""

BY_EVENT: Mapping[str, tuple[Concern, ...]] = {
    line.about: tuple(each for each in TABLE if each.about == line.about) for line in TABLE
}
BY_PAIR: Mapping[tuple[str, str], Concern] = {
    (line.about, line.recipient): line for line in (*TABLE, Concern(DIGEST, AGENCY, OFFICE))
}
VARIANTS = (
    (REPORTER, INTERIM),
    (REPORTER, CONFIRMED),
    (REPORTER, LAPSED),
    (REPORTER, MOOT),
    (REPORTER, OBJECTED),
    (REPORTER, UPHELD),
    (REPORTER, DISMISSED),
    (AGENCY, UPHELD),
    (AGENCY, DISMISSED),
    (AGENCY, FOLLOWS),
)
"""Further words beside those for each line, by who hears them."""
CAME_BY: Mapping[str, str] = {"phone": SMS, "sms": SMS, "chat": CHAT}
"""By which channel a reporter wants to hear, where the door of the complaint tells it."""


def concern(about: str, recipient: str) -> Concern:
    """Find a line; raises KeyError where it was taken out while notices of it waited."""
    return BY_PAIR[about, recipient]


def channels(line: Concern, came_by: str | None) -> tuple[str, ...]:
    """Give the channels of a line in the order in which they are tried for this complaint."""
    first = CAME_BY.get(came_by or "")
    if line.recipient != REPORTER or first not in line.channels:
        return line.channels
    return (first, *(each for each in line.channels if each != first))
