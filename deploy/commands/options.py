"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Node = Annotated[str | None, typer.Option("--node", help="Code of the node, such as 8171.")]
Data = Annotated[
    Path | None, typer.Option("--data", help="Folder for data, logs and keys of this machine.")
]
Port = Annotated[
    int, typer.Option("--port", min=1024, max=65_000, help="First port; a taken one is replaced.")
]
Kafka = Annotated[
    str | None,
    typer.Option("--kafka", envvar="KENTONGAN_KAFKA", help="Bootstrap address of a Kafka."),
]
Mongo = Annotated[
    str | None, typer.Option("--mongo", envvar="KENTONGAN_MONGO", help="URI of a MongoDB.")
]
Json = Annotated[bool, typer.Option("--json", help="Print what a script can read.")]
Service = Annotated[str, typer.Option("--service", help="intake, routing, followup ...")]
Publishers = Annotated[
    str | None,
    typer.Option(
        "--publishers",
        envvar="KENTONGAN_PUBLISHERS",
        help="Names of outside publishers, with commas.",
    ),
]
