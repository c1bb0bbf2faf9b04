"""A city at work: whoever has a part in a complaint plays it through the public interfaces."""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass
from functools import partial

from tests.harness.people import Filed
from tests.harness.traffic import Step
from tests.storm.acting import UNITED, Actors, Over

TELLERS = 8
"""Stories that go on at a time."""


@dataclass
class City(Actors):
    """Traffic, and beside it stories that follow one complaint each."""

    def work(self) -> list[tuple[Step, float]]:
        """Give the traffic, the stories, and the leader who approves what waits."""
        return [*super().work(), *([(self._tell, 0.2)] * TELLERS), (self.approve, 1.0)]

    def _tell(self, chance: random.Random) -> None:
        story = chance.choice(
            (
                self._answered,
                self._answered,
                self._set_aside,
                self._together,
                self._withdrawn,
                self._erased,
                self._published,
            )
        )
        try:
            story(chance)
            self.done["stories told to their end"] += 1
        except Over:
            self.done["stories cut short"] += 1

    def _answered(self, chance: random.Random) -> None:
        """Reported with a picture, amended, answered, replied to, judged or objected to."""
        filed = self.file(chance, category=chance.choice(("jalan", "sampah")))
        self.add_picture(filed, chance)
        self.report(filed, "amendments", "complaint.amended.v1", text="Di sisi timur.")
        agency = self.agency_of(filed)
        officer = self.world.liaison(agency)
        if agency == UNITED:
            self.officer(officer, filed, "assignment", "case.assigned.v1", unit="bina-marga")
        self.respond(agency, filed, interim=True)
        self.reply(filed)
        self.respond(agency, filed, interim=False)
        self.until(lambda: self.status(filed) in ("answered", "resolved"))
        if chance.random() < 0.5:
            score, solved = chance.randint(1, 5), chance.random() < 0.5
            self.report(filed, "ratings", "reporter.rated.v1", score=score, solved=solved)
            return
        self.officer(officer, filed, "resolution", "case.resolved.v1", note="Beres.")
        self.until(lambda: self.status(filed) == "resolved")
        if self.report(filed, "appeals", "reporter.appealed.v1", text="Masih gelap."):
            self.decide_appeal(filed, chance)

    def _set_aside(self, chance: random.Random) -> None:
        """Verified, deferred and completed, archived and restored, routed to several agencies."""
        filed, officer = self.file(chance, category=None), self.world.coordinator
        self.until(lambda: officer.see(filed.complaint).status_code == 200)
        self.officer(officer, filed, "verification", "complaint.verified.v1", category="jalan")
        missing = [{"code": "where", "words": "Di jalan apa?"}]
        if chance.random() < 0.5 and self.officer(
            officer, filed, "deferral", "complaint.deferred.v1", missing=missing
        ):
            self.reply(filed)
            self.until(lambda: officer.see(filed.complaint).json().get("stage") == "queue")
        if chance.random() < 0.5 and self.officer(
            officer, filed, "archive", "complaint.archived.v1", reason="prank", words="Iseng."
        ):
            senior = self.world.officer("sekda", "routing", officer.resource)
            self.officer(
                senior, filed, "restoration", "complaint.restored.v1", reason="Bukan iseng."
            )
        beside = {"contributors": ["disdukcapil"]} if chance.random() < 0.5 else {}
        self.officer(officer, filed, "route", "complaint.routed.v1", agency="dinas-lh", **beside)
        self.until(lambda: self.status(filed) == "in_progress")
        if beside:
            self.contribute(filed)
        self.respond(self.agency_of(filed), filed, interim=False)

    def _together(self, chance: random.Random) -> None:
        """Two reports of one matter: merged, answered as one, and perhaps taken apart."""
        main, other = (self.file(chance, category="sampah") for _ in range(2))
        for filed in (main, other):
            self.until(partial(self._is, filed, "in_progress"))
        officer = self.world.coordinator
        if not self.officer(officer, other, "merger", "complaint.merged.v1", main=main.complaint):
            return
        self.until(lambda: self.status(other) == "merged")
        self.respond("dinas-lh", main, interim=False)
        if chance.random() < 0.7:
            words = "Lubang di ruas lain."
            self.officer(officer, other, "separation", "complaint.unmerged.v1", words=words)

    def _withdrawn(self, chance: random.Random) -> None:
        """Reported, perhaps replied to, and taken back at some moment."""
        filed = self.file(chance, category=chance.choice(("sampah", "kependudukan", None)))
        if chance.random() < 0.5:
            self.until(lambda: self.status(filed) == "in_progress")
            self.reply(filed)
        if self.report(filed, "withdrawal", "complaint.withdrawn.v1", reason="Sudah beres."):
            self.withdrawn.append(filed)

    def _erased(self, chance: random.Random) -> None:
        """Reported under a name, replied to, and the person erased by the operator."""
        secret = secrets.token_hex(8)
        filed = self.file(
            chance,
            category="sampah",
            text=f"Nama saya {secret}.",
            reporter={"name": f"Warga {secret}", "email": f"{secret}@contoh.example"},
        )
        key = secrets.token_urlsafe(18)
        answer = self.world.citizen.reply(filed, f"Telepon {secret}.", key=key)
        self.promise(answer, "intake", filed.complaint, "reporter.replied.v1", key)
        if chance.random() < 0.5:
            self.until(lambda: self.status(filed) == "in_progress")
        if self.erase(filed):
            self.erased.append((filed, secret))

    def _published(self, chance: random.Random) -> None:
        """Submitted by a publisher, who amends it, replies, and perhaps takes it back."""
        publisher, reference = self._publisher(), f"K-{chance.randrange(10**12)}"
        event = publisher.submit(reference, attempts=100, category="sampah")
        self.submitted[reference] = event
        self.done["acknowledged on the bus"] += 1
        kinds = ["amended", "replied"] + ["withdrawn"] * (chance.random() < 0.5)
        for kind in kinds:
            name = publisher.say(kind, event, reference, attempts=100)
            self.said[name] = reference, kind
            self.done[f"{kind} on the bus"] += 1

    def _is(self, filed: Filed, status: str) -> bool:
        return self.status(filed) == status
