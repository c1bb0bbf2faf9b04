"""Those who speak to a node: a citizen, a coordinator, a liaison officer."""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.harness.members import Member

TOKEN_KEPT = 300.0
"""Seconds after which an officer signs in again."""
AGAIN = (429, 502, 503, 504)
"""Answers after which a client tries again, with the same key."""


class NoAnswer(AssertionError):
    """Nobody answered a request in time."""


@dataclass
class Door:
    """The processes of one service, asked in turn; one that is away is passed over.

    As a front door would: what was not answered is asked again, with the same key.
    """

    members: Sequence[Member]
    patience: float = 180.0
    _turn: itertools.count[int] = field(default_factory=itertools.count)
    _line: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    def ask(self, method: str, path: str, **said: Any) -> httpx.Response:
        """Ask until somebody answers; give whatever is no reason to try again."""
        deadline = time.monotonic() + self.patience
        while True:
            member = self.members[next(self._turn) % len(self.members)]
            try:
                answer = self._line.request(method, member.url + path, **said)
            except httpx.HTTPError as failed:
                why = f"{member.name}: {type(failed).__name__}"
            else:
                if answer.status_code not in AGAIN:
                    return answer
                why = f"{member.name}: {answer.status_code} {answer.text[:300]}"
            if time.monotonic() > deadline:
                raise NoAnswer(f"{method} {path}: {why}")
            time.sleep(0.05)

    def close(self) -> None:
        """Hang up."""
        self._line.close()


@dataclass(frozen=True)
class Filed:
    """What a reporter keeps, and what was said."""

    complaint: str
    tracking_number: str
    pin: str
    key: str
    body: dict[str, Any]
    answer: dict[str, Any]


@dataclass
class Citizen:
    """Reports over HTTP; what is accepted is noted in ``accepted``, to be looked for later."""

    door: Door
    accepted: set[str] = field(default_factory=set)

    def file(self, *, key: str | None = None, **said: Any) -> Filed:
        """Report something, until it is accepted."""
        key = key or secrets.token_urlsafe(18)
        body = {
            "title": "Lampu jalan padam",
            "text": "Sudah tiga malam lampu di depan sekolah padam.",
            "category": "jalan",
            "area": "81.71.02",
            **said,
        }
        answer = self.door.ask(
            "POST", "/api/v1/complaints", json=body, headers={"Idempotency-Key": key}
        )
        assert answer.status_code == 201, answer.text
        told = answer.json()
        self.accepted.add(told["complaint"])
        return Filed(told["complaint"], told["tracking_number"], told["pin"], key, body, told)

    def track(self, filed: Filed) -> dict[str, Any]:
        """Look where it stands."""
        answer = self.door.ask(
            "GET",
            f"/api/v1/complaints/{filed.tracking_number}",
            headers={"Kentongan-PIN": filed.pin},
        )
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def reply(self, filed: Filed, text: str, *, key: str | None = None) -> httpx.Response:
        """Answer the agency."""
        return self.act(filed, "replies", key=key, text=text)

    def act(
        self, filed: Filed, action: str, *, key: str | None = None, **said: Any
    ) -> httpx.Response:
        """Do something with what was reported: reply, object, take it back."""
        return self.door.ask(
            "POST",
            f"/api/v1/complaints/{filed.tracking_number}/{action}",
            json=said,
            headers={
                "Kentongan-PIN": filed.pin,
                "Idempotency-Key": key or secrets.token_urlsafe(18),
            },
        )


class SignIn:
    """Gets tokens from the provider, and a new one before the old one ends."""

    def __init__(self, provider: Member) -> None:
        """Ask a provider."""
        self._provider = provider
        self._tokens: dict[str, tuple[str, float]] = {}

    def token(self, username: str) -> str:
        """Sign somebody in."""
        token, since = self._tokens.get(username, ("", -TOKEN_KEPT))
        if time.monotonic() - since < TOKEN_KEPT:
            return token
        said = {"grant_type": "password", "username": username, "password": "demo"}
        answer = httpx.post(f"{self._provider.url}/token", data=said, timeout=10)
        assert answer.status_code == 200, answer.text
        token = str(answer.json()["access_token"])
        self._tokens[username] = (token, time.monotonic())
        return token


@dataclass
class Officer:
    """Somebody who has signed in; sees a thing and changes what was seen."""

    door: Door
    token: Callable[[], str]
    resource: str
    """Where the things lie: ``/api/v1/cases``."""

    def see(self, complaint: str) -> httpx.Response:
        """Look at one."""
        return self.door.ask("GET", f"{self.resource}/{complaint}", headers=self._signed())

    def change(
        self, complaint: str, action: str, *, key: str | None = None, **said: Any
    ) -> httpx.Response:
        """Change one, on what is seen now; where somebody was quicker, look again."""
        at = f"{self.resource}/{complaint}"
        return self.send(at, f"{at}/{action}", key or secrets.token_urlsafe(18), said)

    def send(self, seen_at: str, at: str, key: str, said: dict[str, Any]) -> httpx.Response:
        """Send something on what is seen now at an address; if it was stale, look again."""
        while True:
            seen = self.door.ask("GET", seen_at, headers=self._signed())
            if seen.status_code != 200:
                return seen
            headers = {
                **self._signed(),
                "If-Match": seen.headers["etag"],
                "Idempotency-Key": key,
            }
            answer = self.door.ask("POST", at, json=said, headers=headers)
            if answer.status_code != 412:
                return answer

    def listed(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Give the first page of a list."""
        answer = self.door.ask("GET", path, headers=self._signed(), params=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token()}"}
