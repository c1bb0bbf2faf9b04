"""Reports that come over the counter or on paper: when they really came, and what is handed back.

A clerk types them in, sometimes days later; every clock counts from the day they came.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from textwrap import wrap
from typing import NamedTuple

from shared.contracts.vocabulary import Channel, Medium, zone_of
from shared.runtime.document import Refused

WIDTH = 48
MOST_DAYS = 90
"""Days after which a report that came on paper can no longer be dated back to its day."""

_DOORS = {
    Channel.WALK_IN: ("loket", "counter"),
    Channel.LETTER: ("surat atau kotak pengaduan", "letter or complaint box"),
    Channel.PHONE: ("telepon", "telephone"),
    Medium.SMS: ("SMS", "SMS"),
    Medium.CHAT: ("WhatsApp atau pesan lain", "WhatsApp or other chat"),
    Medium.EMAIL: ("surat elektronik", "e-mail"),
    Medium.SOCIAL: ("media sosial", "social media"),
}

_INDONESIAN = (
    "PIN panjang tetap berlaku bila laporan tertutup",
    "karena orang lain mencoba PIN yang salah.",
)
_ENGLISH = (
    "The long PIN works also while the report is",
    "closed because others try wrong PINs.",
)
"""What a long PIN is for."""
_DI_LUAR = (
    "Tempatnya di luar simpul ini: koordinator di",
    "sini menentukan siapa yang harus menjawab.",
)
_OUTSIDE = (
    "Its place lies outside this node: a coordinator",
    "here decides who has to answer.",
)
"""What becomes of a report about another place, without its name."""


def moment_received(received_on: date | None, node: str, now: datetime) -> datetime:
    """Give the moment from which clocks count: now, or noon of the earlier local day it came.

    Raises Refused where that day lies in the future or too far back.
    """
    zone = zone_of(node)
    today = now.astimezone(zone).date()
    if received_on is None or received_on == today:
        return now
    if received_on > today:
        raise Refused(422, "in_future", "A report cannot come in after today.", "received_on")
    if received_on < today - timedelta(days=MOST_DAYS):
        raise Refused(
            422,
            "too_old",
            f"It can be dated back {MOST_DAYS} days at most. Enter it with the earliest day that "
            "is taken, and say in the text when it came.",
            "received_on",
        )
    return datetime.combine(received_on, time(12), zone)


def not_in_future(occurred_on: date | None, node: str, now: datetime) -> None:
    """Refuse what is said to happen after today, by the calendar of the node."""
    if occurred_on and occurred_on > now.astimezone(zone_of(node)).date():
        raise Refused(422, "in_future", "What happened cannot lie in the future.", "occurred_on")


class Office(NamedTuple):
    """Where a report was taken down: the node, what people call it, and where they look it up."""

    node: str
    place: str = ""
    url: str = ""

    @property
    def name(self) -> str:
        """Name the node as it stands on paper."""
        return f"{self.place} ({self.node})" if self.place else self.node


def slip(  # noqa: PLR0913 - each by its name
    office: Office,
    channel: Channel | Medium,
    received_at: datetime,
    number: str,
    pin: str,
    long_pin: str | None = None,
    *,
    outside: bool = False,
) -> str:
    """Write the receipt that is printed and handed over (tanda terima): 48 columns of plain text.

    It does not say what the report is about: slips are lost and read by others. An address is
    never broken, so that it can be typed.
    """
    day = received_at.astimezone(zone_of(office.node)).strftime("%d-%m-%Y")
    indonesian, english = _DOORS[channel]
    lines = (
        "TANDA TERIMA LAPORAN / RECEIPT OF A REPORT",
        "",
        f"Nomor / Number : {number}",
        f"PIN            : {pin}",
        *((f"PIN panjang    : {long_pin}",) if long_pin else ()),
        f"Tanggal / Date : {day}",
        *wrap(f"Simpul / Node  : {office.name}", WIDTH, subsequent_indent=" " * 17),
        f"Kanal          : {indonesian}",
        f"Channel        : {english}",
        "",
        "Simpan tanda terima ini dan rahasiakan PIN-nya.",
        "Dengan nomor dan PIN, laporan dapat dilihat,",
        "dibalas, dilengkapi, dinilai, atau dicabut.",
        *(_INDONESIAN if long_pin else ()),
        *(_DI_LUAR if outside else ()),
        "",
        "Keep this receipt, and keep its PIN to yourself.",
        "With both you can see the report, reply to it,",
        "amend it, rate its answers, or withdraw it.",
        *(_ENGLISH if long_pin else ()),
        *(_OUTSIDE if outside else ()),
        *(("", "Alamat / Address:", office.url) if office.url else ()),
    )
    return "\n".join(lines) + "\n"
