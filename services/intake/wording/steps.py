"""What a step in the history means for its reporter, where the fact does not say it itself."""

from __future__ import annotations

from shared.contracts import followup
from shared.ui.speech import LANGUAGES, Words

SENTENCES: Words = {
    followup.DispositionDeclined.type: (
        "Bukan wewenang instansi ini. Laporan tidak ditutup: dicarikan instansi yang berwenang.",
        "This agency found itself not competent. The report is not closed: it is routed anew.",
    ),
    f"{followup.AppealRefused.type}/late": (
        "Keberatan Anda datang setelah hari terakhirnya, jadi tidak diputuskan.",
        "Your objection came after the last day for it, so nobody decides on it.",
    ),
    f"{followup.AppealRefused.type}/confirmed": (
        "Keberatan Anda tidak diputuskan, karena Anda sendiri menyatakan laporan ini sudah beres.",
        "You said yourself that this was done, so nobody decides on your objection.",
    ),
    f"{followup.AppealRefused.type}/moot": (
        (
            "Keberatan Anda tidak diputuskan lagi: laporan sudah dibuka kembali, diteruskan ke "
            "instansi lain, dicabut, atau mengikuti laporan lain."
        ),
        (
            "Nobody decides on your objection any more: the report was taken up again, passed on "
            "to another agency, withdrawn, or follows another one."
        ),
    ),
}
"""By type of fact, or by that and what came of it."""


def sentence(what: str, outcome: str | None, language: str) -> str | None:
    """Say what a step means in one of the languages; None where nothing is to be added."""
    said = SENTENCES.get(f"{what}/{outcome}") or SENTENCES.get(what)
    return said[LANGUAGES.index(language)] if said else None
