"""What reporters are told beside the facts, in a sentence."""

from __future__ import annotations

from datetime import date

from shared.ui.speech import Words, day_of, spoken

UNHEEDED: Words = {
    "archived": (
        "Laporan ini diarsipkan; balasan disimpan, tetapi tidak membuatnya ditangani lagi.",
        "It is archived; a reply is kept, but nobody takes it up again by it.",
    ),
    "closed": (
        (
            "Laporan ini ditutup; balasan disimpan, tetapi tidak membukanya lagi. Buatlah laporan "
            "baru yang menyebut nomor laporan ini."
        ),
        (
            "It is closed; a reply is kept, but does not take it up again. File a new report that "
            "names its number."
        ),
    ),
    "over": (
        (
            "Laporan ini dapat dibuka kembali sampai {until}; balasan disimpan, tetapi tidak lagi "
            "mengubah apa pun. Buatlah laporan baru yang menyebut nomor laporan ini."
        ),
        (
            "It could be taken up again until {until}; a reply is kept, but changes nothing now. "
            "File a new report that names its number."
        ),
    ),
}
"""Why a reply changes nothing; ``until`` is a date."""
PIN_ASKED = (
    (
        "Bila ada laporan dengan nomor ini dan pelapornya meninggalkan kontak, PIN panjang sedang "
        "dikirim ke sana, kecuali baru saja dikirim. PIN itu selalu sama, dan membuka laporan juga "
        "selama tertutup karena PIN yang salah."
    ),
    (
        "If there is a report with this number and its reporter left a contact, a long PIN is on "
        "its way there, unless one was sent a short while ago. It is always the same, and opens "
        "the report also while wrong PINs keep it closed."
    ),
)
"""What everybody is told who asks for a PIN."""


OUTSIDE = (
    (
        "{area} berada di luar {place}. Laporan tetap diterima: koordinator di sini menelaahnya "
        "dan menentukan siapa yang harus menjawab."
    ),
    (
        "{area} lies outside {place}. The report is taken all the same: a coordinator here reads "
        "it and decides who has to answer."
    ),
)
"""What is told who reports from a place that is not this node's."""


def outside_words(places: tuple[str, str] | None, language: str) -> str | None:
    """Say that a place lies outside another; nothing where it does not."""
    if places is None:
        return None
    area, place = places
    return spoken(OUTSIDE, language).format(area=area, place=place)


def unheeded_because(why: str, until: date | None, language: str) -> str:
    """Say why a reply changes nothing."""
    return spoken(UNHEEDED[why], language).format(until=day_of(until, language) if until else "")
