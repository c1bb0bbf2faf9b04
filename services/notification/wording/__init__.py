"""What a notice says: a file per language and recipient, in it a section per event.

A section begins with ``== `` and the event, has a subject and a short text (for SMS and chat),
and after an empty line the body of a mail. A template is filled with the complaint's number,
the agency's name and a date: none has room for what somebody wrote or for a name, and a single one
for a PIN, which was asked for. Of a confidential complaint (rahasia) only the section ``rahasia``
is said, whatever happened (and the PIN, when it is asked for): it does not even name the agency,
which might tell what it is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notification.domain.audiences import AGENCY, REPORTER, TABLE, VARIANTS
from shared.ui.speech import LANGUAGES, day_of

HERE = Path(__file__).parent
VEIL = "rahasia"
LOOK = {
    "id": "Lihat laporan Anda dengan nomor laporan dan PIN di {page}",
    "en": "See your report with its number and your PIN at {page}",
}
"""Ends a mail to a reporter where the node has a page for them: in a line of its own."""
LOOK_THERE = {
    "id": "Lihat laporan Anda dengan nomor laporan dan PIN melalui saluran tempat Anda melapor.",
    "en": "See your report with its number and your PIN through the channel by which you filed it.",
}
"""Ends one where there is none."""
_SECTION = re.compile(r"^== (\S+)\n", re.MULTILINE)
_FORM = re.compile(
    r"subject: (?P<subject>[^\n]+)\nshort: (?P<short>[^\n]+)\n\n(?P<body>\S.*)", re.DOTALL
)


class NotWorded(Exception):
    """A file has no words for a line of the table, or words that cannot be read."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one notice says in one language."""

    subject: str
    short: str
    """All that is said by SMS or chat: it must fit 160 characters."""
    body: str


class Wording:
    """Every template, read once."""

    def __init__(self, folder: Path = HERE) -> None:
        """Read the files; raises NotWorded where anything that could be sent has no words."""
        # Plain text is sent, so nothing is escaped; the sandbox is for files that a node changes.
        self._environment = ImmutableSandboxedEnvironment(
            autoescape=False,
            undefined=StrictUndefined,
        )
        self.templates: Mapping[tuple[str, str, str], Mapping[str, Template]] = {
            (language, recipient, about): parts
            for language in LANGUAGES
            for recipient in (REPORTER, AGENCY)
            for about, parts in self._read(folder / language / f"{recipient}.txt")
        }
        for language in LANGUAGES:
            lines = [(line.recipient, line.about) for line in TABLE]
            veils = ((REPORTER, VEIL), (AGENCY, VEIL))
            for recipient, about in (*lines, *veils, *VARIANTS):
                if (language, recipient, about) not in self.templates:
                    raise NotWorded(f"{language}/{recipient}.txt has no section {about}")

    def say(  # noqa: PLR0913 - all that a template may name
        self,
        language: str,
        recipient: str,
        about: str,
        *,
        number: str,
        agency: str | None,
        pin: str | None = None,
        main: str | None = None,
        until: date | None = None,
    ) -> Words:
        """Fill a template in; raises KeyError where there is none."""
        parts = self.templates[language, recipient, about]
        short = f"{until:%d-%m-%Y}" if until else None
        days = {"short": short, "body": day_of(until, language) if until else None}
        said = {
            name: template.render(
                number=number, agency=agency, pin=pin, main=main, until=days.get(name, short)
            )
            for name, template in parts.items()
        }
        return Words(_line(said["subject"]), _line(said["short"]), _paragraphs(said["body"]))

    def _read(self, file: Path) -> Iterator[tuple[str, Mapping[str, Template]]]:
        _, *found = _SECTION.split(file.read_text("utf-8"))
        for about, text in zip(found[::2], found[1::2], strict=True):
            form = _FORM.fullmatch(text.strip())
            if form is None:
                raise NotWorded(f"{file.name}: section {about} is not subject, short and body")
            yield (
                about,
                {
                    name: self._environment.from_string(part)
                    for name, part in form.groupdict().items()
                },
            )


def _line(text: str) -> str:
    """Make one line of it: a line break in a subject would end the header."""
    return " ".join(text.split())


def _paragraphs(text: str) -> str:
    """Join the lines of each paragraph: they are broken for whoever edits the file."""
    return "\n\n".join(filter(None, map(_line, text.split("\n\n")))) + "\n"
