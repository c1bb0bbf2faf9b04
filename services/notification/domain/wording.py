"""What a notice says: a template per fact, audience and language. Indonesian stands first.

No template has room for what somebody wrote, for a name or for a PIN; of a confidential complaint
(rahasia) not even the agency is named, which might tell what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.notification.domain.notice import AGENCY, REPORTER

LANGUAGES = ("id", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a body; ``{number}`` and ``{agency}`` are filled in."""

    subject: str
    body: str


Template = Mapping[str, Words]
"""By language."""

_SENT = "complaint.received.v1", REPORTER
_ROUTED = "complaint.routed.v1", REPORTER
_DEFERRED = "complaint.deferred.v1", REPORTER
_ARCHIVED = "complaint.archived.v1", REPORTER
_RESTORED = "complaint.restored.v1", REPORTER
_ANSWERED = "response.given.v1", REPORTER
_RESOLVED = "case.resolved.v1", REPORTER
_ASSIGNED = "complaint.routed.v1", AGENCY
_LATE = "deadline.missed.v1", AGENCY

TEMPLATES: Mapping[tuple[str, str], Template] = {
    _SENT: {
        "id": Words(
            "Laporan {number} sudah kami terima",
            "Laporan Anda sudah kami terima dengan nomor {number}. Simpan nomor ini: dengan nomor "
            "dan PIN Anda dapat melihat perkembangannya kapan saja.",
        ),
        "en": Words(
            "We have received report {number}",
            "We have received your report; its number is {number}. Keep it: with the number and "
            "your PIN you can see at any time where your report stands.",
        ),
    },
    _ROUTED: {
        "id": Words(
            "Laporan {number} sudah diteruskan",
            "Laporan Anda nomor {number} sudah diteruskan kepada {agency}, yang akan "
            "menindaklanjutinya.",
        ),
        "en": Words(
            "Report {number} has been passed on",
            "Your report {number} has been passed on to {agency}, which will follow it up.",
        ),
    },
    _DEFERRED: {
        "id": Words(
            "Laporan {number} perlu dilengkapi",
            "Laporan Anda nomor {number} belum dapat ditindaklanjuti karena ada yang perlu "
            "dilengkapi. Lihat apa saja, dan sampai kapan, dengan nomor laporan dan PIN Anda, lalu "
            "balas di sana. Laporan yang tidak dilengkapi akan diarsipkan.",
        ),
        "en": Words(
            "Report {number} needs more information",
            "Your report {number} cannot be followed up yet, because something is missing. See "
            "what it is, and until when you have time, with the report's number and your PIN, and "
            "reply there. A report that is not completed will be archived.",
        ),
    },
    _ARCHIVED: {
        "id": Words(
            "Laporan {number} diarsipkan",
            "Laporan Anda nomor {number} diarsipkan tanpa ditindaklanjuti. Alasannya dapat dibaca "
            "dengan nomor laporan dan PIN Anda.",
        ),
        "en": Words(
            "Report {number} has been archived",
            "Your report {number} has been archived without being followed up. Read the reason "
            "with the report's number and your PIN.",
        ),
    },
    _RESTORED: {
        "id": Words(
            "Laporan {number} dibuka kembali",
            "Laporan Anda nomor {number} dikeluarkan dari arsip dan menunggu pemeriksaan lagi.",
        ),
        "en": Words(
            "Report {number} has been reopened",
            "Your report {number} was taken out of the archive and waits to be checked again.",
        ),
    },
    _ANSWERED: {
        "id": Words(
            "Laporan {number} sudah ditanggapi",
            "{agency} sudah menanggapi laporan Anda nomor {number}. Baca tanggapannya dengan nomor "
            "laporan dan PIN Anda.",
        ),
        "en": Words(
            "Report {number} has been answered",
            "{agency} has answered your report {number}. Read the answer with the report's number "
            "and your PIN.",
        ),
    },
    _RESOLVED: {
        "id": Words(
            "Laporan {number} selesai",
            "{agency} menyatakan laporan Anda nomor {number} selesai. Jika menurut Anda belum, "
            "sampaikan dengan nomor laporan dan PIN Anda.",
        ),
        "en": Words(
            "Report {number} is closed",
            "{agency} has closed your report {number}. If you think that it is not done, say so "
            "with the report's number and your PIN.",
        ),
    },
    _ASSIGNED: {
        "id": Words(
            "Laporan {number} menunggu tanggapan {agency}",
            "Laporan nomor {number} diteruskan kepada {agency}. Mohon ditindaklanjuti dalam batas "
            "waktu. Isinya dapat dibaca setelah masuk sebagai pejabat penghubung.",
        ),
        "en": Words(
            "Report {number} waits for an answer by {agency}",
            "Report {number} was passed on to {agency}. Please follow it up in time. Sign in as "
            "liaison officer to read it.",
        ),
    },
    _LATE: {
        "id": Words(
            "Laporan {number} melewati tenggat",
            "Laporan nomor {number} pada {agency} belum ditanggapi dan sudah melewati tenggat. "
            "Mohon segera ditanggapi.",
        ),
        "en": Words(
            "Report {number} is overdue",
            "Report {number} lies with {agency}, was not answered, and is past its deadline. "
            "Please answer it now.",
        ),
    },
}
"""By type of the fact and audience."""

VEILED: Mapping[str, Template] = {
    REPORTER: {
        "id": Words(
            "Kabar tentang laporan {number}",
            "Ada kabar tentang laporan Anda nomor {number}. Baca dengan nomor laporan dan PIN "
            "Anda.",
        ),
        "en": Words(
            "News of report {number}",
            "There is news of your report {number}. Read it with the report's number and your PIN.",
        ),
    },
    AGENCY: {
        "id": Words(
            "Laporan rahasia {number}",
            "Laporan rahasia nomor {number} memerlukan tindakan Anda. Isinya dapat dibaca setelah "
            "masuk sebagai pejabat penghubung.",
        ),
        "en": Words(
            "Confidential report {number}",
            "Confidential report {number} needs you to act. Sign in as liaison officer to read it.",
        ),
    },
}
"""What is said of a confidential complaint, whatever happened; by audience."""

SOMEBODY: Mapping[str, str] = {"id": "instansi yang berwenang", "en": "the agency in charge"}


def word(about: str, audience: str, number: str, agency: str | None, *, veiled: bool) -> Words:
    """Word a notice in every language, one below the other."""
    template = VEILED[audience] if veiled else TEMPLATES[about, audience]
    said = [
        Words(words.subject.format(**filling), words.body.format(**filling))
        for language, words in ((language, template[language]) for language in LANGUAGES)
        for filling in [{"number": number, "agency": agency or SOMEBODY[language]}]
    ]
    return Words(
        " / ".join(words.subject for words in said),
        "\n\n---\n\n".join(words.body for words in said) + "\n",
    )
