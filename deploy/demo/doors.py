"""The public doors of a running node, as people and systems use them: HTTP, with real tokens."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx


class DoorShut(Exception):
    """A door is not answering, or says no; ``status`` is 0 where nobody answered."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Doors:
    """The addresses of one node, and the tokens of whoever acts there."""

    def __init__(self, addresses: Mapping[str, str], password: str = "demo") -> None:  # noqa: S107
        """Know where intake, routing, followup and identity answer."""
        self._addresses, self._password = addresses, password
        self._client = httpx.AsyncClient(timeout=10, trust_env=False)
        self._tokens: dict[str, tuple[str, float]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def file(self, report: Mapping[str, Any], key: str) -> dict[str, Any]:
        """Report something. Raises DoorShut."""
        url = f"{self._addresses['intake']}/api/v1/complaints"
        return (await self._send("POST", url, report, {"Idempotency-Key": key})).json()  # type: ignore[no-any-return]

    async def track(self, number: str, pin: str) -> dict[str, Any]:
        """See where a report stands. Raises DoorShut."""
        url = f"{self._addresses['intake']}/api/v1/complaints/{number}"
        return (await self._send("GET", url, None, {"Kentongan-PIN": pin})).json()  # type: ignore[no-any-return]

    async def queue(self, who: str, limit: int = 20) -> list[dict[str, Any]]:
        """List what waits for the coordinator. Raises DoorShut."""
        return await self._listed(who, f"{self._addresses['routing']}/api/v1/queue?limit={limit}")

    async def route(self, who: str, waiting: Mapping[str, Any], agency: str) -> None:
        """Hand a waiting complaint to an agency. Raises DoorShut."""
        url = f"{self._addresses['routing']}/api/v1/dispositions/{waiting['complaint']}/route"
        await self._change(who, url, waiting, {"agency": agency})

    async def cases(self, who: str, stage: str, limit: int = 20) -> list[dict[str, Any]]:
        """List the cases of the officer's agency. Raises DoorShut."""
        url = f"{self._addresses['followup']}/api/v1/cases?stage={stage}&limit={limit}"
        return await self._listed(who, url)

    async def act(self, who: str, case: Mapping[str, Any], what: str, body: object) -> None:
        """Answer (``responses``), send back (``decline``) or close (``resolution``) a case."""
        url = f"{self._addresses['followup']}/api/v1/cases/{case['complaint']}/{what}"
        await self._change(who, url, case, body)

    async def _listed(self, who: str, url: str) -> list[dict[str, Any]]:
        answer = await self._send("GET", url, None, await self._bearer(who))
        return list(answer.json()["items"])

    async def _change(self, who: str, url: str, seen: Mapping[str, Any], body: object) -> None:
        headers = {
            **await self._bearer(who),
            "If-Match": f'"{seen["revision"]}"',
            "Idempotency-Key": secrets.token_urlsafe(24),
        }
        await self._send("POST", url, body, headers)

    async def _bearer(self, who: str) -> dict[str, str]:
        token, until = self._tokens.get(who, ("", 0.0))
        if time.monotonic() >= until:
            form = {"grant_type": "password", "username": who, "password": self._password}
            url = f"{self._addresses['identity']}/token"
            try:
                answer = await self._client.post(url, data=form)
                answer.raise_for_status()
            except httpx.HTTPError as failed:
                raise DoorShut(0, f"{who} cannot sign in: {type(failed).__name__}") from failed
            token = answer.json()["access_token"]
            self._tokens[who] = (token, time.monotonic() + 0.7 * answer.json()["expires_in"])
        return {"Authorization": f"Bearer {token}"}

    async def _send(
        self, method: str, url: str, body: object, headers: Mapping[str, str]
    ) -> httpx.Response:
        try:
            answer = await self._client.request(method, url, json=body, headers=dict(headers))
        except httpx.HTTPError as failed:
            raise DoorShut(0, f"{url} does not answer: {type(failed).__name__}") from failed
        if answer.is_error:
            raise DoorShut(answer.status_code, f"{url} says {answer.status_code}: {_why(answer)}")
        return answer


def _why(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return str(problem.get("detail") or problem.get("title") or problem)[:300]
    except (ValueError, AttributeError):
        return answer.text[:300]
