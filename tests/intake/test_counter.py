"""What comes over the counter or on paper, and when it counts as received."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.intake.api.sent import EnterIn
from services.intake.domain.counter import MOST_DAYS, Office, moment_received, slip
from services.intake.domain.filing import Filing, file
from services.intake.handlers import Counter, Entered, Tried
from shared.contracts.intake import Contact
from shared.contracts.vocabulary import Channel, Medium, zone_of
from shared.runtime.access import Officer
from shared.runtime.document import Circumstances, Refused, blank
from tests.intake.doubles import COMPLAINTS, NODE, NOW, InMemoryComplaints, a_draft, an_intake
from tests.intake.folders import OFFICE
from tests.intake.reports import a_body

TODAY = date(2026, 3, 2)
CLERK = Officer("petugas-1", "Petugas", frozenset({"clerk"}))
KEY, TRACE = "key-0123456789abcdef", "00-" + "1" * 32 + "-" + "2" * 16 + "-01"


async def entered(
    kept: InMemoryComplaints,
    officer: Officer = CLERK,
    channel: Channel | Medium = Channel.LETTER,
    received_on: date | None = None,
    **said: str,
) -> Entered:
    """Enter a report at the counter."""
    request = officer.request(KEY, TRACE)
    contact = Contact(phone="+628123456789")
    counter = Counter(an_intake(kept), OFFICE)
    return await counter.enter(a_draft(**said), contact, channel, received_on, request)


def refusal(day: date, now: datetime = NOW) -> tuple[int, str, str | None]:
    """Have a day refused."""
    with pytest.raises(Refused) as refused:
        moment_received(day, NODE, now)
    return refused.value.status, refused.value.code, refused.value.field


def test_07_a_letter_counts_from_the_day_it_came() -> None:
    """The fact is of now; the report was received on that day, by the calendar of the node."""
    filing = Filing(a_draft(), Channel.LETTER, "ref", received_on=date(2026, 2, 25))
    request = CLERK.request(KEY, TRACE)
    under = Circumstances(NOW)
    document = file(COMPLAINTS, blank(COMPLAINTS, "c-1"), filing, request, NODE, under, 0)
    received_at = document.state.received_at
    assert received_at is not None
    assert received_at.astimezone(zone_of(NODE)).date() == date(2026, 2, 25)
    assert document.facts[0]["at"] == "2026-03-02T01:00:00.000Z"
    assert document.facts[0]["by"] == "petugas-1"


@pytest.mark.parametrize("day", [None, TODAY])
def test_what_comes_today_is_received_now(day: date | None) -> None:
    """To the moment."""
    assert moment_received(day, NODE, NOW) == NOW


def test_a_report_cannot_come_tomorrow() -> None:
    """In Ambon the day begins nine hours before it does in UTC."""
    assert refusal(TODAY + timedelta(days=1)) == (422, "in_future", "received_on")
    late = datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert moment_received(date(2026, 3, 3), NODE, late) == late


def test_a_report_is_not_dated_back_without_bound() -> None:
    """The oldest day that is taken is taken; who comes with an older one is told the way on."""
    assert moment_received(TODAY - timedelta(days=MOST_DAYS), NODE, NOW) < NOW
    assert refusal(TODAY - timedelta(days=MOST_DAYS + 1)) == (422, "too_old", "received_on")


def test_what_happened_lies_before_the_letter_came() -> None:
    """A letter does not tell of what happened after it came."""
    draft = a_draft(occurred_on="2026-02-26")
    filing = Filing(draft, Channel.LETTER, "ref", received_on=date(2026, 2, 25))
    request = CLERK.request(KEY, TRACE)
    with pytest.raises(Refused) as refused:
        file(COMPLAINTS, blank(COMPLAINTS, "c"), filing, request, NODE, Circumstances(NOW), 0)
    assert refused.value.field == "occurred_on"


async def test_the_same_entry_twice_is_one() -> None:
    """The slip can be printed again; the same key with another day is refused."""
    kept = InMemoryComplaints()
    assert await entered(kept) == await entered(kept)
    assert len(kept.documents) == 1
    with pytest.raises(Refused) as refused:
        await entered(kept, received_on=date(2026, 2, 25))
    assert refused.value.code == "key_used"


async def test_two_clerks_may_use_one_key() -> None:
    """What each enters is another complaint."""
    kept = InMemoryComplaints()
    other = Officer("petugas-2", "Petugas", frozenset({"clerk"}))
    assert await entered(kept) != await entered(kept, other)
    assert len(kept.documents) == 2


async def test_number_and_pin_of_the_slip_open_the_report() -> None:
    """Whoever filed at the counter follows it as everybody does."""
    kept = InMemoryComplaints()
    said = await entered(kept, channel=Channel.WALK_IN)
    assert said.tracking_number in said.slip
    assert said.pin in said.slip
    document = await an_intake(kept).track(said.tracking_number, Tried(said.pin))
    assert document.facts[0]["data"]["channel"] == "walk_in"
    assert document.state.sealed == 'sealed:{"phone":"+628123456789"}'


@pytest.mark.parametrize(
    ("medium", "channel", "named"),
    [
        ("sms", "phone", "SMS"),
        ("chat", "phone", "WhatsApp or other chat"),
        ("email", "letter", "e-mail"),
        ("social", "letter", "social media"),
    ],
)
async def test_07_what_came_by_another_medium_is_told_beside_a_channel_that_all_know(
    medium: str, channel: str, named: str
) -> None:
    """Statement 7: a clerk types it in by its name, which the slip says, too."""
    kept = InMemoryComplaints()
    entry = EnterIn.model_validate(a_body(channel=medium))
    said = await entered(kept, channel=entry.channel)
    told = kept.documents[said.complaint].facts[0]["data"]
    assert (told["channel"], told["medium"]) == (channel, medium)
    assert f"Channel        : {named}\n" in said.slip


async def test_what_came_by_a_channel_of_the_list_has_no_medium() -> None:
    """The list says it all."""
    kept = InMemoryComplaints()
    said = await entered(kept, channel=Channel.LETTER)
    assert "medium" not in kept.documents[said.complaint].facts[0]["data"]


async def test_who_leaves_no_contact_at_the_counter_takes_the_long_pin_along() -> None:
    """It stands on the slip, with what it is for; nowhere else can it be sent."""
    desk = Counter(an_intake(InMemoryComplaints()), OFFICE)
    request = CLERK.request(KEY, TRACE)
    said = await desk.enter(a_draft(), None, Channel.WALK_IN, None, request)
    assert f"PIN panjang    : {said.long_pin}\n" in said.slip
    assert "The long PIN works also while" in said.slip
    other = await entered(InMemoryComplaints())
    assert other.long_pin is None
    assert "panjang" not in other.slip


async def test_a_slip_says_that_the_report_is_about_another_place() -> None:
    """In both languages, and not which: slips are read by others."""
    here = await entered(InMemoryComplaints())
    elsewhere = await entered(InMemoryComplaints(), area="81.72")
    assert "Tempatnya di luar simpul ini" in elsewhere.slip
    assert "Its place lies outside this node" in elsewhere.slip
    assert "Tual" not in elsewhere.slip
    assert "di luar" not in here.slip


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("long_pin", [None, "7K3M-9QXT-2HAB"])
@pytest.mark.parametrize("channel", [Channel.WALK_IN, Channel.LETTER, Channel.PHONE, *Medium])
def test_a_slip_fits_its_paper(
    channel: Channel | Medium, long_pin: str | None, *, outside: bool
) -> None:
    """48 columns, local date, and not a word of what the report is about."""
    at = datetime(2026, 3, 1, 20, tzinfo=UTC)
    text = slip(OFFICE, channel, at, "8171-7K3M-9QXT-2", "012345", long_pin, outside=outside)
    assert max(len(line) for line in text.splitlines()) <= 48
    assert "02-03-2026" in text


def test_a_slip_names_the_place_and_where_to_look() -> None:
    """As people know them; a long name is broken into lines, and an address never."""
    at, number = datetime(2026, 3, 1, 20, tzinfo=UTC), "8171-7K3M-9QXT-2"
    text = slip(OFFICE, Channel.WALK_IN, at, number, "012345")
    assert "Simpul / Node  : Kota Ambon (8171)" in text
    assert text.endswith(f"Alamat / Address:\n{OFFICE.url}\n")
    long = OFFICE._replace(place="Kabupaten Kepulauan Siau Tagulandang Biaro", url="")
    text = slip(long, Channel.WALK_IN, at, number, "012345")
    assert max(len(line) for line in text.splitlines()) <= 48
    assert "Address" not in text
    assert "Simpul / Node  : 8171\n" in slip(Office("8171"), Channel.PHONE, at, number, "012345")
