"""The commands of deploy: ``python3 -m deploy --help``."""

from __future__ import annotations

import logging

import typer

from deploy.commands import (
    containing,
    keeping,
    noticing,
    publishing,
    running,
    showing,
    waiting,
)

app = typer.Typer(
    name="deploy",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def deploy() -> None:
    """Run Kentongan: the demo, one node, its topics, its audit."""
    # A command says in one sentence what the client says at each of its tries.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


running.attach(app)
keeping.attach(app)
waiting.attach(app)
noticing.attach(app)
publishing.attach(app)
showing.attach(app)
containing.attach(app)
