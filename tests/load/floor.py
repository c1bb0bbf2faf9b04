"""The bare floor: five processes that make the same hops with nothing but the two drivers.

Plain aiokafka and Motor's ``bulk_write`` on uvloop with orjson: batches of 500, one guarded write
per document and batch, one small message per change, offsets committed by hand after both. No
domain, no histories, no relay, no HTTP. It is what the services are compared with.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

STREAMS = (
    *("submissions", "receipts", "progress"),
    *("complaints", "dispositions", "cases", "notices", "contacts"),
)
HEARS: Mapping[str, Sequence[str]] = {
    "intake": ("submissions", "dispositions", "cases", "notices"),
    "routing": ("complaints", "cases"),
    "followup": ("complaints", "dispositions"),
    "notification": ("complaints", "dispositions", "cases", "contacts"),
    "metrics": ("complaints", "dispositions", "cases", "notices"),
}
TELLS = {
    ("intake", "submissions"): ("complaints", "receipts"),
    ("intake", "dispositions"): ("progress",),
    ("intake", "cases"): ("progress",),
    ("routing", "complaints"): ("dispositions",),
    ("followup", "dispositions"): ("cases",),
}
WHOLE = ("intake", "routing", "followup")
"""Who keeps the words of a complaint; the others keep what they count or address by."""
READY = "ready"
SMALL = 100
DUPLICATE = 11000
Row = dict[str, Any]


class Setting(NamedTuple):
    """What a process of the floor is told."""

    service: str
    kafka: str
    mongo: str
    profile: str
    name: str
    batch: int
    gather: float


def database(name: str, service: str) -> str:
    """Name the database of one process."""
    return f"{name}-{service}"


async def run(setting: Setting) -> None:
    """Hear, write, tell, commit until told to stop."""
    real = setting.profile == "real"
    membership = {} if real else {"session_timeout_ms": 3000, "heartbeat_interval_ms": 500}
    consumer = AIOKafkaConsumer(
        *(f"{setting.name}.{stream}" for stream in HEARS[setting.service]),
        bootstrap_servers=setting.kafka,
        group_id=f"{setting.name}.{setting.service}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        partition_assignment_strategy=(RangePartitionAssignor,),
        **membership,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=setting.kafka,
        acks="all",
        enable_idempotence=real,
        linger_ms=0,
        max_batch_size=256 * 1024,
    )
    client: AsyncIOMotorClient[Row] = AsyncIOMotorClient(
        setting.mongo, w="majority", journal=True, retryWrites=False
    )
    rows = client[database(setting.name, setting.service)]["complaints"]
    await rows.find_one({"_id": "nothing"})
    await producer.start()
    await consumer.start()
    try:
        while not consumer.assignment():  # noqa: ASYNC110 - aiokafka tells nobody
            await asyncio.sleep(0.05)
        print(READY, flush=True)
        while True:
            await _batch(setting, consumer, producer, rows)
    finally:
        await consumer.stop()
        await producer.stop()
        client.close()


async def _batch(
    setting: Setting,
    consumer: AIOKafkaConsumer,
    producer: AIOKafkaProducer,
    rows: AsyncIOMotorCollection[Row],
) -> None:
    got = await consumer.getmany(timeout_ms=100, max_records=setting.batch)
    if not got:
        return
    heard: dict[str, Row] = {}
    news: list[tuple[str, bytes, bytes]] = []
    offsets: dict[TopicPartition, int] = {}
    for part, records in got.items():
        stream = part.topic.rpartition(".")[2]
        offsets[part] = records[-1].offset + 1
        for record in records:
            said = orjson.loads(record.value)
            complaint = said["reference"] if stream == "submissions" else said["complaint"]
            heard.setdefault(complaint, {})[stream] = said
            for tells in TELLS.get((setting.service, stream), ()):
                message = orjson.dumps(_message(tells, complaint, said))
                news.append((f"{setting.name}.{tells}", complaint.encode(), message))
    try:
        await rows.bulk_write(
            [_operation(setting.service, *each) for each in heard.items()], ordered=False
        )
    except BulkWriteError as repeated:
        if any(error["code"] != DUPLICATE for error in repeated.details["writeErrors"]):
            raise
    sent = [await producer.send(where, value, key=key) for where, key, value in news]
    await asyncio.gather(*sent)
    await consumer.commit(offsets)
    if sum(map(len, got.values())) < min(SMALL, setting.batch):
        await asyncio.sleep(setting.gather)


def _message(stream: str, complaint: str, said: Row) -> Row:
    if stream == "complaints":
        return {"complaint": complaint, "data": said}
    if stream == "receipts":
        return {"complaint": complaint, "reference": said["reference"], "accepted": True}
    if stream == "dispositions":
        return {"complaint": complaint, "agency": said["data"]["category"], "turn": 1}
    return {"complaint": complaint, "agency": said["agency"], "turn": 1, "stage": "open"}


def _operation(
    service: str, complaint: str, heard: Mapping[str, Row]
) -> InsertOne[Row] | UpdateOne:
    """Write what was heard, once: a stream that was heard before is not written again."""
    if "submissions" in heard:
        return InsertOne({"_id": complaint, "version": 1, "submissions": heard["submissions"]})
    kept = {
        stream: said
        if service in WHOLE or stream != "complaints"
        else {"category": said["data"]["category"], "area": said["data"]["area"]}
        for stream, said in heard.items()
    }
    guard = {"_id": complaint, **dict.fromkeys(kept)}
    return UpdateOne(guard, {"$set": kept, "$inc": {"version": 1}}, upsert=True)


async def _main(setting: Setting) -> None:
    task = asyncio.ensure_future(run(setting))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await asyncio.gather(task, return_exceptions=False)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_main(Setting(**json.loads(sys.argv[1]))))
        except asyncio.CancelledError:
            sys.exit(0)
