"""What the page says, Indonesian first."""

from __future__ import annotations

from shared.ui import Words

WORDS: Words = {
    "title": ("Laporan hari ini", "Reports today"),
    "live.title": ("Laporan warga hari ini", "Citizens' reports today"),
    "live.what": (
        "Setiap laporan melewati lima layanan. Halaman ini menunjukkan perjalanannya.",
        "Every report passes through five services. This page shows it on its way.",
    ),
    "lane.title": ("Perjalanan laporan", "The way of a report"),
    "intake": ("Penerimaan", "Intake"),
    "intake.what": ("Menerima laporan dari semua kanal.", "Receives reports from every channel."),
    "routing": ("Penerusan", "Routing"),
    "routing.what": (
        "Memeriksa dan menentukan instansi yang harus menjawab.",
        "Checks them and decides which agency must answer.",
    ),
    "followup": ("Tindak lanjut", "Follow-up"),
    "followup.what": (
        "Instansi menjawab; tenggatnya dijaga di sini.",
        "The agency answers; its deadlines are watched here.",
    ),
    "notification": ("Pemberitahuan", "Notification"),
    "notification.what": (
        "Mengabari pelapor dan instansi.",
        "Tells reporters and agencies what concerns them.",
    ),
    "metrics": ("Pengukuran", "Metrics"),
    "metrics.what": (
        "Menghitung seberapa baik laporan dijawab.",
        "Counts how well reports are answered.",
    ),
    "received": ("diterima", "received"),
    "routed": ("diteruskan", "passed on"),
    "answered": ("dijawab", "answered"),
    "resolved": ("selesai", "done"),
    "overdue": ("lewat batas", "past the limit"),
    "notified": ("pelapor dikabari", "reporters told"),
    "counted": ("langkah dihitung", "steps counted"),
    "asof": ("Data per {time} {zone}", "As of {time} {zone}"),
    "asof.unknown": ("Waktu data belum diketahui", "Not yet known as of when"),
    "asof.metrics": ("Dihitung dari empat layanan lain", "Counted from the other four services"),
    "feed.title": ("Langkah terbaru", "Latest steps"),
    "feed.what": (
        "Tanpa isi laporan. Laporan rahasia dihitung, tetapi tidak tampil di sini.",
        "Without what reports say. Confidential ones are counted, but not shown here.",
    ),
    "feed.none": (
        "Belum ada laporan yang bergerak dalam 24 jam terakhir.",
        "No report has moved in the last 24 hours.",
    ),
    "feed.number": ("Laporan …{ending}", "Report …{ending}"),
    "step.received": ("Diterima", "Received"),
    "step.replied": ("Pelapor membalas", "Reporter replied"),
    "step.verified": ("Diperiksa", "Checked"),
    "step.routed": ("Diteruskan", "Passed on"),
    "step.deferred": ("Menunggu dilengkapi", "Waits for more information"),
    "step.resumed": ("Dilengkapi", "Completed"),
    "step.archived": ("Diarsipkan", "Archived"),
    "step.restored": ("Dikeluarkan dari arsip", "Taken out of the archive"),
    "step.opened": ("Ditindaklanjuti", "Being worked on"),
    "step.declined": ("Bukan wewenang", "Not competent"),
    "step.overdue": ("Lewat batas", "Past the limit"),
    "step.answered": ("Dijawab", "Answered"),
    "step.resolved": ("Selesai", "Done"),
    "step.notified": ("Kabar dikirim", "Notice sent"),
    "agencies.title": ("Menurut instansi", "By agency"),
    "agencies.what": (
        "Langkah dihitung pada hari terjadinya, di instansi yang memegang laporannya.",
        "A step counts on the day it happens, with the agency that has the report.",
    ),
    "agencies.none": ("Belum ada langkah instansi hari ini.", "No agency has moved yet today."),
    "agency": ("Instansi", "Agency"),
    "agencies.share": ("Bagian dari yang diteruskan", "Share of those passed on"),
    "agencies.all": ("Semua", "All"),
    "hours.title": ("Diterima tiap jam", "Received by hour"),
    "hours.chart": (
        "{total} laporan diterima hari ini; terbanyak {most}, pada jam {hour}.",
        "{total} reports received today; most, {most}, in the hour from {hour}.",
    ),
    "hour": ("Jam", "Hour"),
    "api": ("Angka ini sebagai data", "These figures as data"),
}
