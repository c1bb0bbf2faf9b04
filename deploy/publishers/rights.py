"""What the bus lets a publisher do: sign in, touch its own topics, take so much and no more.

All of it is made again without harm. A bus that cannot keep one of these says so in a sentence:
the embedded broker knows no principals, and a Kafka without an authorizer keeps no rights.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import secrets
from collections.abc import AsyncIterator, Iterator
from enum import IntEnum
from typing import Any, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import IncompatibleBrokerVersion, KafkaError, SecurityDisabled, for_code
from aiokafka.protocol.admin import CreateAclsRequest, DescribeClientQuotasRequest

from deploy.publishers.wire import AlterQuotas, AlterSignIn, DescribeSignIn
from shared.contracts.topics import PUBLISHER_STREAMS, publisher_topic

PATIENCE = 15.0
"""Seconds a bus may take to answer."""
ITERATIONS = 8192
"""Rounds of SCRAM-SHA-512 (RFC 5802): what a stolen verifier costs per guess."""
WRITES, READS = 256 * 1024, 512 * 1024
"""Bytes in a second: some two hundred records of a usual length to write, twice as much to read."""
PERCENT = 10.0
"""Share of one of the threads that a broker answers with."""
NO_SUCH_USER = 91
"""RESOURCE_NOT_FOUND of the Kafka protocol."""
UNKNOWN = "this broker knows nothing of the kind"


class CannotKeep(Exception):
    """The bus keeps nothing of this kind; the message says why."""


class Operation(IntEnum):
    """What may be done (Kafka protocol, AclOperation)."""

    READ = 3
    WRITE = 4
    DESCRIBE = 8


class Grant(NamedTuple):
    """One thing that a publisher may do with one topic, or with groups that begin with a name."""

    topic: bool
    name: str
    operation: Operation


def principal(publisher: str) -> str:
    """Name the user that a publisher signs in as."""
    return f"ext-{publisher}"


def groups(publisher: str) -> str:
    """Give what the ids of a publisher's consumer groups begin with."""
    return f"ext.{publisher}."


def grants(publisher: str) -> Iterator[Grant]:
    """Give what a publisher may do, by the register of topics; everything else is refused."""
    for name, stream in PUBLISHER_STREAMS.items():
        does = [Operation.WRITE] if stream.producer == "publisher" else []
        does += [Operation.READ] if "publisher" in stream.readers else []
        for operation in (*does, Operation.DESCRIBE):
            yield Grant(topic=True, name=publisher_topic(publisher, name), operation=operation)
    yield Grant(topic=False, name=groups(publisher), operation=Operation.READ)


def quotas(writes: int = WRITES) -> dict[str, float]:
    """Give, by Kafka's names, the quotas of a publisher that may write so many bytes a second."""
    return {
        "producer_byte_rate": float(writes),
        "consumer_byte_rate": float(READS),
        "request_percentage": PERCENT,
    }


class Rights:
    """A bus as whoever administers it sees it. Everything raises CannotKeep or KafkaError."""

    def __init__(self, admin: AIOKafkaAdminClient) -> None:
        """Use a connected client; ``rights_on`` gives one."""
        self._admin = admin

    async def sign_in(self, publisher: str, *, anew: bool) -> str | None:
        """Make the principal; give its password, None where it has one already.

        ``anew`` puts another password in its place.
        """
        user = principal(publisher)
        if not anew and await self._known(user):
            return None
        password, salt = secrets.token_urlsafe(32), secrets.token_bytes(32)
        salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
        answer = await self._ask(AlterSignIn(user, ITERATIONS, salt, salted))
        if not answer.results:
            raise CannotKeep(UNKNOWN)
        for _, code, message, _ in answer.results:
            _check(code, message)
        return password

    async def _known(self, user: str) -> bool:
        answer = await self._ask(DescribeSignIn(user))
        _check(answer.error_code, answer.error_message)
        if not answer.results:
            raise CannotKeep(UNKNOWN)
        _, code, message, *_ = answer.results[0]
        if code != NO_SUCH_USER:
            _check(code, message)
        return bool(code != NO_SUCH_USER)

    async def allow(self, publisher: str) -> int:
        """Let it write and read its own topics; give the number of rights."""
        wanted = list(grants(publisher))
        who = f"User:{principal(publisher)}"
        for grant in wanted:
            kind, pattern = (2, 3) if grant.topic else (3, 4)  # a topic, literal; groups, by prefix
            answer = await self._ask(
                CreateAclsRequest(kind, grant.name, pattern, who, "*", grant.operation, 3)
            )
            for code, message in answer.creation_responses:
                if code == SecurityDisabled.errno:
                    raise CannotKeep("this Kafka has no authorizer, so everybody may everything")
                _check(code, message)
        return len(wanted)

    async def limit(self, publisher: str, most: dict[str, float]) -> None:
        """Set the quotas of a publisher: beyond them the broker answers it later."""
        answer = await self._ask(AlterQuotas(principal(publisher), most))
        for code, message, _ in answer.results:
            _check(code, message)

    async def limits(self, publisher: str) -> dict[str, float]:
        """Read the quotas of a publisher."""
        asked = DescribeClientQuotasRequest([("user", 0, principal(publisher))], strict=True)
        answer = await self._ask(asked)
        return {name: value for _, values in answer.entries or () for name, value in values}

    async def _ask(self, request: Any) -> Any:  # noqa: ANN401 - aiokafka carries no types
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._admin._send_to_controller(request)  # noqa: SLF001 - else by hand
        except (IncompatibleBrokerVersion, NotImplementedError):
            raise CannotKeep(UNKNOWN) from None


@contextlib.asynccontextmanager
async def rights_on(address: str) -> AsyncIterator[Rights]:
    """Connect to a bus. Raises KafkaError."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=8_000)
    try:
        await admin.start()
        yield Rights(admin)
    finally:
        await admin.close()


def _check(code: int, message: str | None) -> None:
    if code:
        raise KafkaError(message or for_code(code).__name__)
