"""Commands that show the product: shots, catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy import bootstrap
from deploy.commands import options
from deploy.console import fail, say


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(shots)
    app.command()(catalogue)


def shots(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder; the README's own if left out.")
    ] = None,
    data: options.Data = None,
) -> None:
    """Take the README's pictures of the live page with Chromium; starts a demo if none runs."""
    try:
        bootstrap.prepare(["screens"])  # the driver of the browser is nobody else's need
    except bootstrap.CannotPrepare as reason:
        fail(str(reason))
    from deploy.shots import PICTURES, NoPicture, take

    try:
        taken = take(to or PICTURES, data, say)
    except NoPicture as reason:
        fail(str(reason))
    for picture in taken:
        print(f"{picture}  {picture.stat().st_size / 1024:.0f} KB")


def catalogue() -> None:
    """Write schemas, AsyncAPI and OpenAPI documents anew from the code."""
    from deploy.catalogue.writing import main

    main()
