"""The public keys of a sign-in provider, fetched and kept for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol

import httpx
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.runtime.ports import Away

FRESH = 600.0
"""Seconds after which keys are fetched again, so that one taken back stops being good."""
USABLE = 3600.0
"""Seconds for which keys are still used while the provider is away."""
PAUSE = 10.0
"""Least seconds between two fetches, whatever tokens people send."""
PATIENCE = 3.0
"""Seconds that one fetch may take."""
LONGEST_ANSWER = 256 * 1024
MOST_KEYS = 50


class Keys(Protocol):
    """Where keys come from. Each method raises Away."""

    async def current(self) -> KeySet:
        """Give the keys."""

    async def newer(self, than: KeySet) -> KeySet:
        """Give newer keys if there may be some; a token names one that these lack."""


class FetchedKeys:
    """Keys that a provider publishes.

    Its discovery document says where. Many requests that need keys wait for one fetch; a provider
    that is away is asked again after a pause.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        issuer: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._issuer, self._clock = client, issuer, clock
        self._url: str | None = None
        self._keys: KeySet | None = None
        self._fetched_at = self._tried_at = float("-inf")
        self._failure: str | None = None
        self._one = asyncio.Lock()

    async def current(self) -> KeySet:
        """Give the keys; old ones for a while if the provider does not answer."""
        if self._keys is None or self._age() > FRESH:
            await self._fetch(unless_newer_than=self._keys)
        if self._keys is None or self._age() > USABLE:
            raise Away(self._failure or "the provider's keys are not known")
        return self._keys

    async def newer(self, than: KeySet) -> KeySet:
        """Fetch again, but not more often than every few seconds."""
        await self._fetch(unless_newer_than=than)
        if self._failure is not None and self._keys is than:
            raise Away(self._failure)
        return self._keys or than

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    async def _fetch(self, unless_newer_than: KeySet | None) -> None:
        async with self._one:
            if self._keys is not unless_newer_than or self._clock() - self._tried_at < PAUSE:
                return
            self._tried_at = self._clock()
            try:
                if self._url is None:
                    self._url = await self._discover()
                found = await self._get(self._url)
                listed = [key for key in found["keys"] if key.get("use", "sig") == "sig"]
                self._keys = KeySet.import_key_set({"keys": listed[:MOST_KEYS]})
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, JoseError, Away) as failure:
                self._failure = f"{type(failure).__name__}: {failure}"
            except (ValueError, TypeError, KeyError, AttributeError) as failure:
                self._failure = f"what it answers is no set of keys ({type(failure).__name__})"
            else:
                self._fetched_at, self._failure = self._clock(), None

    async def _discover(self) -> str:
        found = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if found["issuer"] != self._issuer:
            raise Away("the discovery document is of another issuer")
        return str(found["jwks_uri"])

    async def _get(self, url: str) -> Any:  # noqa: ANN401 - whatever JSON there is
        async with asyncio.timeout(PATIENCE):
            return await self._stream(url)

    async def _stream(self, url: str) -> Any:  # noqa: ANN401
        body = b""
        async with self._client.stream("GET", url, timeout=PATIENCE) as answer:
            answer.raise_for_status()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LONGEST_ANSWER:
                    raise Away("its answer is too long")
        return orjson.loads(body)
