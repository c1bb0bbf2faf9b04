"""The load generator, a process of its own: it prepares everything, waits for a line, and sends.

Closed loop: over HTTP each connection sends its next complaint when the last was answered; on the
bus everything is published at once and the services take it as they can. Open loop: complaint
``i`` is due at ``i / rate`` whatever became of those before, and its latency counts from then.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import orjson
import uvloop
from confluent_kafka import Producer

from shared.contracts.intake import Submission
from tests.load.complaints import complaints

READY = "ready"
TICK = 0.001


@dataclass(frozen=True)
class Job:
    """What is to be sent, where to, and how fast; ``rate`` 0 is the closed loop."""

    seed: int
    first: int
    count: int
    rate: float
    kafka: str = ""
    topic: str = ""
    http: int = 0
    """Port of intake; 0 sends over the bus."""
    exact: bool = True
    """Whether each record is sent once whatever happens; beyond the broker from pip."""
    connections: int = 32


@dataclass
class Sent:
    """What became of it: seconds since 1970 by number, and ids where the answer gave one."""

    due: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    refused: int = 0
    cpu: float = 0.0


def send_to_bus(job: Job, wait: Callable[[], None]) -> Sent:
    """Publish submissions as an outside publisher does."""
    producer = Producer(
        {
            "bootstrap.servers": job.kafka,
            "log_level": 0,
            "acks": "all",
            "enable.idempotence": job.exact,  # so that the end of the topic says how many were sent
            "linger.ms": 1 if job.rate else 5,
            "queue.buffering.max.messages": 2_000_000,
            "queue.buffering.max.kbytes": 2_000_000,
        }
    )
    producer.list_topics(job.topic, timeout=20)
    moment = datetime.now(UTC).isoformat().encode()
    records = [
        (
            orjson.dumps(each),
            each["reference"],
            [
                ("ce_specversion", b"1.0"),
                ("ce_id", each["reference"].encode()),
                ("ce_type", Submission.type.encode()),
                ("ce_source", b"/publisher/load"),
                ("ce_time", moment),
                ("content-type", b"application/json"),
            ],
        )
        for each in complaints(job.seed, job.first, job.count)
    ]
    sent = Sent(due=[0.0] * job.count, answered=[0.0] * job.count)

    def note(number: int) -> Callable[[Any, Any], None]:
        def acknowledged(error: Any, _message: Any) -> None:
            sent.refused += error is not None
            sent.answered[number] = time.time()

        return acknowledged

    wait()
    began = time.time()
    for number, (value, key, headers) in enumerate(records):
        due = began + number / job.rate if job.rate else time.time()
        while job.rate and (left := due - time.time()) > 0:
            producer.poll(0)
            time.sleep(min(left, 0.01))
        sent.due[number] = due
        producer.produce(job.topic, value=value, key=key, headers=headers, on_delivery=note(number))
        if number % 100 == 0:
            producer.poll(0)
    if left := producer.flush(60):
        sent.refused += left
    return sent


class _Line(asyncio.Protocol):
    """One connection kept open: a request, its answer, the next request."""

    def __init__(self, crowd: _Crowd) -> None:
        self._crowd, self._buffer, self._number = crowd, b"", -1
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, number: int) -> None:
        if self._transport is None or self._transport.is_closing():
            self._crowd.answered(self, number, b"", b"")
            return
        self._number = number
        self._transport.write(self._crowd.requests[number])

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end:
            return
        _, _, rest = head.lower().partition(b"content-length:")
        if len(body) >= int(rest.partition(b"\r\n")[0] or 0):
            self._buffer, number, self._number = b"", self._number, -1
            self._crowd.answered(self, number, head[9:12], body)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._number >= 0:
            self._crowd.answered(self, self._number, b"", b"")
        self._number = -1


class _Crowd:
    """All connections, and what waits to be sent."""

    def __init__(self, job: Job) -> None:
        self.job, self.requests = job, [_request(job, each) for each in _reports(job)]
        self.sent = Sent([0.0] * job.count, [0.0] * job.count, [""] * job.count)
        self._next, self._left = 0, job.count
        self._free: deque[_Line] = deque()
        self._due: deque[int] = deque()
        self._done = asyncio.Event()

    async def run(self, wait: Callable[[], None]) -> Sent:
        loop = asyncio.get_running_loop()
        for _ in range(self.job.connections):
            _, line = await loop.create_connection(lambda: _Line(self), "127.0.0.1", self.job.http)
            self._free.append(line)
        wait()
        began = time.time()
        while self.job.rate and self._next < self.job.count:
            while self._next < self.job.count and began + self._next / self.job.rate <= time.time():
                self.sent.due[self._next] = began + self._next / self.job.rate
                self._due.append(self._next)
                self._next += 1
            while self._due and self._free:
                self._free.popleft().ask(self._due.popleft())
            await asyncio.sleep(TICK)
        for line in list(self._free) if not self.job.rate else ():
            self._go_on(line)
        await self._done.wait()
        return self.sent

    def answered(self, line: _Line, number: int, status: bytes, body: bytes) -> None:
        self.sent.answered[number] = time.time()
        if status == b"201":
            self.sent.ids[number] = orjson.loads(body)["complaint"]
        else:
            self.sent.refused += 1
        self._left -= 1
        if not self._left:
            self._done.set()
        self._go_on(line)

    def _go_on(self, line: _Line) -> None:
        if self._due:
            line.ask(self._due.popleft())
        elif self.job.rate:
            self._free.append(line)
        elif self._next < self.job.count:
            number, self._next = self._next, self._next + 1
            self.sent.due[number] = time.time()
            line.ask(number)


def _reports(job: Job) -> list[dict[str, Any]]:
    return list(complaints(job.seed, job.first, job.count))


def _request(job: Job, complaint: dict[str, Any]) -> bytes:
    key = f"load-{complaint.pop('reference')}-{job.topic}"
    body = orjson.dumps(complaint)
    return (
        f"POST /api/v1/complaints HTTP/1.1\r\nHost: 127.0.0.1:{job.http}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _wait() -> None:
    print(READY, flush=True)
    sys.stdin.readline()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Do the job named on the first line; say on the last what became of it."""
    job = Job(**json.loads(sys.stdin.readline()))
    begun = 0.0

    def wait() -> None:
        nonlocal begun
        _wait()
        begun = _cpu()

    if job.http:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            sent = runner.run(_send_over_http(job, wait))
    else:
        sent = send_to_bus(job, wait)
    sent.cpu = _cpu() - begun
    sys.stdout.write(json.dumps(asdict(sent)) + "\n")


async def _send_over_http(job: Job, wait: Callable[[], None]) -> Sent:
    return await _Crowd(job).run(wait)


if __name__ == "__main__":
    main()
