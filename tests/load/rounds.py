"""One round: a fresh node, five processes, so many complaints, and what it took."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.load.bus import Look, Watch
from tests.load.crew import Crew, NotReady
from tests.load.meters import Meter, spent
from tests.load.sender import READY, Job, Sent
from tests.load.stage import Stage
from tests.load.stages import Stages, read_stages

LOOK = 0.2
"""Seconds between two looks: what the end of a drive and what is counted are known to."""
TAIL = 1.5
"""Seconds after the last document for which CPU is still counted: what was put off."""
SILENCE = 60.0
NOT_OF_COMPLAINTS = ("beats", "register")
"""Streams on which the services tell how they are, by the clock."""


class Stuck(Exception):
    """Nothing moves any more although something is left; the message says where."""


@dataclass
class Drive:
    """So many complaints sent and taken in by all five."""

    count: int
    seconds: float
    """From the first record to the last document of all five stores."""
    cpu: dict[str, float]
    sender_cpu: float
    refused: int
    sent: Sent
    looks: list[Look]

    @property
    def rate(self) -> float:
        """Give complaints a second."""
        return self.count / self.seconds


@dataclass
class Scene:
    """A crew that runs on a stage, ready to be driven."""

    stage: Stage
    crew: Crew
    meter: Meter
    watch: Watch
    seed: int
    connections: int
    done: int = 0
    drives: list[Drive] = field(default_factory=list)

    def drive(self, count: int, *, rate: float = 0, http: bool = False) -> Drive:
        """Send complaints, wait until all five have taken in everything, and count the cost."""
        job = Job(
            self.seed,
            self.done,
            count,
            rate,
            kafka=self.stage.kafka,
            topic=self.crew.submissions,
            http=self.crew.http if http else 0,
            connections=self.connections,
            exact=self.stage.profile == "real",
        )
        with _sender(job) as sender:
            self.done += count
            before = self.meter.read()
            assert sender.stdin
            assert sender.stdout
            sender.stdin.write("go\n")
            sender.stdin.flush()
            looks = self._until_done(sender, http=http)
            end = looks[-1].at
            time.sleep(TAIL)
            cpu = spent(before, self.meter.read())
            sent = Sent(**json.loads(sender.stdout.readline()))
        drive = Drive(
            count=count,
            seconds=end - min(sent.due),
            cpu=cpu,
            sender_cpu=sent.cpu,
            refused=sent.refused,
            sent=sent,
            looks=looks,
        )
        self.drives.append(drive)
        return drive

    def stages(self, drive: Drive) -> Stages:
        """Give how long each complaint of a drive took to each stage."""
        return read_stages(self.stage, self.crew, drive.sent, drive.looks, self._first(drive))

    def _first(self, drive: Drive) -> int:
        first = 0
        for each in self.drives:
            if each is drive:
                break
            first += each.count
        return first

    def _until_done(self, sender: subprocess.Popen[str], *, http: bool) -> list[Look]:
        cases = self.crew.streams["cases"]
        begins = self.crew.streams["complaints"] if http else self.crew.submissions
        looks: list[Look] = []
        moved, progress = time.monotonic(), -1
        while True:
            look = self.watch.look()
            looks.append(look)
            sent, opened = look.length(begins), look.length(cases)
            if sent >= self.done <= opened and not any(look.lag.values()):
                return looks
            now = sum(done for parts in look.committed.values() for done in parts.values())
            if now != progress:
                moved, progress = time.monotonic(), now
            if time.monotonic() - moved > SILENCE:
                told = {name: look.length(name) for name in self.crew.topics}
                raise Stuck(f"{opened} cases of {self.done}: on the bus {told}, lag {look.lag}")
            if sender.poll():
                raise Stuck(f"the load generator ended with status {sender.returncode}")
            time.sleep(LOOK)


@contextmanager
def _sender(job: Job) -> Iterator[subprocess.Popen[str]]:
    """Start the load generator; give it when it is ready to send."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.load.sender"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as sender:
        assert sender.stdin
        assert sender.stdout
        try:
            sender.stdin.write(json.dumps(asdict(job)) + "\n")
            sender.stdin.flush()
            if sender.stdout.readline().strip() != READY:
                raise NotReady("the load generator did not become ready")
            yield sender
        finally:
            if sender.poll() is None:
                sender.kill()


@contextmanager
def scene(
    stage: Stage, crew: Crew, *, seed: int, connections: int, settle: float
) -> Iterator[Scene]:
    """Run a crew on fresh topics and databases; remove those afterwards."""
    stage.make_topics(crew.topics)
    try:
        with crew.running(stage.folder) as pids:
            time.sleep(settle)
            watch = Watch(stage, crew)
            meter = Meter(pids, stage.processes())
            meter.start()
            try:
                yield Scene(stage, crew, meter, watch, seed, connections)
            finally:
                meter.stop()
                watch.close()
    finally:
        stage.sweep(list(crew.topics), list(crew.databases.values()))


def summary(
    scene: Scene, drive: Drive, stages: Stages | None, *, count: bool = True
) -> dict[str, Any]:
    """Give the figures of a drive as plain data; ``count`` counts the documents in the store."""
    each = 1000 / drive.count
    services = set(scene.meter.services)
    cpu = {name: seconds * each for name, seconds in drive.cpu.items()}
    return {
        "kind": scene.crew.kind,
        "count": drive.count,
        "seconds": drive.seconds,
        "rate": drive.rate,
        "refused": drive.refused,
        "messages_each": {
            stream: told / scene.done
            for stream, told in scene.watch.told().items()
            if stream not in NOT_OF_COMPLAINTS
        },
        "cpu_per_1000": cpu,
        "five_cpu_per_1000": sum(v for name, v in cpu.items() if name in services),
        "engines_cpu_per_1000": sum(v for name, v in cpu.items() if name not in services),
        "sender_cpu_per_1000": drive.sender_cpu * each,
        "idle_mb": {name: size / 2**20 for name, size in scene.meter.idle.items()},
        "over_idle_mb": {
            name: (scene.meter.peak[name] - size) / 2**20 for name, size in scene.meter.idle.items()
        },
        "stages": stages.percentiles() if stages else {},
        "documents": scene.stage.count(scene.crew.databases) if count else {},
        "expected": scene.done,
    }


def middle(values: Sequence[float]) -> float:
    """Give the median."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
