"""What each step of a report means to its reporter, in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.intake.domain.categories import Category
from shared.contracts import followup, intake, routing
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded, AttachmentRefused
from shared.ui.speech import LANGUAGES, Words, day_of

STEPS: Words = {
    intake.ComplaintReceived.type: (
        "Laporan Anda kami terima.",
        "We have received your report.",
    ),
    intake.ComplaintAmended.type: (
        "Anda menambahkan keterangan.",
        "You added to your report.",
    ),
    f"{intake.ComplaintAmended.type}/corrected": (
        "Anda menambahkan keterangan dan membetulkan laporan.",
        "You added to your report and put something right in it.",
    ),
    intake.ReporterReplied.type: (
        "Anda menulis balasan.",
        "You wrote a reply.",
    ),
    intake.ReporterRated.type: (
        "Anda menilai penanganan laporan oleh {agency}.",
        "You rated how {agency} handled your report.",
    ),
    intake.ComplaintWithdrawn.type: (
        "Anda mencabut laporan ini; tidak ada lagi yang menanganinya.",
        "You withdrew this report; nobody works on it any more.",
    ),
    intake.PinRequested.type: (
        "PIN diminta dan dikirim ke kontak yang Anda tinggalkan.",
        "The PIN was asked for and sent to the contact that you left.",
    ),
    intake.ReporterErased.type: (
        "Data diri pelapor dihapus.",
        "The reporter's personal data was erased.",
    ),
    ReporterAppealed.type: (
        "Anda mengajukan keberatan atas penutupan laporan.",
        "You objected to how your report was closed.",
    ),
    AttachmentAdded.type: (
        "Sebuah berkas ditambahkan pada laporan.",
        "A file was added to the report.",
    ),
    AttachmentRefused.type: (
        "Sebuah berkas yang disebut bersama laporan tidak dapat diambil.",
        "A file that was named with the report could not be fetched.",
    ),
    routing.ComplaintVerified.type: (
        "Laporan diperiksa dan dinyatakan lengkap.",
        "The report was checked and found complete.",
    ),
    f"{routing.ComplaintVerified.type}/corrected": (
        "Laporan diperiksa, dinyatakan lengkap, dan dicatat sebagai: {corrected}.",
        "The report was checked, found complete, and recorded as: {corrected}.",
    ),
    routing.ComplaintRouted.type: (
        "Laporan diteruskan kepada {agency}, yang akan menindaklanjutinya.",
        "The report was passed on to {agency}, which will follow it up.",
    ),
    routing.ComplaintDeferred.type: (
        "Laporan belum dapat diteruskan karena ada yang kurang.",
        "The report could not be passed on yet because something is missing.",
    ),
    routing.ComplaintResumed.type: (
        "Yang kurang sudah dilengkapi; laporan diperiksa lagi.",
        "What was missing has come; the report is being checked again.",
    ),
    routing.ComplaintArchived.type: (
        "Laporan diarsipkan dan tidak ditindaklanjuti.",
        "The report was archived and is not followed up.",
    ),
    routing.ComplaintRestored.type: (
        "Laporan diangkat dari arsip dan diperiksa lagi.",
        "The report was taken out of the archive and is being checked again.",
    ),
    routing.ComplaintMerged.type: (
        "Laporan mengikuti laporan lain tentang hal yang sama, yang ditangani untuk keduanya.",
        "The report follows another about the same matter, which is handled for both.",
    ),
    routing.ComplaintUnmerged.type: (
        "Laporan tidak lagi mengikuti laporan lain dan ditangani tersendiri.",
        "The report no longer follows another and is handled on its own.",
    ),
    followup.DispositionDeclined.type: (
        "Bukan wewenang {agency}. Laporan tidak ditutup: dicarikan instansi yang berwenang.",
        "{agency} found itself not competent. The report is not closed: it is routed anew.",
    ),
    followup.ResponseGiven.type: (
        "{agency} menanggapi laporan.",
        "{agency} answered the report.",
    ),
    f"{followup.ResponseGiven.type}/interim": (
        "{agency} memberi tanggapan sementara; laporan masih dikerjakan.",
        "{agency} gave an interim answer; work goes on.",
    ),
    followup.ClosingAnnounced.type: (
        "Laporan akan ditutup bila Anda tidak membalas.",
        "The report will be closed unless you reply.",
    ),
    followup.CaseResolved.type: (
        "{agency} menyatakan laporan selesai.",
        "{agency} closed the report.",
    ),
    f"{followup.CaseResolved.type}/confirmed": (
        "Anda menyatakan laporan sudah beres, sehingga ditutup.",
        "You said that it is done, so the report was closed.",
    ),
    f"{followup.CaseResolved.type}/lapsed": (
        "Laporan ditutup karena tidak ada balasan.",
        "The report was closed as no reply came.",
    ),
    followup.CaseReopened.type: (
        "Laporan dibuka kembali dan ditindaklanjuti lagi oleh {agency}.",
        "The report was taken up again by {agency}.",
    ),
    followup.AppealFiled.type: (
        "Keberatan Anda diterima; yang memutuskan adalah pimpinan yang tidak ikut menanganinya.",
        "Your objection was received; a leader who had no part in it decides.",
    ),
    f"{followup.AppealDecided.type}/upheld": (
        "Keberatan Anda dikabulkan: laporan ditindaklanjuti lagi.",
        "Your objection was upheld: the report is followed up again.",
    ),
    f"{followup.AppealDecided.type}/dismissed": (
        "Keberatan Anda ditolak: laporan tetap ditutup.",
        "Your objection was dismissed: the report stays closed.",
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
"""By the fact's type, or by that and what came of it."""
_OBJECT = (
    "Sampai {until} Anda dapat membalas, sehingga laporan dibuka kembali, atau berkeberatan.",
    "Until {until} you can reply, which has it taken up again, or object.",
)
_BY = ("Paling lambat {until}.", "By {until}.")
UNTIL: Words = {
    routing.ComplaintDeferred.type: ("Lengkapi paling lambat {until}.", "Complete it by {until}."),
    followup.ResponseGiven.type: (
        "Bila belum beres, balas paling lambat {until}.",
        "If it is not done, reply by {until}.",
    ),
    followup.ClosingAnnounced.type: (
        "Balasan ditunggu sampai {until}.",
        "A reply is waited for until {until}.",
    ),
    followup.CaseResolved.type: _OBJECT,
    f"{followup.CaseResolved.type}/lapsed": _OBJECT,
    followup.CaseReopened.type: _BY,
    followup.AppealFiled.type: _BY,
    f"{followup.AppealRefused.type}/late": (
        "Hari terakhirnya {until}.",
        "The last day was {until}.",
    ),
}
"""What is said beside it where the step names a date."""
SOMEBODY = ("instansi yang berwenang", "the agency in charge")
"""An agency whose name is not known."""


@dataclass(frozen=True, slots=True)
class Names:
    """What people call what a report has by code; empty, or None, where no name is known."""

    agency: Callable[[str], str | None] = field(default=lambda _code: None)
    area: Callable[[str], str] = field(default=lambda _code: "")
    categories: Iterable[Category] = ()


@dataclass(frozen=True, slots=True)
class Teller:
    """Says in one language what happened."""

    language: str = LANGUAGES[0]
    names: Names = field(default_factory=Names)

    def step(
        self,
        what: str,
        outcome: str | None = None,
        *,
        agency: str | None = None,
        until: date | None = None,
        corrected: Mapping[str, str] | None = None,
    ) -> str | None:
        """Say what a step means; None of one that this release does not know."""
        key = f"{what}/{outcome}" if f"{what}/{outcome}" in STEPS else what
        if key not in STEPS:
            return None
        parts = [STEPS[key], *([UNTIL[key]] if until and key in UNTIL else [])]
        said = " ".join(self._in_language(each) for each in parts).format(
            agency=self._agency(agency),
            until=day_of(until, self.language) if until else "",
            corrected="; ".join(self._named(*each) for each in (corrected or {}).items()),
        )
        return said[0].upper() + said[1:]

    def _in_language(self, said: tuple[str, str]) -> str:
        return said[LANGUAGES.index(self.language)]

    def _agency(self, code: str | None) -> str:
        name = self.names.agency(code) if code else None
        return name or self._in_language(SOMEBODY)

    def _named(self, field_name: str, code: str) -> str:
        """Name a category or an area; by its code where it has no other name."""
        if field_name == "area":
            return self.names.area(code) or code
        found = next((each for each in self.names.categories if each.code == code), None)
        if found is None:
            return code
        return found.name_en or found.name if self.language == "en" else found.name
