"""Files fetched over https: one request, to one address that was looked at before.

A name is resolved once, each address it leads to must be public, and the connection goes to that
address itself: a name that leads elsewhere a moment later (DNS rebinding) leads nowhere. The
certificate must be that of the name. Nothing is followed, nothing is sent that says who we are.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property

import httpx

from services.intake.domain.hosts import Host, Mendable, NotNow, public

PATIENCE = 20.0
"""Seconds that a host may take for one step; how long a file may take is its taker's to say."""


Resolve = Callable[[Host], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host; raises OSError or UnicodeError."""


async def resolve(host: Host) -> Sequence[str]:
    """Ask the system for the IP addresses of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


@dataclass(frozen=True)
class Web:
    """Where publishers keep the files that they name.

    Certificates are trusted as httpx trusts them: certifi's, or those of ``SSL_CERT_FILE``.
    """

    may_be_asked: Callable[[str], bool] = public
    """Says which IP addresses may be."""
    resolve: Resolve = resolve
    patience: float = PATIENCE

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    @asynccontextmanager
    async def __call__(self, url: str, host: Host) -> AsyncIterator[AsyncIterator[bytes]]:
        """Give what lies at an address, for the length of the block; raises NotNow, Mendable."""
        address = await self._address(host)
        headers = {"host": httpx.URL(url).netloc.decode(), "accept-encoding": "identity"}
        try:
            async with (
                httpx.AsyncClient(
                    verify=self._trust,
                    timeout=self.patience,
                    follow_redirects=False,
                    trust_env=False,
                ) as client,
                client.stream(
                    "GET",
                    httpx.URL(url).copy_with(host=address),
                    headers=headers,
                    extensions={"sni_hostname": host.name},
                ) as answer,
            ):
                _check(answer.status_code)
                yield answer.aiter_raw()
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            raise NotNow(f"its host does not answer ({type(failed).__name__})") from None

    async def _address(self, host: Host) -> str:
        """Give the first address of a host, if all of them may be asked."""
        try:
            async with asyncio.timeout(self.patience):
                addresses = await self.resolve(host)
        except (OSError, UnicodeError, TimeoutError):
            raise NotNow("the name of its host leads nowhere") from None
        if not addresses or not all(map(self.may_be_asked, addresses)):
            raise Mendable(
                403, "wrong_address", "Its host is at an address that is not public.", "url"
            )
        return addresses[0]


def _check(status: int) -> None:
    """Take what is there, and no direction to elsewhere."""
    if 300 <= status < 400:
        raise Mendable(
            422, "redirected", "Its host leads on to another address; name that one.", "url"
        )
    if status != httpx.codes.OK:
        raise NotNow(f"its host answers {status}")
