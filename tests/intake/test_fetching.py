"""Files fetched from a real server over https: what is asked, what is believed, what is not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.intake.domain.hosts import Host, NotNow
from services.intake.fetching import Web
from shared.runtime.document import Refused
from tests.harness.certificates import self_signed
from tests.intake.pictures import PDF

NAME = "berkas.sigap.example"
FILE = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(PDF) + PDF


@dataclass
class Publisher:
    """A publisher's server, which says the same to everybody."""

    says: bytes = FILE
    heard: list[str] = field(default_factory=list)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self.says)
        await writer.drain()
        writer.close()

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}/2026/a.pdf?key=1"

    @property
    def host(self) -> Host:
        return Host(NAME, self.port)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for the publisher's name, signed by itself, beside its key."""
    return self_signed(tmp_path_factory.mktemp("tls") / "server.pem", NAME)


@pytest.fixture
async def publisher(certificate: Path) -> AsyncIterator[Publisher]:
    """Run a server here for the length of a test."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    found = Publisher()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0, ssl=context)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the certificate trusted as an operator does."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def web(*answers: list[str]) -> Web:
    """Fetch also here; a name leads to one answer after the other."""
    left: Iterator[list[str]] = iter(answers or [["127.0.0.1"]])

    async def resolve(_host: Host) -> list[str]:
        return next(left)

    return Web(lambda address: address.startswith("127."), resolve, patience=5.0)


@asynccontextmanager
async def fetched(found: Web, publisher: Publisher) -> AsyncIterator[bytes]:
    """Fetch a file whole."""
    async with found(publisher.url, publisher.host) as body:
        yield b"".join([piece async for piece in body])


async def refusal(found: Web, publisher: Publisher) -> str:
    """Give why a file is not fetched: a code for ever, or a sentence for now."""
    with pytest.raises((NotNow, Refused)) as why:
        async with fetched(found, publisher):
            pass
    return why.value.code if isinstance(why.value, Refused) else str(why.value)


@pytest.mark.usefixtures("trusted")
async def test_a_file_is_fetched_from_the_address_that_was_looked_at(publisher: Publisher) -> None:
    """By one question: who would lead elsewhere at the second (DNS rebinding) is not asked it."""
    async with fetched(web(["127.0.0.1"], ["10.0.0.1"]), publisher) as content:
        assert content == PDF
    [heard] = publisher.heard
    asked, *headers = heard.lower().splitlines()
    assert asked == "get /2026/a.pdf?key=1 http/1.1"
    assert f"host: {NAME}:{publisher.port}" in headers
    assert "accept-encoding: identity" in headers
    assert not any(each.startswith(("authorization", "cookie")) for each in headers)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["::1"], []])
async def test_nobody_is_asked_at_an_address_that_may_not_be(
    publisher: Publisher, addresses: list[str]
) -> None:
    """One such among several is enough: an honest name has none."""
    assert await refusal(web(addresses), publisher) == "wrong_address"
    assert publisher.heard == []


async def test_what_is_here_is_not_asked_where_nothing_else_was_said(publisher: Publisher) -> None:
    """The usual rule is the public one, by the system's own names."""
    publisher_here = Host("localhost", publisher.port)
    with pytest.raises(Refused) as refused:
        async with Web()(f"https://localhost:{publisher.port}/", publisher_here):
            pass
    assert refused.value.code == "wrong_address"
    assert publisher.heard == []


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("says", "why"),
    [
        (b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\n\r\n", "redirected"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "its host answers 404"),
        (b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n", "its host answers 503"),
        (FILE[:-5], "its host does not answer (RemoteProtocolError)"),
        (b"SSH-2.0-x\r\n\r\n", "its host does not answer (RemoteProtocolError)"),
        (b"", "its host does not answer (RemoteProtocolError)"),
    ],
)
async def test_only_a_whole_file_is_taken(publisher: Publisher, says: bytes, why: str) -> None:
    """No direction to elsewhere, no error's page, no half of a file."""
    publisher.says = says
    assert await refusal(web(), publisher) == why
    assert len(publisher.heard) == 1


@pytest.mark.usefixtures("trusted")
async def test_what_is_packed_is_not_unpacked(publisher: Publisher) -> None:
    """A small answer stays small; its digest is of what came over the wire."""
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n"
    publisher.says = head + b"\x1f\x8b\x08\x00"
    async with fetched(web(), publisher) as content:
        assert content == b"\x1f\x8b\x08\x00"


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(publisher: Publisher) -> None:
    """Without the operator's word; the file is tried again, since that can be mended."""
    assert await refusal(web(), publisher) == "its host does not answer (ConnectError)"


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_of_another_name_is_not_believed(publisher: Publisher) -> None:
    """The address was resolved before, and the name is checked all the same."""
    other = Host("cdn.sigap.example", publisher.port)
    with pytest.raises(NotNow, match="ConnectError"):
        async with web()(f"https://{other.name}:{other.port}/", other):
            pass
    assert publisher.heard == []


async def test_a_host_that_is_not_there_is_tried_again() -> None:
    """Neither its name nor its door answers."""
    with pytest.raises(NotNow, match="leads nowhere"):
        async with Web()("https://nosuch.invalid/", Host("nosuch.invalid")):
            pass
