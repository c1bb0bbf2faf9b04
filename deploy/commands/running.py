"""Commands that run something until they are stopped: demo, node, tour, engines, identity."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands import options
from deploy.commands.ground import find, named, wait
from deploy.console import Exit, fail, say
from deploy.folder import DEMO, HOME, Folder
from deploy.found import Found


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    rest = {"allow_extra_args": True, "ignore_unknown_options": True}
    for command in (demo, tour, node):
        app.command()(command)
    for passed_on in (engines, identity):
        app.command(context_settings=rest, add_help_option=False)(passed_on)


def demo(  # noqa: PLR0913 - one option each
    *,
    node: options.Node = None,
    data: options.Data = None,
    port: options.Port = 8000,
    rate: Annotated[
        float, typer.Option("--rate", min=0.0, max=20.0, help="New complaints a second.")
    ] = 0.2,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over with empty data.")] = False,
    no_traffic: Annotated[
        bool, typer.Option("--no-traffic", help="File no new complaints.")
    ] = False,
    no_officers: Annotated[
        bool, typer.Option("--no-officers", help="Leave all that officers do to yourself.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Start a whole city with sample complaints on this computer, until Ctrl-C."""
    from deploy.demo.run import Demo

    chosen = Demo(
        node=node or "8171",
        folder=Folder(data or DEMO),
        port=port,
        rate=0.0 if no_traffic else rate,
        officers=not no_officers,
        fresh=fresh,
        json=as_json,
    )
    raise typer.Exit(chosen.run())


def tour(
    *,
    data: options.Data = None,
    node: options.Node = None,
    kafka: options.Kafka = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            envvar="KENTONGAN_AT",
            help="Where a node in containers answers: http://{}:8000, {} being each one's name.",
        ),
    ] = None,
) -> None:
    """File one complaint in the running demo and follow it through all five services."""
    from deploy.demo.doors import DoorShut
    from deploy.tour import Tour

    if at and not (node and kafka):
        fail("--at wants --node and --kafka beside it.", Exit.WRONG_USE)
    found = Found.at(at, node, kafka) if at and node and kafka else find(data)
    if "identity" not in found.addresses:
        fail("The tour needs the demo: start it with `make demo`.")
    tour = Tour(found, print)
    try:
        filed = wait(tour.run())
    except DoorShut as shut:
        fail(f"{shut}\nLook at the demo's own terminal, or start it with `make demo`.")
    if not tour.arrived:
        fail("The complaint was not resolved in time: look at each service's /health/ready.")
    say("")
    print(f"Look  {found.addresses['metrics']}/   the live board")
    print(f"      {found.addresses['mailbox']}/   what was sent to the reporter and the agency")
    print(f"      curl -H 'Kentongan-PIN: {filed['pin']}' \\")
    address = f"{found.addresses['intake']}/api/v1/complaints"
    print(f"           {address}/{filed['tracking_number']}")


def node(  # noqa: PLR0913
    code: Annotated[str, typer.Argument(help="Code of the node, such as 8171.")],
    *,
    register: options.Register = None,
    kafka: options.Kafka = None,
    mongo: options.Mongo = None,
    issuer: options.Issuer = "",
    smtp: options.Smtp = "",
    sms: options.Sms = "",
    chat: options.Chat = "",
    publishers: options.Publishers = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=8, help="Processes per service.")
    ] = 1,
    port: options.Port = 8000,
    data: options.Data = None,
) -> None:
    """Run the five services of one node on given engines; on embedded ones where none is given."""
    from deploy.running_node import RunningNode

    folder = Folder(data or HOME / f"node-{code}")
    samples = Path(__file__).parents[1] / "data" / code / "register.json"
    file = register or samples
    if not file.is_file():
        fail(f"There is no register {file}; name one with --register.", Exit.WRONG_USE)
    running = RunningNode(
        code=code,
        folder=folder,
        register=file.absolute(),
        port=port,
        kafka=kafka,
        mongo=mongo,
        issuer=issuer,
        smtp=smtp,
        sms=sms,
        chat=chat,
        publishers=named(publishers),
        environ=os.environ,
    )
    raise typer.Exit(running.run(workers))


def engines(context: typer.Context) -> None:
    """Get real engines and run them: see `engines --help`."""
    from deploy.engines.__main__ import main

    sys.exit(main(context.args))


def identity(context: typer.Context) -> None:
    """Run the demo's OpenID provider: see `identity --help`."""
    from deploy.identity.__main__ import main

    sys.exit(main(context.args))
