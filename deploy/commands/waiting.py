"""Commands about what waits in quarantine."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from deploy.commands import options
from deploy.commands.ground import find, known, wait
from deploy.console import Exit, fail

quarantine = typer.Typer(
    help="What waits in quarantine, and what was passed.", no_args_is_help=True
)


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(quarantine, name="quarantine")


@quarantine.command("list")
def list_(
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """List what waits and what was passed, oldest first, at most a thousand per service."""
    from deploy.quarantine import listed

    found = find(data, node=node, mongo=mongo)
    rows = wait(listed(found.mongo, found.node))
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        where = f"{row['stream']} {row['complaint']}" if row["complaint"] else row["place"]
        print(f"{row['kind']:<8} {row['service']:<13} {where}  {row['reason']}")
    print(f"{len(rows)} in all")


@quarantine.command("release")
def release_all(
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Have the running services try again what waits in quarantine."""
    from deploy.quarantine import release as ask

    found = find(data, node=node, mongo=mongo)
    wait(ask(found.mongo, found.node))
    print("Asked. Within seconds each service tries again what waits; look: quarantine list.")


@quarantine.command("discard")
def discard_one(
    complaint: Annotated[str, typer.Argument(help="Id of the complaint.")],
    *,
    service: options.Service,
    stream: Annotated[str, typer.Option("--stream", help="complaints, dispositions ...")],
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Give up what waits for one complaint and stream: the service never learns what it said."""
    from deploy.quarantine import NotGivenUp, discard

    known(service)
    found = find(data, node=node, mongo=mongo)
    try:
        pair = wait(discard(found.mongo, found.node, service, complaint, stream))
    except NotGivenUp as why:
        fail(str(why), Exit.DIFFERENT)
    print(f"{service} goes on after {pair} of {stream} without having read it.")
