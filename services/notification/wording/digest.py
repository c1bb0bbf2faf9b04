"""What a digest says: so many reports are late or due soon, and which they are.

It names reports by number and date alone, so those that are confidential can stand among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services.notification.domain.digests import MOST_COUNTED, Digest, DueCase
from services.notification.wording import Words
from shared.ui.speech import day_of

_SAID: Mapping[str, Mapping[str, str]] = {
    "id": {
        "subject": "{agency}: {count} laporan lewat tenggat atau segera jatuh tempo",
        "head": "Laporan yang menunggu {agency}, per tanggal {day}:",
        "late": "Lewat tenggat:",
        "soon": "Segera jatuh tempo:",
        "due": "- {number}, batas waktu {day}",
        "more": "dan {count} laporan lagi.",
        "most": "dan {count} laporan lagi, atau lebih.",
        "foot": "Isinya dapat dibaca setelah masuk sebagai pejabat penghubung.",
        "agency": "instansi Anda",
    },
    "en": {
        "subject": "{agency}: reports late or due soon: {count}",
        "head": "Reports that wait for {agency}, as of {day}:",
        "late": "Late:",
        "soon": "Due soon:",
        "due": "- {number}, due on {day}",
        "more": "and {count} more.",
        "most": "and {count} more, or beyond.",
        "foot": "Sign in as liaison officer to read them.",
        "agency": "your agency",
    },
}


def digest_words(language: str, digest: Digest, agency: str | None) -> Words:
    """Word a digest in Indonesian or English."""
    said = _SAID[language]
    agency = " ".join((agency or said["agency"]).split())
    count = str(len(digest.late) + len(digest.soon) + digest.more)
    if digest.more >= MOST_COUNTED:
        count += "+"
    subject = said["subject"].format(agency=agency, count=count)
    parts = [said["head"].format(agency=agency, day=day_of(digest.day, language))]
    parts += _listed(language, "late", digest.late)
    parts += _listed(language, "soon", digest.soon)
    if digest.more:
        beyond = "most" if digest.more >= MOST_COUNTED else "more"
        parts.append(said[beyond].format(count=digest.more))
    return Words(subject, subject, "\n\n".join([*parts, said["foot"]]) + "\n")


def _listed(language: str, which: str, cases: Sequence[DueCase]) -> Iterator[str]:
    said = _SAID[language]
    if cases:
        days = ((each.number, day_of(each.due_on, language)) for each in cases)
        lines = (said["due"].format(number=number, day=day) for number, day in days)
        yield "\n".join([said[which], *lines])
