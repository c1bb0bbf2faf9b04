"""Early answers reach who sends a whole body before reading: over a real server and a socket."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import Request
from uvicorn import Config

from shared.runtime.access import EVERYBODY
from shared.runtime.document import Refused
from shared.runtime.serving import Server
from shared.runtime.web import Bounds, create_router, create_web
from shared.runtime.web.shell import READ_ON
from tests.desk import nothing
from tests.runtime.test_web import SampleHealth, Stroke

LARGEST = 2_000_000
HOSTILE = b'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\n'
CASES = {
    "json": ("/json", "application/json", 900_000, 413),
    "form": ("/json", "multipart/form-data; boundary=x", 900_000, 413),
    "upload": ("/upload", "multipart/form-data; boundary=x", LARGEST * 2 - 10, 413),
    "refused": ("/refused", "multipart/form-data; boundary=x", LARGEST - 10, 409),
    "nowhere": ("/nowhere", "application/json", 60_000, 404),
}


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    """Serve three addresses: one of JSON, one of files, one that refuses before it reads."""
    api = create_router()

    @api.post("/json")
    async def stroke(body: Stroke) -> None: ...

    @api.post("/upload")
    async def upload(request: Request) -> int:
        return sum([len(piece) async for piece in request.stream()])

    @api.post("/refused")
    async def refused() -> None:
        raise Refused(409, "too_many", "There are enough.", "body")

    app = create_web(
        title="Early",
        routers=[api],
        rights=dict.fromkeys(("POST /json", "POST /upload", "POST /refused"), EVERYBODY),
        lifespan=nothing,
        health=SampleHealth(),
        figures=bytes,
        bounds=Bounds(larger={"/upload|/refused": LARGEST}),
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(Config(app, loop="uvloop", http="httptools", log_config=None))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


def _answered(client: socket.socket) -> tuple[int, dict[str, Any]]:
    """Read to the end of the connection; give status and document."""
    received = b""
    while piece := client.recv(65536):
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("pieces", [False, True], ids=["sized", "in-pieces"])
@pytest.mark.parametrize("case", CASES)
def test_who_sends_first_and_reads_then_is_told(
    address: tuple[str, int], case: str, *, pieces: bool
) -> None:
    """The whole body is sent before a byte is read, and the problem is there all the same."""
    path, kind, size, status = CASES[case]
    body = HOSTILE + b"x" * (size - len(HOSTILE))
    length = "transfer-encoding: chunked" if pieces else f"content-length: {size}"
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (size, body) if pieces else body
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {kind}\r\n{length}\r\n"
    with socket.create_connection(address, 30) as client:
        client.sendall(f"{head}connection: close\r\n\r\n".encode() + sent)
        found, document = _answered(client)
    assert (found, document["status"]) == (status, status)
    assert document["detail"]


def test_a_connection_goes_on_after_an_early_answer(address: tuple[str, int]) -> None:
    """A body of a size that is taken is read to its end, so the next request finds its place."""
    head = b"POST /refused HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n"
    with socket.create_connection(address, 30) as client:
        client.sendall(head + b"\r\n" + b"x" * 1_000_000)
        client.sendall(b"GET /nowhere HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        received = b""
        while piece := client.recv(65536):
            received += piece
    assert received.count(b"HTTP/1.1 409") == received.count(b"HTTP/1.1 404") == 1


def test_who_goes_on_for_ever_is_cut_off(address: tuple[str, int]) -> None:
    """What is far beyond the bound is not read: the connection ends, whatever else would come."""
    head = b"POST /json HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n"
    sent, most = 0, READ_ON + 20_000_000  # what buffers of both sides hold comes on top
    with socket.create_connection(address, 30) as client, suppress(ConnectionError):
        client.sendall(head)
        while sent < most:
            sent += client.send(b"x" * 65536)
    assert sent < most
