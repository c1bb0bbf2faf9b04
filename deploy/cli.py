"""The commands of deploy: ``python3 -m deploy --help``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.folder import HOME, Folder

app = typer.Typer(
    name="deploy",
    help="Run Kentongan: the demo, one node, its topics, its audit.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

NodeArgument = Annotated[str, typer.Argument(help="Code of the node, such as 8171.")]
NodeOption = Annotated[str, typer.Option("--node", help="Code of the node.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder for data, logs and keys of this machine.")
]
PortOption = Annotated[
    int, typer.Option("--port", min=1024, max=65_000, help="First port; a taken one is replaced.")
]
KafkaOption = Annotated[
    str | None,
    typer.Option("--kafka", envvar="KENTONGAN_KAFKA", help="Bootstrap address of a Kafka."),
]
MongoOption = Annotated[
    str | None, typer.Option("--mongo", envvar="KENTONGAN_MONGO", help="URI of a MongoDB.")
]


@app.callback()
def deploy() -> None:
    """Run Kentongan: the demo, one node, its topics, its audit."""


@app.command()
def demo(  # noqa: PLR0913 - one option each
    node: NodeOption = "8171",
    data: DataOption = None,
    port: PortOption = 8000,
    rate: Annotated[
        float, typer.Option("--rate", min=0.0, max=20.0, help="New complaints a second.")
    ] = 0.2,
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over with empty data.")] = False,
    no_traffic: Annotated[
        bool, typer.Option("--no-traffic", help="File no new complaints.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the addresses as JSON.")] = False,
) -> None:
    """Start a whole city with sample complaints on this computer, until Ctrl-C."""
    from deploy.demo.run import Demo
    from deploy.engines.choose import embedded

    folder = Folder(data or HOME / "demo")
    chosen = Demo(
        node=node,
        folder=folder,
        engines=embedded(folder.engines),
        port=port,
        rate=0.0 if no_traffic else rate,
        fresh=fresh,
        json=as_json,
    )
    raise typer.Exit(chosen.run())
