"""What each step of a report means to its reporter, and each move to come, in a sentence."""

from __future__ import annotations

from shared.contracts import followup, intake, routing
from shared.contracts.appeal import ReporterAppealed
from shared.contracts.attachment import AttachmentAdded, AttachmentRefused
from shared.ui.speech import Words

MOOT_BY: Words = {
    "reopened": ("sudah dibuka kembali", "was taken up again"),
    "moved": ("sudah diteruskan ke instansi lain", "was passed on to another agency"),
    "withdrawn": ("sudah Anda cabut", "was withdrawn by you"),
    "merged": ("mengikuti laporan lain", "follows another one"),
}
"""What leaves an objection without a decision."""
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
    **{
        f"{followup.AppealRefused.type}/moot/{moot_by}": (
            f"Keberatan Anda tidak diputuskan lagi, karena laporan {why}.",
            f"Nobody decides on your objection any more, as the report {because}.",
        )
        for moot_by, (why, because) in MOOT_BY.items()
    },
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
BY = ("Paling lambat {until}.", "By {until}.")
UNTIL: Words = {
    f"{followup.AppealRefused.type}/late": (
        "Hari terakhirnya {until}.",
        "The last day was {until}.",
    ),
}
"""What is said beside it of a date that is over; one that may yet be moved stands in the move."""
MOVES: Words = {
    "coordinator": (
        "Laporan menunggu diperiksa dan diteruskan.",
        "The report waits to be checked and passed on.",
    ),
    "agency": ("{agency} menangani laporan.", "{agency} is working on it."),
    "leader/over": (
        "Keberatan Anda menunggu putusan pimpinan yang tidak ikut menanganinya.",
        "Your objection waits for a leader who had no part in it.",
    ),
    "leader": (
        (
            "Keberatan Anda menunggu putusan pimpinan yang tidak ikut menanganinya. Balasan Anda "
            "akan membuka laporan kembali dan mengakhiri keberatan."
        ),
        (
            "Your objection waits for a leader who had no part in it. A reply would take the "
            "report up again and end the objection."
        ),
    ),
    "sent": (
        (
            "Yang Anda kirim sudah diterima dan sedang disampaikan; langkah berikutnya tampil di "
            "sini begitu sampai."
        ),
        "What you sent was taken and is on its way; what comes next stands here once it arrived.",
    ),
    "reporter": (
        "Anda dapat membalas bila belum beres.",
        "You can reply if it is not done.",
    ),
    "reporter/deferred": (
        "Lengkapi apa yang kurang.",
        "Complete what is missing.",
    ),
    "reporter/objected": (
        "Bila belum beres, balas, sehingga laporan dibuka kembali.",
        "If it is not done, reply, which has it taken up again.",
    ),
    "reporter/resolved": (
        "Bila belum beres, balas, sehingga laporan dibuka kembali, atau ajukan keberatan.",
        "If it is not done, reply, which has it taken up again, or object.",
    ),
}
"""What is to be done next, by whose move it is and where the report stands; or what was done."""
SOMEBODY = ("instansi yang berwenang", "the agency in charge")
"""An agency whose name is not known."""
