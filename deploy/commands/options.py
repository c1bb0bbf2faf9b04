"""The options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Node = Annotated[
    str | None,
    typer.Option("--node", envvar="KENTONGAN_NODE", help="Code of the node, such as 8171."),
]
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
Register = Annotated[
    Path | None,
    typer.Option(
        "--register", envvar="KENTONGAN_REGISTER_FILE", help="File with agencies and rules."
    ),
]
Issuer = Annotated[
    str, typer.Option("--issuer", envvar="KENTONGAN_ISSUER", help="OpenID provider.")
]
Smtp = Annotated[
    str, typer.Option("--smtp", envvar="KENTONGAN_SMTP", help="Mail server, HOST:PORT.")
]
Sms = Annotated[
    str,
    typer.Option("--sms", envvar="KENTONGAN_SMS_GATEWAY", help="Address that SMS are posted to."),
]
Chat = Annotated[
    str,
    typer.Option(
        "--chat", envvar="KENTONGAN_CHAT_GATEWAY", help="Address chat messages are posted to."
    ),
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
