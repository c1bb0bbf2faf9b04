"""Commands of those who keep a node: audit, recount, retell, restore, topics."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from deploy.commands import options
from deploy.commands.ground import find, known, named, wait
from deploy.console import Exit, fail
from deploy.found import STORE, WRITER, Found


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (audit, recount, retell, restore, topics):
        app.command()(command)


def audit(  # noqa: PLR0913
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    bus: Annotated[
        str | None,
        typer.Option(
            "--kafka",
            "--bus",
            envvar="KENTONGAN_KAFKA",
            help="Bootstrap address; its topics are read, too.",
        ),
    ] = None,
    publishers: options.Publishers = None,
    settled: Annotated[
        bool, typer.Option("--settled", help="Nothing moves: nothing is under way.")
    ] = False,
    mend: Annotated[
        bool, typer.Option("--mend", help="Have services tell again what others lack.")
    ] = False,
    writer: Annotated[
        str | None,
        typer.Option("--as", envvar=WRITER, help="With --mend: URI of a principal that may write."),
    ] = None,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Compare the five stores of a node with each other, and with the bus.

    Only reads; with --mend it also marks what is to be told again.
    """
    from deploy.audit.reading import Stores
    from deploy.audit.report import text
    from deploy.audit.run import Audit
    from deploy.mending import Marker

    if mend and mongo and not _may_write(writer, mongo):
        fail("--mend writes marks: name with --as who may write.", Exit.WRONG_USE)
    found = find(data, node=node, mongo=mongo, publishers=publishers)

    async def compare() -> Any:  # noqa: ANN401
        stores = Stores(found.mongo, found.node)
        marker = Marker(writer or found.mongo, found.node) if mend else None
        try:
            kafka = bus or found.kafka
            return await Audit(
                stores, found.node, kafka, found.publishers, settled=settled, mender=marker
            ).run()
        finally:
            stores.close()
            if marker is not None:
                marker.close()

    report = wait(compare())
    print(json.dumps(report.shown(), indent=2) if as_json else text(report))
    raise typer.Exit(Exit.DIFFERENT if report.differences else Exit.CLEAN)


def _may_write(writer: str | None, mongo: str) -> bool:
    """Say whether who was named may write there, and does not just write at the store of here."""
    of_another_store = writer == os.environ.get(STORE) != mongo
    return bool(writer) and not of_another_store


def recount(
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    settled: Annotated[
        bool, typer.Option("--settled", help="Nothing moves: nothing is being counted.")
    ] = False,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Count every figure of metrics again from its timelines, and say what differs; only reads."""
    from deploy.audit.reading import Stores
    from deploy.recount import recount as count

    found = find(data, node=node, mongo=mongo)

    async def compare() -> Any:  # noqa: ANN401
        stores = Stores(found.mongo, found.node)
        try:
            return await count(stores, found.node, settled=settled)
        finally:
            stores.close()

    result = wait(compare())
    print(json.dumps(result.shown(), indent=2) if as_json else result)
    raise typer.Exit(Exit.DIFFERENT if result.different else Exit.CLEAN)


def retell(
    *,
    service: options.Service,
    since: Annotated[datetime, typer.Option("--since", help="Local time: 2026-11-21T07:00.")],
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Have a running service tell again everything it changed since a time."""
    from deploy.mending import TELLERS, Marker

    known(service, *TELLERS)
    found = find(data, node=node, mongo=mongo)
    moment = since.astimezone(UTC)

    async def mark() -> int:
        marker = Marker(found.mongo, found.node)
        try:
            return await marker.since(service, moment)
        finally:
            marker.close()

    count = wait(mark())
    print(f"{service} will tell {count} complaints again, those changed since {moment:%F %T} UTC.")


def restore(
    *,
    service: options.Service,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Say that a service's store was put back from a backup; the service must be stopped."""
    from deploy.restore import StillRunning
    from deploy.restore import restore as declare

    known(service)
    found = find(data, node=node, mongo=mongo)
    try:
        epoch = wait(declare(found.mongo, found.node, service))
    except StillRunning as running:
        fail(str(running))
    print(
        f"{service} begins epoch {epoch}. At its next start it takes back from the bus what the "
        "backup lacks, then hears everything from the start."
    )


def topics(
    *,
    node: options.Node = None,
    kafka: options.Kafka = None,
    publishers: options.Publishers = None,
    data: options.Data = None,
) -> None:
    """Create on a bus the topics of a node and of its publishers; never alters one."""
    from deploy import topics as making

    if kafka and node:
        found = Found(node, kafka=kafka, publishers=named(publishers))
    else:
        found = find(data, node=node, kafka=kafka, publishers=publishers)
    try:
        wanted = making.wanted([found.node], found.publishers)
        outcome = wait(making.create(kafka or found.kafka, wanted))
    except making.BusAbsent as absent:
        fail(str(absent))
    for name in outcome.created:
        print(f"created  {name}")
    for name in outcome.present:
        print(f"there    {name}")
    for wrong in outcome.wrong:
        print(f"WRONG    {wrong}")
    raise typer.Exit(Exit.DIFFERENT if outcome.wrong else Exit.CLEAN)
