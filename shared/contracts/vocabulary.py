"""Words that more than one service speaks: nodes, kinds, channels."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from shared.contracts.wording import Explained, Worded, written

NodeCode = Annotated[
    str,
    Worded(
        pattern=r"^([0-9]{2}|[0-9]{4}|kl-[0-9]{3})$",
        sentence="A node code is two or four digits (Kemendagri, without the dot), such as 00, 81 "
        "or 8171, or kl- and three digits, such as kl-042.",
    ),
]
"""Kemendagri code without the dot: ``00`` nation, ``81`` province, ``8171`` city, ``kl-042``."""
AgencyCode = Annotated[
    str,
    Worded(
        pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$",
        sentence="An agency code is up to 40 small letters, digits, dots and dashes, such as "
        "dinas-pu.",
    ),
]
Reference = Annotated[
    str,
    Worded(
        pattern=r"^[\x21-\x7e]{1,128}$",
        sentence="A reference is 1 to 128 visible ASCII characters without spaces.",
    ),
]
"""A publisher's own name for a record: printable ASCII without spaces."""
MOST_AGENCIES = 2_000
"""Agencies that one node's register names."""
CategoryCode = Annotated[
    str,
    Worded(
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        sentence="A category code is up to 40 small letters, digits and dashes, such as jalan.",
    ),
]
QuestionCode = Annotated[
    str,
    Worded(
        pattern=r"^[a-z][a-z0-9-]{0,39}$",
        sentence="A question's code is up to 40 small letters, digits and dashes, such as "
        "kedalaman.",
    ),
]
LONGEST_ANSWER = 500
"""Characters of one answer."""
MOST_QUESTIONS = 20
"""Questions of one category."""
AnswerText = Annotated[str, written(LONGEST_ANSWER)]
Answer = Annotated[
    StrictBool | StrictInt | AnswerText,
    Explained(f"Answer with true, false, a whole number, or 1 to {LONGEST_ANSWER} characters."),
]
"""What can be answered to a question of a category."""
AreaCode = Annotated[
    str,
    Worded(
        pattern=r"^[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?$",
        sentence="An area code (kode wilayah Kemendagri) is digits with dots: 81 is a province, "
        "81.71 a city, 81.71.02 a district, 81.71.02.2003 a village.",
    ),
]
"""Kemendagri area code with dots: ``81.71.02``."""
WrittenNumber = Annotated[
    str,
    Worded(
        pattern=r"^([0-9]{2}|[0-9]{4}|KL[0-9]{3})(-[0-9A-HJKMNP-TV-Z]{4}){2}-[0-9A-HJKMNP-TV-Z]$",
        sentence="A tracking number is written as it was given: 8171-7K3M-9QXT-2.",
    ),
]
"""A tracking number (nomor pelacakan) as it is printed; its check character may be wrong."""


class Kind(StrEnum):
    """What a report asks for (klasifikasi laporan)."""

    COMPLAINT = "complaint"
    """Pengaduan."""
    ASPIRATION = "aspiration"
    """Aspirasi."""
    INFORMATION_REQUEST = "information_request"
    """Permintaan informasi."""


Score = Annotated[int, Field(ge=1, le=5)]
"""How content the reporter is: 1 not at all, 5 entirely."""
PLACES = 4
"""Decimals of a degree that are kept of a point: about eleven metres, enough to find a pothole."""


def _rounded(degrees: float) -> float:
    return round(degrees, PLACES)


class Point(BaseModel):
    """A point in Indonesia (titik lokasi): WGS 84, in degrees, rounded to four decimals.

    From Rote to Rondo, from Benggala to the meridian through Papua, with the waters between.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    latitude: Annotated[
        float,
        Field(ge=-11.2, le=6.3),
        AfterValidator(_rounded),
        Explained("A latitude in Indonesia is a number from -11.2 to 6.3, such as -3.6954."),
    ]
    """North of the equator; south of it is negative."""
    longitude: Annotated[
        float,
        Field(ge=94.8, le=141.1),
        AfterValidator(_rounded),
        Explained("A longitude in Indonesia is a number from 94.8 to 141.1, such as 128.1814."),
    ]
    """East of Greenwich."""

    @property
    def pair(self) -> tuple[float, float]:
        """Give latitude and longitude."""
        return self.latitude, self.longitude


class Answered(BaseModel):
    """A question of the category, as it was asked, and the reporter's answer (jawaban)."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    question: QuestionCode
    asked: AnswerText
    answer: AnswerText
    """In one form for each kind: ``12``, ``2026-03-17``, ``ya`` or ``tidak``, else as written."""


class Channel(StrEnum):
    """By which door a complaint came in (kanal)."""

    WEB = "web"
    PUBLISHER = "publisher"
    WALK_IN = "walk_in"
    """Over the counter (loket)."""
    LETTER = "letter"
    """By letter, or from the complaint box (kotak pengaduan)."""
    PHONE = "phone"


class Medium(StrEnum):
    """What a clerk typed a report in from, where its channel alone does not say (media laporan)."""

    SMS = "sms"
    CHAT = "chat"
    """WhatsApp, Telegram, LINE, Messenger."""
    EMAIL = "email"
    """Surat elektronik."""
    SOCIAL = "social"
    """Written in public: a post or a mention (media sosial)."""

    @property
    def channel(self) -> Channel:
        """Give the channel that stands for it: the list of those is closed."""
        return Channel.PHONE if self in (Medium.SMS, Medium.CHAT) else Channel.LETTER


class ErasureReason(StrEnum):
    """Why a reporter's personal data was destroyed (UU 27/2022 on personal data)."""

    REQUEST = "request"
    """The person asked for it."""
    CONSENT = "consent"
    """The person withdrew consent."""
    RETENTION = "retention"
    """It was kept for as long as it was needed."""
    ORDER = "order"
    """An authority ordered it."""


class Clock(StrEnum):
    """A clock that runs on a complaint (tenggat)."""

    VERIFY = "verify"
    RESPOND = "respond"


_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96", "97"})


def zone_of(node: str) -> ZoneInfo:
    """Give a node's time zone by its province: WIB, WITA or WIT (Keppres 41/1987)."""
    if node[:2] in _WIT:
        return ZoneInfo("Asia/Jayapura")
    return ZoneInfo("Asia/Makassar" if node[:2] in _WITA else "Asia/Jakarta")
