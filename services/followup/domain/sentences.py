"""The words in which a due date is explained, in Indonesian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from services.followup.domain.policy import Moment, Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language; names in braces are filled in."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    form: str
    clocks: Mapping[Term, str]
    moments: Mapping[Moment, str]
    """What happened on the day from which a clock counts, or by which it stops."""
    due: str
    began: str
    not_counted: str
    weekends: str
    weekend: str
    closed: str
    paused: str
    moved: str
    put_off: str
    missed: str
    excused: str
    running: str
    waiting: str
    stopped: str
    policy: str

    def day(self, day: date) -> str:
        """Write a date with its weekday."""
        return self.form.format(
            weekday=self.weekdays[day.weekday()],
            day=day.day,
            month=self.months[day.month - 1],
            year=day.year,
        )

    def moment(self, moment: datetime) -> str:
        """Write a local time with its date."""
        return f"{self.day(moment.date())}, {moment:%H:%M}"


IN: Mapping[str, Words] = {
    "id": Words(
        weekdays=("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
        months=(
            *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus"),
            *("September", "Oktober", "November", "Desember"),
        ),
        form="{weekday}, {day} {month} {year}",
        clocks={
            Term.VERIFY: "Verifikasi",
            Term.RESPOND: "Tanggapan pertama",
            Term.COMPLETE: "Penyelesaian",
            Term.SUPERIOR: "Eskalasi kepada pimpinan",
            Term.OVERSIGHT: "Eskalasi kepada pengawas",
            Term.NOTICE: "Pemberitahuan penutupan",
            Term.REPLY: "Menunggu balasan pelapor",
            Term.REOPEN: "Kesempatan membuka kembali",
            Term.APPEAL: "Putusan atas keberatan",
        },
        moments={
            Moment.RECEIVED: "laporan diterima",
            Moment.RETURNED: "laporan kembali ke antrean: dilengkapi, dipulihkan, atau dipisahkan",
            Moment.DECIDED: "laporan sudah diverifikasi, ditunda, atau diarsipkan",
            Moment.DISPOSED: "laporan dinyatakan lengkap atau diteruskan",
            Moment.ROUTED: "laporan pertama kali diteruskan kepada instansi",
            Moment.RESPONDED: "instansi memberi tanggapan",
            Moment.ANSWERED: "instansi memberi tanggapan akhir",
            Moment.REPLIED: "pelapor membalas atau laporan ditutup",
            Moment.RESOLVED: "laporan selesai",
        },
        due="{clock}: paling lambat {day}, sampai hari itu berakhir.",
        began="Hitungan dimulai sesudah {day}, hari ketika {moment}; batasnya {days} hari kerja.",
        not_counted="Tidak dihitung: {days}.",
        weekends="Sabtu dan Minggu ({days} hari)",
        weekend="akhir pekan",
        closed="libur setempat",
        paused="Hitungan berhenti selama {days} hari kerja ketika laporan ditutup atau mengikuti "
        "laporan lain.",
        moved="Semula {day}; bergeser karena kalender kerja diubah.",
        put_off="Semula {day}; diundur karena pelapor terlambat diberi tahu.",
        missed="Tenggat ini terlewati.",
        excused="Keterlambatan ini dimaklumi: {link} terganggu dari {since} sampai {until}. "
        "{because}",
        running="Tenggat ini masih berjalan.",
        waiting="Tenggat ini menunggu: laporan sedang tidak berada pada instansi.",
        stopped="Tenggat ini sudah berhenti, karena {moment}.",
        policy="Dihitung menurut kebijakan tenggat versi {version}, yang berlaku sejak {day}.",
    ),
    "en": Words(
        weekdays=(*("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),),
        months=(
            *("January", "February", "March", "April", "May", "June", "July", "August"),
            *("September", "October", "November", "December"),
        ),
        form="{weekday} {day} {month} {year}",
        clocks={
            Term.VERIFY: "Verification",
            Term.RESPOND: "First response",
            Term.COMPLETE: "Completion",
            Term.SUPERIOR: "Escalation to the leader",
            Term.OVERSIGHT: "Escalation to oversight",
            Term.NOTICE: "Notice of closing",
            Term.REPLY: "Waiting for the reporter",
            Term.REOPEN: "Chance to reopen",
            Term.APPEAL: "Decision on the objection",
        },
        moments={
            Moment.RECEIVED: "the report was received",
            Moment.RETURNED: "the report came back to the queue: completed, restored or separated",
            Moment.DECIDED: "the report was verified, deferred or archived",
            Moment.DISPOSED: "the report was found complete or passed on",
            Moment.ROUTED: "the report was first passed on to an agency",
            Moment.RESPONDED: "the agency responded",
            Moment.ANSWERED: "the agency gave its final response",
            Moment.REPLIED: "the reporter replied or the report was closed",
            Moment.RESOLVED: "the report was closed",
        },
        due="{clock}: by {day}, until that day is over.",
        began="The count began after {day}, the day on which {moment}; the limit is {days} "
        "working days.",
        not_counted="Not counted: {days}.",
        weekends="Saturdays and Sundays ({days} days)",
        weekend="weekend",
        closed="local day off",
        paused="The count stood still for {days} working days, while the report was closed "
        "or followed another.",
        moved="It was {day} before; it moved because the working calendar was amended.",
        put_off="It was {day} before; it was put off because the reporter was told late.",
        missed="This limit was missed.",
        excused="That is excused: {link} was down from {since} to {until}. {because}",
        running="This clock is still running.",
        waiting="This clock waits: the report lies with no agency at the moment.",
        stopped="This clock has stopped, because {moment}.",
        policy="Counted by version {version} of the policy, in force since {day}.",
    ),
}
