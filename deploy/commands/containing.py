"""Commands for a node in containers: keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deploy.console import fail


def attach(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(keys)


def keys(
    *,
    to: Annotated[Path, typer.Option("--to", help="Folder of the node; made if missing.")],
    new_contact_key: Annotated[
        bool, typer.Option("--new-contact-key", help="Make another; the old one goes on opening.")
    ] = False,
) -> None:
    """Make the keys and secrets of a node in containers, once; what is there stays."""
    from deploy.keys import Keys

    making = Keys(to)
    try:
        making.make()
        if new_contact_key:
            making.renew_contacts()
    except OSError as failed:
        fail(f"{failed.filename or to} cannot be written: {failed.strerror}.")
    for path in making.made:
        print(f"made   {path}")
    for path in making.there:
        print(f"there  {path}")
