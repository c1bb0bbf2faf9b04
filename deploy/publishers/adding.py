"""Adding a publisher to a bus: its topics, its principal, its rights, its quotas. Idempotent."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aiokafka.errors import KafkaError

from deploy import topics
from deploy.publishers.rights import CannotKeep, Rights, quotas, rights_on
from deploy.topics import BusAbsent


@dataclass(frozen=True, slots=True)
class Added:
    """What a publisher has on a bus."""

    topics: topics.Outcome
    signs_in: bool
    """Whether the bus knows principals, so that it signs in."""
    password: str | None = None
    """Where it was made just now: the bus itself cannot say it again."""
    rights: int = 0
    most: int = 0
    """Bytes it may write in a second; 0 where the bus keeps no quotas."""
    lacks: tuple[str, ...] = ()
    """What this bus cannot keep, in sentences."""


async def add(address: str, publisher: str, writes: int, *, anew: bool = False) -> Added:
    """Give a publisher what it needs on a bus; told twice, it is done once. Raises BusAbsent.

    ``writes`` are the bytes it may write in a second; ``anew`` makes another password.
    """
    made = await topics.create(address, topics.wanted([], [publisher]))
    try:
        async with rights_on(address) as rights:
            return await _secure(rights, publisher, made, writes, anew=anew)
    except (KafkaError, OSError, TimeoutError) as failed:
        why = f"{failed or type(failed).__name__}"[:200]
        raise BusAbsent(f"The bus at {address} does not do what was asked: {why}") from failed


async def _secure(
    rights: Rights, publisher: str, made: topics.Outcome, writes: int, *, anew: bool
) -> Added:
    try:
        # Asked first: the embedded broker says honestly that it has no quotas, while its answers
        # about principals and rights cannot be read.
        await rights.limit(publisher, quotas(writes))
    except CannotKeep as cannot:
        sentence = f"No principal, no rights and no quota were made: {cannot}."
        return Added(made, signs_in=False, lacks=(sentence,))
    password = await rights.sign_in(publisher, anew=anew)
    added = Added(made, signs_in=True, password=password, most=writes)
    try:
        return replace(added, rights=await rights.allow(publisher))
    except CannotKeep as cannot:
        return replace(added, lacks=(f"No rights were made: {cannot}.",))
