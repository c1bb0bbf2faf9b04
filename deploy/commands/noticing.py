"""Commands about notices: the brake, and what was lost."""

from __future__ import annotations

import getpass
import json
from typing import Annotated

import msgspec
import typer

from deploy.commands import options
from deploy.commands.ground import find, wait
from deploy.console import Exit, fail
from shared.runtime.document import Refused

notices = typer.Typer(help="What stops notices, and how they go again.", no_args_is_help=True)
LONGEST_REASON = 200


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(notices, name="notices")


@notices.command("brake")
def show(
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """Show whether the brake stops every notice, and its newest history; 1 if it does."""
    from deploy.notices import brake

    found = find(data, node=node, mongo=mongo)
    stands = wait(brake(found.mongo, found.node))
    if as_json:
        print(json.dumps(msgspec.to_builtins(stands), indent=2))
    else:
        for step in stands.history:
            by = f" by {step.by}" if step.by else ""
            print(f"{step.at:%F %T} UTC  {step.what}{by} ({step.cause}): {step.detail}")
        print("Every notice is stopped." if stands.pulled else "Notices go.")
    raise typer.Exit(Exit.DIFFERENT if stands.pulled else Exit.CLEAN)


@notices.command("release")
def let_go(
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why they may go; it is kept.")],
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Let notices go again; for a day the same cause does not stop them."""
    from deploy.notices import release

    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON or not said.isprintable():
        fail(f"--reason is 1 to {LONGEST_REASON} characters on one line.", Exit.WRONG_USE)
    found = find(data, node=node, mongo=mongo)
    try:
        wait(release(found.mongo, found.node, getpass.getuser(), said))
    except Refused as refused:
        fail(refused.detail, Exit.DIFFERENT)
    print("Released. The running service sends again within seconds.")


@notices.command("digest")
def write_digests(
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Have agencies written what is due today at once, whatever the hour; each once a day."""
    from deploy.notices import digest

    found = find(data, node=node, mongo=mongo)
    day = wait(digest(found.mongo, found.node))
    print(f"The running service writes the digests of {day} within two minutes.")


@notices.command("lost")
def list_lost(
    *,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
    as_json: options.Json = False,
) -> None:
    """List dead and uncertain notices of at most a thousand complaints, oldest first."""
    from deploy.notices import lost

    found = find(data, node=node, mongo=mongo)
    rows = wait(lost(found.mongo, found.node))
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        print(f"{row['outcome']:<9} {row['complaint']}  {row['about']} to {row['audience']}")
    print(f"{len(rows)} in all")


@notices.command("replay")
def send_again(
    *,
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Also those that may have arrived.")
    ] = False,
    complaint: Annotated[
        str | None, typer.Option("--complaint", help="Of this complaint only (its id).")
    ] = None,
    node: options.Node = None,
    mongo: options.Mongo = None,
    data: options.Data = None,
) -> None:
    """Have dead notices sent again, under the ids they had; each stands in its history."""
    from deploy.notices import replay

    outcomes = ("dead", "uncertain") if uncertain else ("dead",)
    found = find(data, node=node, mongo=mongo)
    count = wait(replay(found.mongo, found.node, outcomes, getpass.getuser(), complaint))
    print(f"{count} notices will be sent again by the running service.")
