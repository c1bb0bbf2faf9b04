"""Two languages: words as plain tables, numbers and dates by the rules of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from fastapi import Depends, Header, Request

LANGUAGES = ("id", "en")
"""Indonesian first."""
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

Words = Mapping[str, tuple[str, str]]
"""What is said, by key, in each of the languages."""

OWN: Words = {
    "skip": ("Langsung ke isi", "Skip to the content"),
    "tagline": (
        "Setiap suara didengar, setiap laporan dijawab.",
        "Every stroke is heard, every report is answered.",
    ),
    "language": ("Bahasa", "Language"),
    "live.on": ("Tersambung, angka bergerak", "Connected, figures are moving"),
    "live.off": ("Sambungan terputus, mencoba lagi", "Connection lost, trying again"),
    "live.paused": ("Dijeda, angka tidak bergerak", "Paused, figures stand still"),
    "live.pause": ("Jeda", "Pause"),
    "live.go": ("Lanjutkan", "Go on"),
    "of": ("{part} dari {whole} ({percent})", "{part} of {whole} ({percent})"),
    "table": ("Lihat sebagai tabel", "Show as a table"),
    "away.title": ("Sedang tidak tersedia", "Not available just now"),
    "away.text": (
        "Angka tidak dapat dibaca saat ini. Tidak ada laporan yang hilang. Silakan muat ulang.",
        "The figures cannot be read just now. No report is lost. Please load the page again.",
    ),
    "away.again": ("Muat ulang", "Load again"),
}
"""The words of the layout."""


@dataclass(frozen=True, slots=True)
class Speech:
    """How a page speaks: one language, one time zone."""

    language: str
    words: Words
    zone: ZoneInfo

    def __call__(self, key: str, **values: object) -> str:
        """Say something; raises KeyError for what has no words."""
        pair = self.words[key] if key in self.words else OWN[key]
        text = spoken(pair, self.language)
        return text.format(**values) if values else text

    @property
    def locale(self) -> Locale:
        """Give the rules of the language: English as it is written outside America."""
        return Locale.parse("id" if self.language == "id" else "en_GB")

    @property
    def zone_name(self) -> str:
        """Name the time zone as people here do."""
        return ZONES.get(self.zone.key, self.zone.key)

    def number(self, number: int) -> str:
        """Write a number."""
        return format_decimal(number, locale=self.locale)

    def share(self, part: int, whole: int) -> str:
        """Write a share with its fraction."""
        percent = format_percent(part / whole if whole else 0, locale=self.locale)
        percent = percent if self.language == "en" else percent.replace("%", "\u00a0%")
        return self("of", part=self.number(part), whole=self.number(whole), percent=percent)

    def clock(self, at: datetime) -> str:
        """Write a local time to the second."""
        form = "HH.mm.ss" if self.language == "id" else "HH:mm:ss"
        return str(format_time(at, form, tzinfo=self.zone, locale=self.locale))

    def date(self, day: date) -> str:
        """Write a date with its weekday."""
        return str(format_date(day, "full", locale=self.locale))


def spoken(said: tuple[str, str], language: str) -> str:
    """Choose one of the languages."""
    return said[LANGUAGES.index(language)]


def day_of(day: date, language: str) -> str:
    """Write a date within a sentence: ``25 Maret 2026``."""
    return str(format_date(day, "long", locale="id" if language == "id" else "en_GB"))


def language_of(request: Request) -> str:
    """Choose the language: by ``?lang=``, else by what the browser prefers, else Indonesian."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    best, weight = LANGUAGES[0], 0.0
    for entry in request.headers.get("accept-language", "")[:200].split(","):
        tag, _, rest = entry.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        language = "id" if language == "in" else language
        if language in LANGUAGES and (found := _weight(rest)) > weight:
            best, weight = language, found
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


async def _language(
    request: Request,
    _shown: Annotated[
        str | None,
        Header(alias="Accept-Language", description="``id`` or ``en``; Indonesian by default."),
    ] = None,
) -> str:
    return language_of(request)


Language = Annotated[str, Depends(_language)]
"""The language of the sentences that a route answers with."""
