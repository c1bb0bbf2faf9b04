"""What the rights of a publisher are worth, on a Kafka that asks everybody who he is."""

from __future__ import annotations

from typing import Any

import pytest
from confluent_kafka import Consumer, KafkaError, Producer

from deploy.engines.kafka import Kafka
from deploy.publishers.adding import add
from deploy.publishers.rights import READS, quotas, rights_on
from shared.contracts.topics import publisher_topic
from tests.connected.guarded import signed_in

pytestmark = [pytest.mark.connected, pytest.mark.slow, pytest.mark.usefixtures("demanded")]
MOST = 64 * 1024


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
