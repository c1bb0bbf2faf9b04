"""A Kafka that asks everybody who he is, and how a partner says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deploy.engines.cache import Cache
from deploy.engines.kafka import Kafka, present
from deploy.engines.ports import free_port
from deploy.publishers.rights import principal

SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, engine_report: Callable[[str], None]
) -> Iterator[tuple[Kafka, str]]:
    """Give a Kafka with an authorizer, and the address at which partners reach it."""
    if not present(Cache.of()):
        pytest.skip("Kafka as a process is absent: `python3 -m deploy engines` gets it")
    ours, partners, controller = free_port(), free_port(), free_port()
    here = "127.0.0.1"
    further = {
        "listeners": f"PLAINTEXT://{here}:{ours},PARTNER://{here}:{partners},"
        f"CONTROLLER://{here}:{controller}",
        "advertised.listeners": f"PLAINTEXT://{here}:{ours},PARTNER://{here}:{partners}",
        "controller.quorum.voters": f"1@{here}:{controller}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,"
        "PARTNER:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.partner.scram-sha-512.sasl.jaas.config": SCRAM,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }
    kafka = Kafka(tmp_path_factory.mktemp("guarded"), Cache.of(), ours, further)
    try:
        kafka.start()
        engine_report(kafka.name)
        yield kafka, f"{here}:{partners}"
    finally:
        kafka.close()


def signed_in(address: str, publisher: str, password: str) -> dict[str, Any]:
    """Connect as a partner does."""
    return {
        "bootstrap.servers": address,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": principal(publisher),
        "sasl.password": password,
        "log_level": 0,
    }
