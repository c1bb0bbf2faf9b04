"""The page for a partner: everything its people need to publish, and no secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deploy.publishers.rights import groups, principal
from shared.contracts.topics import PUBLISHER_STREAMS, publisher_topic

PROGRAM = "publish.py"
"""In the contract kit: deploy/examples/publisher, and what `publisher kit` writes."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A publisher as its page describes it."""

    name: str
    node: str
    address: str
    """Where the partner reaches the bus."""
    signs_in: bool
    most: int
    """Bytes it may write in a second; 0 where nothing limits it."""
    key: str | None
    """Public key (JWK) that reporters are sealed with."""
    hosts: Sequence[str] = ()
    """From where the files that it names are fetched."""


def page(partner: Partner) -> str:
    """Write the page, in Markdown."""
    return "\n".join((*_what(partner), *_commands(partner), *_key(partner)))


def _what(partner: Partner) -> Iterator[str]:
    name = partner.name
    yield f"# Publishing to Kentongan, node {partner.node}, as `{name}`"
    yield ""
    yield "| what | yours |"
    yield "| --- | --- |"
    yield f"| bus (Kafka) | `{partner.address}` |"
    if partner.signs_in:
        yield f"| sign-in | SCRAM-SHA-512 as `{principal(name)}`; the password comes another way |"
        yield f"| consumer groups | ids that begin with `{groups(name)}` |"
    else:
        yield "| sign-in | none: this bus asks nobody who he is |"
    for stream in PUBLISHER_STREAMS.values():
        does = "you write" if stream.producer == "publisher" else "you read"
        kinds = ", ".join(f"`{kind}`" for kind in stream.messages)
        yield f"| {does} | `{publisher_topic(name, stream.name)}`: {kinds} |"
    if partner.most:
        rate = f"{partner.most / 1024:g} KiB in a second; beyond that the bus answers you later"
        yield f"| at most | {rate} |"
    where = ", ".join(f"`{host}`" for host in partner.hosts)
    yield f"| files are fetched from | {where or 'nowhere: no host was agreed on'} |"
    yield ""
    yield "Each record is a CloudEvent 1.0, in binary or structured mode. Its id (`ce_id`) is your"
    yield "own name for the record, never used for another: sent again, also after months, it is"
    yield "the same record and gets the same receipt. Its key is your `reference`."
    yield ""


def _commands(partner: Partner) -> Iterator[str]:
    yield "With this page you get the contract kit, a folder. In it, this checks records, then"
    yield "sends two samples, one of them wrong on purpose, and the right one again, and waits for"
    yield "the receipts:"
    yield ""
    yield "    pip install confluent-kafka jsonschema"
    yield "    python conform.py examples/*.json"
    command = f"python {PROGRAM} {partner.address} {partner.name}"
    if partner.signs_in:
        command += f" --password-file {password_file(partner.name)}"
    yield f"    {command}"
    yield ""


def _key(partner: Partner) -> Iterator[str]:
    if partner.key is None:
        yield "Ask the node for the key that reporters are sealed with."
        return
    yield "Seal the `reporter` (a JSON object with `name`, `email`, `phone`) with this key, as a"
    yield "compact JWE by `ECDH-ES` with `A256GCM`; in clear it is refused:"
    yield ""
    yield f"    {partner.key}"


def password_file(publisher: str) -> str:
    """Name the file that a password is written to where no other is asked for."""
    return f"{publisher}.password"
