"""Ports for engines, and the question whether somebody answers there."""

from __future__ import annotations

import os
import random
import socket
import struct

# Below the range from which systems take outgoing ports: a dead engine's port must not be
# taken by a client that tries to reach it (which would even connect to itself).
_RANGE = range(20_000, 32_000)
_BLOCK = 200
_given: set[int] = set()


def free_port() -> int:
    """Pick a port that nobody listens on, fit to be used again after a restart.

    Not one that was given before: whoever has it may be between two starts. Each process looks
    first in a block of its own, so that two test workers do not give the same.
    """
    first = os.getpid() * _BLOCK % len(_RANGE)
    block = random.sample(_RANGE[first : first + _BLOCK], _BLOCK)
    for port in (*block, *random.sample(_RANGE, _BLOCK)):
        if port in _given:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            _given.add(port)
            return port
    raise OSError(f"no free port between {_RANGE.start} and {_RANGE.stop}")


def kafka_answers(host: str, port: int) -> bool:
    """Say whether a Kafka broker answers ApiVersions."""
    client = b"kentongan"
    body = struct.pack(">hhih", 18, 0, 7, len(client)) + client
    reply = ask(host, port, struct.pack(">i", len(body)) + body, 10)
    return reply[4:] == struct.pack(">ih", 7, 0)


def mongo_answers(host: str, port: int) -> bool:
    """Say whether a MongoDB server answers `ping` with ok."""
    document = b"\x10ping\0\1\0\0\0" + b"\2$db\0\6\0\0\0admin\0" + b"\0"
    body = b"\0\0\0\0\0" + struct.pack("<i", len(document) + 4) + document
    question = struct.pack("<iiii", 16 + len(body), 7, 0, 2013) + body
    length = int.from_bytes(ask(host, port, question, 4), "little")
    reply = ask(host, port, question, length)
    return b"\1ok\0" + struct.pack("<d", 1.0) in reply or b"\x10ok\0\1\0\0\0" in reply


def ask(host: str, port: int, question: bytes, length: int) -> bytes:
    """Send, and read as much of the answer as wanted; nothing if nobody is there."""
    try:
        with socket.create_connection((host, port), timeout=2) as line:
            line.sendall(question)
            with line.makefile("rb") as answer:
                return answer.read(length)
    except OSError:
        return b""
