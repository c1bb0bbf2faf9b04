"""SMS and chat: messages posted to an HTTP gateway that the node chooses."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from services.notification.channels import ChannelAway
from services.notification.domain.message import Message, Outcome
from services.notification.domain.patience import LONGEST_RETRY

PATIENCE = 20.0
"""Seconds a gateway may take for one step; all of them stay below the claim's time."""
LONGEST_ANSWER = 16 * 1024
"""Bytes of an answer that are read; nothing in them matters."""
NOT_TAKEN = frozenset({408, 409, 425, 429, 503})
"""The gateway says that it has not taken the message (409: another attempt is still in its hands),
so it is posted again."""
OURS = frozenset({401, 402, 403, 404, 405, 406, 407, 421, 426, 431, 451, 501, 505, 511})
"""The gateway refuses us, not the message: an operator can mend that, so it is posted again."""
_NUMBER = re.compile(r"\+?[0-9]{6,15}", re.ASCII)
_SPACES = re.compile(r"[\s().-]")


@dataclass(frozen=True, slots=True)
class Gateway:
    """Where messages of one channel are posted, and with which token."""

    channel: str
    url: str
    token: str = ""
    patience: float = PATIENCE


class GatewayChannel:
    """Posts ``{"id", "channel", "to", "text", "language"}`` with an ``Idempotency-Key``.

    The key is the notice's id, the same at every attempt. A gateway that answers 2xx has the
    message; whatever may have reached it without such an answer is uncertain, since not every
    gateway heeds the key.
    """

    def __init__(self, gateway: Gateway) -> None:
        """Connect when asked to."""
        self._gateway = gateway
        self._client: httpx.AsyncClient | None = None
        self._posting: asyncio.Task[tuple[int, str]] | None = None
        self._aborted = False

    async def open(self) -> None:
        """Look whether somebody listens there. Raises ChannelAway."""
        if self._client is not None:
            return
        url = httpx.URL(self._gateway.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            async with asyncio.timeout(self._gateway.patience):
                _, writer = await asyncio.open_connection(url.host, port)
        except (OSError, TimeoutError) as failed:
            why = f"the {self._gateway.channel} gateway does not answer: {type(failed).__name__}"
            raise ChannelAway(why) from None
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self._client = self._connected()

    async def send(self, message: Message, at: datetime) -> Outcome:
        """Post one message, and say how that ended; never raises."""
        number = _SPACES.sub("", message.to)
        if _NUMBER.fullmatch(number) is None:
            return Outcome("failed", "the number cannot be written to")
        try:
            await self.open()
        except ChannelAway as away:
            return Outcome("retry", str(away))
        self._posting = asyncio.ensure_future(self._post(message, number))
        try:
            status, after = await self._posting
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as away:
            return Outcome("retry", f"the gateway does not answer: {type(away).__name__}")
        except (httpx.HTTPError, TimeoutError) as broken:
            return Outcome("uncertain", f"no answer to the message: {type(broken).__name__}")
        except asyncio.CancelledError:
            if not self._aborted:
                raise
            return Outcome("uncertain", "no answer to the message: we had to end")
        return _judged(status, after, at)

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def abort(self) -> None:
        """Wait no longer for an answer; a message in hand is uncertain then."""
        if self._posting is not None and not self._posting.done():
            self._aborted = True
            self._posting.cancel()

    def _connected(self) -> httpx.AsyncClient:
        """Make a client that goes nowhere else: by no redirect, by no proxy that lies about."""
        gateway = self._gateway
        headers = {"authorization": f"Bearer {gateway.token}"} if gateway.token else {}
        return httpx.AsyncClient(
            headers=headers,
            timeout=gateway.patience,
            follow_redirects=False,
            trust_env=False,
        )

    async def _post(self, message: Message, number: str) -> tuple[int, str]:
        """Post, and give the status and what Retry-After says."""
        assert self._client is not None  # noqa: S101 - open() leaves one or raises
        said = {
            "id": message.notice,
            "channel": message.channel,
            "to": number,
            "text": message.body,
            "language": message.languages[0],
        }
        key = {"idempotency-key": message.notice}
        async with (
            asyncio.timeout(self._gateway.patience * 3),
            self._client.stream("POST", self._gateway.url, json=said, headers=key) as answer,
        ):
            status, after = answer.status_code, answer.headers.get("retry-after", "")
            with suppress(httpx.HTTPError, TimeoutError):
                await _read_away(answer)
            return status, after


async def _read_away(answer: httpx.Response) -> None:
    """Read a short answer to its end, so that the connection can be used again."""
    seen = 0
    async with asyncio.timeout(1.0):
        async for part in answer.aiter_raw():
            seen += len(part)
            if seen > LONGEST_ANSWER:
                return


def _judged(status: int, after: str, at: datetime) -> Outcome:
    reason = f"the gateway answers {status}"
    if 200 <= status < 300:
        return Outcome("sent")
    if status in NOT_TAKEN:
        return Outcome("retry", reason, until=_until(after, at))
    if status in OURS or 300 <= status < 400:
        return Outcome("retry", reason)
    return Outcome("failed" if status < 500 else "uncertain", reason)


def _until(after: str, at: datetime) -> datetime | None:
    """Read Retry-After (RFC 9110, 10.2.3); what cannot be read says nothing."""
    if after.isascii() and after.isdigit():
        return at + min(timedelta(seconds=int(after[:9])), LONGEST_RETRY)
    try:
        said = parsedate_to_datetime(after)
    except ValueError:
        return None
    return min(said, at + LONGEST_RETRY) if said.tzinfo else None
