"""What a reporter can do, over a store in memory."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from services.intake.api.messages import TrackedOut
from services.intake.domain.acts import AGAIN_WITHIN, Rating
from services.intake.domain.complaint import Complaint
from services.intake.domain.tries import MOST_WRONG, WINDOW
from services.intake.handlers import (
    Filed,
    Intake,
    LostPins,
    PinRequests,
    Pins,
    Tried,
    request_of_citizen,
)
from services.intake.handlers.names import of_moment, of_request
from services.intake.handlers.pins import TooManyTries
from shared.contracts.fact import Payload, Redaction
from shared.contracts.followup import (
    AppealDecided,
    AppealRefused,
    CaseReopened,
    CaseResolved,
    DispositionDeclined,
    ResponseGiven,
)
from shared.contracts.intake import ComplaintAmended, Contact, PinRequested, ReporterErased
from shared.contracts.tracking import TrackingNumber
from shared.runtime.asking import Ask, Desk, Judge
from shared.runtime.document import Cause, Circumstances, Document, Refused, record
from shared.runtime.ports import Change, Written
from tests.intake.doubles import (
    COMPLAINTS,
    NOW,
    SECRET,
    UNDER,
    InMemoryComplaints,
    InMemoryCounts,
    a_draft,
    a_fact,
    an_intake,
)

NOBODYS = TrackingNumber("8171", "7K3M9QXT")
KEY, TRACE = "key-0123456789abcdef", "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
NEXT = request_of_citizen(KEY + "2", TRACE)
ANSWER = ResponseGiven(agency="dinas-pu", text="Sudah?")
CLOSED = CaseResolved(agency="dinas-pu")

SLIPS = (
    "8171-7K3M-9QXT-2",
    "81717k3m9qxt2",
    "8171 7K3M9QXT2",
    "kl-042-7K3M-9QXT-2",
    "00-7K3M-9QXT-2",
)
"""Formed as tracking numbers; the last character does not fit."""
NO_NUMBERS = (
    "081234567890",
    "0812345678901",
    "08123456789",
    "8171-7K3M-9QX",
    "8171-7K3M-9QXT-22",
    "PG-1",
)
"""Telephone numbers, characters that are missing or too many, and what is something else."""


@pytest.fixture
def kept() -> InMemoryComplaints:
    """Give an empty store."""
    return InMemoryComplaints()


@pytest.fixture
def desk(kept: InMemoryComplaints) -> Intake:
    """Give the handlers."""
    return an_intake(kept)


async def submitted(desk: Intake, key: str | None = KEY, **said: str) -> Filed:
    """Submit a complaint."""
    return await desk.submit(a_draft(**said), Contact(email="a@b.id"), key, TRACE)


async def test_the_same_key_gets_the_same_answer(desk: Intake, kept: InMemoryComplaints) -> None:
    """Number and PIN are the same, and there is one complaint, named by the key."""
    assert await submitted(desk) == await submitted(desk)
    assert list(kept.documents) == [of_request("citizen", KEY)]


async def test_the_same_key_with_another_report_is_refused(desk: Intake) -> None:
    """Also where only the contact differs, which is never compared in clear."""
    await submitted(desk)
    with pytest.raises(Refused, match="another complaint"):
        await submitted(desk, title="Lain")
    with pytest.raises(Refused, match="another complaint"):
        await desk.submit(a_draft(), Contact(email="c@d.id"), KEY, TRACE)


async def test_without_a_key_each_report_is_another(desk: Intake, kept: InMemoryComplaints) -> None:
    """Ids are UUIDv7 then."""
    assert await submitted(desk, None) != await submitted(desk, None)
    assert {uuid.UUID(each).version for each in kept.documents} == {7}


async def test_the_trace_stands_in_the_fact(desk: Intake, kept: InMemoryComplaints) -> None:
    """Whatever the complaint causes later can be traced to its request."""
    filed = await submitted(desk)
    assert kept.documents[filed.complaint].facts[0]["trace"] == TRACE


@pytest.mark.parametrize(
    ("contact", "reachable"),
    [
        ({"name": "Ibu Sina", "language": "id"}, False),
        ({"name": "Ibu Sina", "phone": "+628123456789"}, True),
        ({"email": "sina@contoh.id"}, True),
    ],
)
async def test_a_name_alone_is_kept_and_reaches_nobody(
    kept: InMemoryComplaints, contact: dict[str, str], *, reachable: bool
) -> None:
    """Notification is told so at once, and a PIN is sent to no name."""
    desk = an_intake(kept)
    filed = await desk.submit(a_draft(), Contact(**contact), KEY, TRACE)
    document = kept.documents[filed.complaint]
    assert document.state.sealed is not None
    assert document.facts[0]["data"]["reachable"] is reachable
    today = datetime(2026, 3, 17, tzinfo=UTC).date()
    assert TrackedOut.of(document, {}, today).reachable is reachable
    requests = PinRequests(InMemoryCounts(), desk.pins.name)
    await LostPins(desk, requests).send(filed.tracking_number, KEY + "2", TRACE)
    asked = [row["type"] for row in kept.documents[filed.complaint].facts[1:]]
    assert asked == (["pin.requested.v1"] if reachable else [])


async def test_number_and_pin_open_the_complaint(desk: Intake) -> None:
    """Typed in small letters and without dashes, too."""
    filed = await submitted(desk)
    typed = filed.tracking_number.lower().replace("-", " ")
    assert (await desk.track(typed, Tried(filed.pin))).id == filed.complaint


async def test_an_unknown_number_and_a_wrong_pin_look_the_same(desk: Intake) -> None:
    """Nobody learns from the answer whether a number exists."""
    filed = await submitted(desk)
    wrong = f"{(int(filed.pin) + 1) % 10**6:06d}"
    said = []
    for number, pin in ((filed.tracking_number, wrong), (str(NOBODYS), "000000")):
        with pytest.raises(Refused) as refusal:
            await desk.track(number, Tried(pin))
        said.append((refusal.value.status, refusal.value.code, refusal.value.detail))
    assert said[0] == said[1]
    assert said[0][0] == 404


async def test_a_mistyped_number_is_told(desk: Intake) -> None:
    """The check character finds the slip before anything is looked up."""
    with pytest.raises(Refused, match="mistyped") as refusal:
        await desk.track(f"{str(NOBODYS)[:-3]}0-{str(NOBODYS)[-1]}", Tried("000000"))
    assert refusal.value.field == "tracking_number"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        *((slip, "at least one of them is mistyped") for slip in SLIPS),
        *((other, "such as 8171-7K3M-9QXT-2") for other in NO_NUMBERS),
    ],
)
async def test_only_of_what_has_its_form_a_slip_is_said(
    desk: Intake, typed: str, said: str
) -> None:
    """Anything else is told what a tracking number looks like, with an example."""
    with pytest.raises(Refused) as refusal:
        await desk.track(typed, Tried("000000"))
    assert said in refusal.value.detail
    assert ("mistyped" in refusal.value.detail) is (typed in SLIPS)


async def test_guessing_ends_for_a_while(kept: InMemoryComplaints) -> None:
    """After five wrong tries even the right PIN is not looked at, until the window is over."""
    now = [0.0]
    desk = an_intake(kept, lambda: now[0])
    filed = await submitted(desk)
    wrong = f"{(int(filed.pin) + 1) % 10**6:06d}"
    for _ in range(MOST_WRONG):
        with pytest.raises(Refused, match="no complaint"):
            await desk.track(filed.tracking_number, Tried(wrong))
    with pytest.raises(TooManyTries) as refusal:
        await desk.track(filed.tracking_number, Tried(filed.pin))
    assert refusal.value.headers["Retry-After"] == str(int(WINDOW) + 1)
    now[0] = WINDOW
    assert (await desk.track(filed.tracking_number, Tried(filed.pin))).id == filed.complaint


async def test_a_reply_said_twice_is_one(desk: Intake) -> None:
    """The same key and text change nothing; the same key with another text is refused."""
    filed = await submitted(desk)
    said = (filed.tracking_number, Tried(filed.pin))
    first = await desk.reply(*said, "Sudah.", NEXT)
    assert await desk.reply(*said, "Sudah.", NEXT) == first
    assert first.state.replies == 1
    for text, key in (("Belum.", KEY + "2"), ("Sudah.", KEY)):
        with pytest.raises(Refused) as refusal:
            await desk.reply(*said, text, request_of_citizen(key, TRACE))
        assert refusal.value.code == "key_used"


@pytest.mark.parametrize(
    ("later", "named", "heard", "replies"),
    [
        (AGAIN_WITHIN, False, (), 1),
        (AGAIN_WITHIN + timedelta(seconds=1), False, (), 2),
        (AGAIN_WITHIN, True, (), 2),
        (AGAIN_WITHIN, False, (ANSWER,), 2),
        (AGAIN_WITHIN, False, (CaseReopened(agency="dinas-pu", because="rejected"), CLOSED), 2),
        (
            AGAIN_WITHIN,
            False,
            (DispositionDeclined(agency="dinas-pu", turn=1, reason="Bukan."),),
            2,
        ),
        (
            AGAIN_WITHIN,
            False,
            (AppealDecided(agency="dinas-pu", outcome="dismissed", reason="Baik."),),
            2,
        ),
    ],
)
async def test_the_same_reply_without_a_key_is_one_for_a_while(
    kept: InMemoryComplaints,
    later: timedelta,
    named: bool,  # noqa: FBT001 - a parameter
    heard: tuple[Payload, ...],
    replies: int,
) -> None:
    """Five minutes, unless a key says that it is another, or somebody did something since."""
    desk = an_intake(kept)
    filed = await submitted(desk)
    said = (filed.tracking_number, Tried(filed.pin), "Sudah.")
    await desk.reply(*said, request_of_citizen(KEY + "3", TRACE, named=False))
    kept.hear(filed.complaint, *heard)
    kept.now = Circumstances(NOW + later)
    again = await desk.reply(*said, request_of_citizen(KEY + "4", TRACE, named=named))
    assert again.state.replies == replies


async def test_what_a_reply_brought_about_does_not_make_its_repeat_another_one(
    kept: InMemoryComplaints,
) -> None:
    """Its first answer may get lost while the report is taken up again because of it."""
    desk = an_intake(kept)
    filed = await submitted(desk)
    kept.hear(filed.complaint, CLOSED)
    kept.now = Circumstances(NOW + timedelta(seconds=1))
    said = (filed.tracking_number, Tried(filed.pin), "Belum beres.")
    first = await desk.reply(*said, request_of_citizen(KEY + "3", TRACE, named=False))
    later = kept.now.now + timedelta(seconds=1)
    kept.now = Circumstances(later)
    for payload in (
        CaseReopened(agency="dinas-pu", because="rejected"),
        AppealRefused(about="f", agency="dinas-pu", because="moot", moot_by="reopened"),
    ):
        heard = replace(a_fact(payload, at=later), cause=first.facts[-1]["id"])
        known = kept.documents[filed.complaint]
        kept.documents[filed.complaint] = replace(known, state=COMPLAINTS.fold(known.state, heard))
    again = await desk.reply(*said, request_of_citizen(KEY + "4", TRACE, named=False))
    assert again.state.replies == 1


class Neighboured(InMemoryComplaints):
    """A store in which whoever asks is judged beside a neighbour, whose write loses its race."""

    neighbour = ""
    writes = 0

    async def ask(self, complaint: str, judge: Judge[Complaint]) -> Document[Complaint]:
        """Have a request judged in a group, as a service does."""
        if not self.neighbour:
            return await super().ask(complaint, judge)
        beside: Ask[Complaint] = Ask(self.neighbour, self._pin)
        asks = [Ask(complaint, judge), beside]
        await Desk(COMPLAINTS, cast("Any", self), cast("Any", self)).settle(asks)
        assert self.writes == 2, "one group, judged twice"
        assert beside.failure is None
        if asks[0].failure is not None:
            raise asks[0].failure
        assert asks[0].after is not None
        return asks[0].after

    async def write(self, changes: Sequence[Change[Complaint]]) -> Written:
        """Write all but the neighbour's first."""
        for each in changes:
            if each.document.id != self.neighbour or self.writes:
                self.documents[each.document.id] = each.document
        self.writes += 1
        return Written(complete=self.writes > 1)

    def under(self) -> Circumstances:
        """Give the time."""
        return self.now

    def _pin(
        self, document: Document[Complaint], under: Circumstances, _draw: int
    ) -> Document[Complaint]:
        return record(COMPLAINTS, document, [PinRequested(sealed="")], Cause("n"), under)


@pytest.mark.parametrize("deed", ["reply", "amend", "rate", "appeal", "withdraw"])
@pytest.mark.parametrize("named", [True, False])
async def test_what_is_stored_is_not_refused_where_a_neighbour_lost_its_race(
    deed: str,
    named: bool,  # noqa: FBT001 - a parameter
) -> None:
    """A group is judged again then, and each finds what it has done; with a key and without."""
    kept = Neighboured()
    desk = an_intake(kept)
    filed, other = await submitted(desk), await submitted(desk, KEY + "9")
    kept.hear(filed.complaint, ANSWER, *[CLOSED] * (deed == "appeal"))
    kept.neighbour = other.complaint
    amendment, rating = ComplaintAmended(text="Sudah."), Rating(2, solved=False)
    said = {"amend": amendment, "rate": rating}.get(deed, "Sudah.")
    request = request_of_citizen(KEY + "2", TRACE, named=named)
    done = await getattr(desk, deed)(filed.tracking_number, Tried(filed.pin), said, request)
    assert done.facts == kept.documents[filed.complaint].facts
    assert len(done.facts) == 2


async def test_a_reply_is_the_same_after_its_words_were_erased(
    desk: Intake, kept: InMemoryComplaints
) -> None:
    """What was said cannot be compared any more; the key alone says that it is the same."""
    filed = await submitted(desk)
    said = (filed.tracking_number, Tried(filed.pin))
    before = await desk.reply(*said, "Saya Budi.", NEXT)
    erasure = ReporterErased(
        redactions=(Redaction(stream="complaints", pair=before.last, field="text"),)
    )
    erased = record(COMPLAINTS, before, [erasure], Cause("erasure"), UNDER)
    kept.documents[filed.complaint] = erased
    assert await desk.reply(*said, "Saya Budi.", NEXT) == erased


async def test_a_reply_needs_the_pin(desk: Intake) -> None:
    """Who only knows the number cannot speak for the reporter."""
    filed = await submitted(desk)
    wrong = f"{(int(filed.pin) + 1) % 10**6:06d}"
    with pytest.raises(Refused, match="no complaint"):
        await desk.reply(filed.tracking_number, Tried(wrong), "Sudah.", NEXT)


def test_pins_come_from_the_secret() -> None:
    """The same complaint has the same PIN, under another secret another; always six digits."""
    pins, others = Pins(SECRET), Pins(b"another secret")
    made = [pins.of(str(n)) for n in range(500)]
    assert made == [pins.of(str(n)) for n in range(500)]
    assert made != [others.of(str(n)) for n in range(500)]
    assert all(len(pin) == 6 and pin.isdigit() for pin in made)
    assert len(set(made)) > 490
    assert "secret" not in repr(pins)


def test_ids_of_a_moment_sort_by_time() -> None:
    """UUIDv7 as RFC 9562 lays it out, seen on the example of its appendix A.6."""
    chance = bytes.fromhex("0CC318C4DC0C0C07398F")
    assert of_moment(0x017F22E279B0, chance) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert of_moment(1, chance) < of_moment(2, bytes(10))
