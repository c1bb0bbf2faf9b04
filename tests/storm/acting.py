"""Those who act on a complaint while everything is killed, and what they were promised.

Every act has a key of its own and is asked again until it is answered, as a client does; what was
accepted is a promise.
"""

from __future__ import annotations

import io
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image

from tests.harness.people import Filed, Officer
from tests.harness.publisher import Publisher, Sent
from tests.harness.traffic import Traffic

PATIENCE = 45.0
"""Seconds that somebody waits for the next step before turning to something else."""
TAKEN = (200, 201)
TOO_LATE = (404, 409)
"""Somebody was quicker, or it has not come to this officer yet, or no longer lies there."""
WANTS_WORDS = "no_words"
"""Somebody was quicker too: an agency that has it already wants to hear why it goes on."""
UNITED = "dinas-pupr"
"""The agency whose units, leader and approval the stories know."""


class Over(Exception):
    """A story ends here: the storm is over, or nobody waits any longer."""


HIDDEN: tuple[dict[str, bool], ...] = (
    {"anonymous": True, "confidential": False},
    {"anonymous": False, "confidential": True},
    {"anonymous": True, "confidential": True},
)


@dataclass(frozen=True)
class Promise:
    """An act that was accepted: a fact of this kind that stands at a service, once, by its key."""

    service: str
    complaint: str
    kind: str
    key: str


@dataclass(frozen=True)
class Picture:
    """A file that was accepted."""

    filed: Filed
    attachment: str


@dataclass
class Actors(Traffic):
    """Traffic, and hands for those who act in a story; remembers every promise."""

    promises: list[Promise] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    replies: list[tuple[Filed, str]] = field(default_factory=list)
    answers: list[tuple[Filed, str]] = field(default_factory=list)
    withdrawn: list[Filed] = field(default_factory=list)
    erased: list[tuple[Filed, str]] = field(default_factory=list)
    hidden: list[Filed] = field(default_factory=list)
    """Anonymous or confidential."""
    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of a publisher's record about a complaint its ``ce_id``: its reference and its kind."""
    ours: set[str] = field(default_factory=set)
    """Complaints of stories: others leave them alone, mostly."""

    sent: Sent = field(default_factory=dict)

    def takes(self, complaint: str, chance: random.Random) -> bool:
        """Let officers who look through a list now and then be quicker than a story's own."""
        return complaint not in self.ours or chance.random() < 0.05

    def _publisher(self) -> Publisher:
        mine = super()._publisher()
        mine.sent = self.sent  # what one has sent, whoever waits in the end can send again
        return mine

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for the next step. Raises Over."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline or self._stop.wait(0.5):
                raise Over

    def promise(
        self, answer: httpx.Response, service: str, complaint: str, kind: str, key: str
    ) -> bool:
        """Note what became of an act; say whether it was accepted."""
        if answer.status_code in TAKEN:
            self.promises.append(Promise(service, complaint, kind, key))
            self.done[f"accepted {kind}"] += 1
            return True
        late = answer.status_code in TOO_LATE or answer.json().get("code") == WANTS_WORDS
        assert late, f"{kind}: {answer.status_code} {answer.text[:300]}"
        self.done["acts that came too late"] += 1
        return False

    def file(self, chance: random.Random, **said: Any) -> Filed:
        """Report something, now and then anonymous or confidential."""
        hidden = chance.random() < 0.25
        flags = chance.choice(HIDDEN) if hidden else {}
        reporter = {"email": f"warga{chance.randrange(10**6)}@contoh.example"}
        filed = self.world.citizen.file(**{"reporter": reporter, **said, **flags})
        self.ours.add(filed.complaint)
        self.filed.append(filed)
        self.done["accepted over HTTP"] += 1
        if hidden:
            self.hidden.append(filed)
        return filed

    def report(self, filed: Filed, action: str, kind: str, **said: Any) -> bool:
        """Do something as the reporter."""
        key = secrets.token_urlsafe(18)
        answer = self.world.citizen.act(filed, action, key=key, **said)
        return self.promise(answer, "intake", filed.complaint, kind, key)

    def reply(self, filed: Filed) -> bool:
        """Write back, with words that are found again."""
        text = f"Masih begitu ({secrets.token_hex(6)})."
        taken = self.report(filed, "replies", "reporter.replied.v1", text=text)
        if taken:
            self.replies.append((filed, text))
        return taken

    def add_picture(self, filed: Filed, chance: random.Random) -> None:
        """Put a small picture beside a report."""
        drawn, key = io.BytesIO(), secrets.token_urlsafe(18)
        colour = tuple(chance.randrange(256) for _ in range(3))
        Image.new("RGB", (40, 30), colour).save(drawn, "PNG")
        headers = {"Kentongan-PIN": filed.pin, "Idempotency-Key": key, "content-type": "image/png"}
        answer = self.world.door("intake").ask(
            "POST", folder(filed), content=drawn.getvalue(), headers=headers
        )
        if self.promise(answer, "intake", filed.complaint, "attachment.added.v1", key):
            self.pictures.append(Picture(filed, answer.json()["attachment"]))

    def officer(self, officer: Officer, filed: Filed, action: str, kind: str, **said: Any) -> bool:
        """Do something as an officer before whom the complaint lies."""
        key = secrets.token_urlsafe(18)
        answer = officer.change(filed.complaint, action, key=key, **said)
        service = "routing" if "dispositions" in officer.resource else "followup"
        return self.promise(answer, service, filed.complaint, kind, key)

    def respond(self, agency: str, filed: Filed, *, interim: bool) -> bool:
        """Answer as the agency, whose leader may have to approve it first."""
        officer, text = self.world.liaison(agency), f"Dikerjakan ({secrets.token_hex(6)})."
        kind = "response.drafted.v1" if agency == UNITED else "response.given.v1"
        taken = self.officer(officer, filed, "responses", kind, text=text, interim=interim)
        if taken and agency != UNITED:
            self.answers.append((filed, text))
        return taken

    def approve(self, chance: random.Random) -> None:
        """Approve as the leader what waits for it, or send it back."""
        leader = self.world.officer("pimpinan", "followup", "/api/v1/drafts")
        for waiting in leader.listed(leader.resource, limit=5):
            complaint, key = waiting["complaint"], secrets.token_urlsafe(18)
            good = chance.random() < 0.8
            action, kind = (
                ("approval", "response.given.v1") if good else ("return", "draft.returned.v1")
            )
            at = f"{leader.resource}/{complaint}/{action}"
            said = {} if good else {"reason": "Sebutkan tanggalnya."}
            answer = leader.send(f"/api/v1/cases/{complaint}", at, key, said)
            self.promise(answer, "followup", complaint, kind, key)

    def contribute(self, filed: Filed) -> None:
        """Give the part of the agency that was asked beside."""
        beside = self.world.officer("dukcapil", "followup", "/api/v1/contributions")
        at, key = f"{beside.resource}/{filed.complaint}", secrets.token_urlsafe(18)
        answer = beside.send(at, at, key, {"text": "Bagian kami selesai."})
        self.promise(answer, "followup", filed.complaint, "contribution.given.v1", key)

    def decide_appeal(self, filed: Filed, chance: random.Random) -> None:
        """Decide an objection as a senior who had no part in the case."""
        senior = self.world.officer("sekda", "followup", "/api/v1/appeals")
        self.until(lambda: senior.see(filed.complaint).status_code == 200)
        outcome, reason = chance.choice(("upheld", "dismissed")), "Sudah diperiksa."
        self.officer(senior, filed, "decision", "appeal.decided.v1", outcome=outcome, reason=reason)

    def erase(self, filed: Filed) -> bool:
        """Have the operator destroy the reporter's data."""
        token, key = self.world.sign_in.token("operator"), secrets.token_urlsafe(18)
        answer = self.world.door("intake").ask(
            "POST",
            f"/api/v1/complaints/{filed.tracking_number}/erasure",
            json={"reason": "request", "letter": f"B-{key}"},
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
        )
        return self.promise(answer, "intake", filed.complaint, "reporter.erased.v1", key)

    def status(self, filed: Filed) -> str:
        """Read where it stands, as its reporter does."""
        return str(self.world.citizen.track(filed)["status"])

    def agency_of(self, filed: Filed) -> str:
        """Wait until an agency has it, and name the agency."""
        held: list[str] = []  # in one look: a moment later it may be declined

        def taken() -> bool:
            shown = self.world.citizen.track(filed)
            if shown["status"] == "in_progress":
                held.append(shown["agency"])
            return bool(held)

        self.until(taken)
        return held[0]


def folder(filed: Filed) -> str:
    """Give where the files of a report lie."""
    return f"/api/v1/complaints/{filed.tracking_number}/attachments"
