"""What the rights of a publisher are worth, on a Kafka that asks everybody who he is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, Producer

from deploy.engines.cache import Cache
from deploy.engines.kafka import Kafka, present
from deploy.engines.ports import free_port
from deploy.publishers.adding import add
from deploy.publishers.rights import READS, principal, quotas, rights_on
from shared.contracts.topics import publisher_topic

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
MOST = 64 * 1024


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


def written(settings: dict[str, Any], topic: str) -> int | None:
    """Write one record; give the code of the error, None where there is none."""
    said: list[KafkaError | None] = []
    producer = Producer({**settings, "message.timeout.ms": 10_000})
    producer.produce(topic, b"{}", on_delivery=lambda error, _: said.append(error))
    producer.flush(15)
    return said[0].code() if said and said[0] else None


def read(settings: dict[str, Any], topic: str, group: str) -> int | None:
    """Read a topic to its end in a group; give the code of the error, None where there is none."""
    reading = {"group.id": group, "auto.offset.reset": "earliest", "enable.partition.eof": True}
    consumer = Consumer({**settings, **reading})
    try:
        consumer.subscribe([topic])
        said = consumer.poll(60)
        assert said is not None, "the broker answers"
        failed = said.error()
        return failed.code() if failed and failed.code() != KafkaError._PARTITION_EOF else None
    finally:
        consumer.close()


async def test_a_publisher_reaches_its_own_topics_and_no_others(
    guarded: tuple[Kafka, str],
) -> None:
    """It signs in with what the command made, and is refused wherever it has no right."""
    kafka, address = guarded
    made = {name: await add(kafka.address, name, MOST) for name in ("sigap", "kampus")}
    own = made["sigap"]
    assert (own.signs_in, own.rights, own.most, own.lacks) == (True, 7, MOST, ())
    assert own.password
    partner = signed_in(address, "sigap", own.password)
    assert written(partner, publisher_topic("sigap", "submissions")) is None
    denied = KafkaError.TOPIC_AUTHORIZATION_FAILED
    for topic in ("kentongan.ext.kampus.submissions.v1", publisher_topic("sigap", "receipts")):
        assert written(partner, topic) == denied, topic
    assert read(partner, publisher_topic("sigap", "receipts"), "ext.sigap.a") is None
    assert read(partner, publisher_topic("kampus", "receipts"), "ext.sigap.a") == denied
    foreign = read(partner, publisher_topic("sigap", "receipts"), "ext.kampus.a")
    assert foreign == KafkaError.GROUP_AUTHORIZATION_FAILED


async def test_a_password_stays_until_another_is_asked_for(guarded: tuple[Kafka, str]) -> None:
    """Adding again changes nothing; the quota is what was said last; a new password works."""
    kafka, address = guarded
    first = await add(kafka.address, "dinsos", MOST)
    again = await add(kafka.address, "dinsos", 2 * MOST)
    assert (again.password, again.signs_in, again.topics.created) == (None, True, [])
    assert first.password
    topic = publisher_topic("dinsos", "submissions")
    assert written(signed_in(address, "dinsos", first.password), topic) is None
    async with rights_on(kafka.address) as rights:
        assert await rights.limits("dinsos") == quotas(2 * MOST)
    assert quotas()["consumer_byte_rate"] == READS
    third = await add(kafka.address, "dinsos", MOST, anew=True)
    assert third.password not in {None, first.password}
    assert written(signed_in(address, "dinsos", third.password or ""), topic) is None
