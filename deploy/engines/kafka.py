"""Apache Kafka as one process that is broker and controller, from Maven Central."""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path

from shared.runtime.settings import Profile

from .cache import Cache, need, run
from .engine import EngineFailed
from .local import LocalEngine
from .ports import free_port, kafka_answers
from .process import Process

VERSION = "4.3.1"
JARS = f"kafka-{VERSION}"
CLASSES = f"kafka-{VERSION}-classes"
_LOG4J = "2.24.3"

# MirrorMaker 2 comes along: nodes that are linked need it.
_PARTS = [
    ("org.apache.kafka", "kafka_2.13", VERSION),
    ("org.apache.kafka", "kafka-tools", VERSION),
    ("org.apache.kafka", "connect-runtime", VERSION),
    ("org.apache.kafka", "connect-mirror", VERSION),
    ("org.apache.logging.log4j", "log4j-core", _LOG4J),
    ("org.apache.logging.log4j", "log4j-slf4j-impl", _LOG4J),
]

# A broker that was killed is let in again when its old session has ended, so that is short.
_SINGLE_NODE = {
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.num.partitions": "5",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
}


def settings(port: int, controller: int, inside: str = "127.0.0.1") -> dict[str, str]:
    """Configure one node that is broker and controller; clients reach it on this machine."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "listeners": f"PLAINTEXT://{inside}:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        **_SINGLE_NODE,
    }


def new_cluster_id() -> str:
    """Name a cluster as Kafka does."""
    drawn = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    # One that begins with a dash would be read as an option.
    return new_cluster_id() if drawn.startswith("-") else drawn


def fetch(cache: Cache) -> None:
    """Get the jars with Maven; keep the loaded classes, which halves the time of every start."""
    cache.fetch(JARS, _copy_jars)
    cache.fetch(CLASSES, lambda new: _archive_classes(cache, new))


def present(cache: Cache) -> bool:
    """Say whether everything is there that a start needs."""
    return bool(cache.find(JARS) and cache.find(CLASSES) and shutil.which("java"))


class Kafka(LocalEngine):
    """One node; its log survives a stop and a kill."""

    profile: Profile = "real"

    def __init__(
        self,
        directory: Path,
        cache: Cache,
        port: int | None = None,
        further: Mapping[str, str] | None = None,
    ) -> None:
        """Keep log and output under a directory and the address for life.

        ``further`` are settings beyond the usual ones, or in their place.
        """
        self._further = dict(further or {})
        self.port = port or free_port()
        self.name = f"Apache Kafka {VERSION}"
        self.address = f"127.0.0.1:{self.port}"
        self._controller = free_port()
        self._directory = directory.absolute() / "kafka"
        self._jars = cache.folder / JARS / "libs"
        self._classes = f"-XX:SharedArchiveFile={cache.folder / CLASSES / 'classes.jsa'}"
        self._process = Process(self.name, self._directory / "kafka.log", patience=120)
        self.processes = (self._process,)

    def start(self) -> None:
        """Format the log directory the first time, and start."""
        self._directory.mkdir(parents=True, exist_ok=True)
        logs, properties = self._directory / "logs", self._directory / "server.properties"
        lines = {
            **settings(self.port, self._controller),
            "log.dirs": str(logs),
            **self._further,
        }
        properties.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        if not (logs / "meta.properties").exists():
            self._format(properties)
        self._process.start(
            [*self._java("512m"), "kafka.Kafka", str(properties)],
            answers=lambda: kafka_answers("127.0.0.1", self.port),
        )

    def write_classes(self, archive: Path) -> None:
        """Run once, and have the JVM write down the classes it loaded."""
        self._classes = f"-XX:ArchiveClassesAtExit={archive}"
        self.start()
        self._process.stop(grace=120)

    def _format(self, properties: Path) -> None:
        tool = ["kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", new_cluster_id()]
        done = subprocess.run(
            [*self._java("128m"), *tool, "-c", str(properties)],
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise EngineFailed(f"{self.name} cannot format its log: {done.stdout}{done.stderr}")

    def _java(self, memory: str) -> list[str]:
        java = need("java", "install a JRE, 17 or newer")
        # These brokers serve trials and tests: the optimizing compiler would take half of what they
        # spend in their first minutes, and pay back in hours.
        quick = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        tuning = [f"-Xmx{memory}", *quick, self._classes, "-Xlog:disable"]
        level = "-Dorg.apache.logging.log4j.level=WARN"
        return [java, *tuning, level, "-cp", f"{self._jars}/*"]


def _archive_classes(cache: Cache, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as directory:
        Kafka(Path(directory), cache).write_classes(folder / "classes.jsa")


def _copy_jars(folder: Path) -> None:
    mvn = need("mvn", "install Maven with a JDK, 17 or newer")
    pom = folder / "pom.xml"
    dependencies = "".join(
        f"<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
        f"<version>{version}</version></dependency>\n"
        for group, artifact, version in _PARTS
    )
    pom.write_text(
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>\n'
        "<groupId>kentongan</groupId><artifactId>kafka</artifactId><version>1</version>\n"
        f"<packaging>pom</packaging>\n<dependencies>\n{dependencies}</dependencies></project>\n"
    )
    options = [f"-DoutputDirectory={folder / 'libs'}", "-DincludeScope=runtime"]
    run([mvn, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", *options], "Maven")
