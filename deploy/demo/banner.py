"""What a person reads when the demo is ready: plain aligned text that can be copied."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.folder import DEMO, Folder
from deploy.identity.accounts import Accounts
from shared.runtime.access import Role

OFFICERS = (
    ("Coordinator", "routing", Role.COORDINATOR, "/docs"),
    ("Liaison officer", "followup", Role.LIAISON, "/docs"),
    ("Notices (operator)", "notification", Role.OPERATOR, "/docs"),
)


def banner(
    addresses: Mapping[str, str],
    filed: Mapping[str, Any],
    accounts: Accounts,
    folder: Folder,
    *,
    officers: bool,
) -> str:
    """Give addresses, sign-ins and the next commands, as they concern the demo in this folder.

    ``officers`` says whether the sample officers work there.
    """
    lines = (
        *_doors(addresses),
        *_officers(addresses, accounts),
        *_acting(folder, officers=officers),
        *_sample(addresses, filed),
        *_commands(folder),
    )
    return "\n".join(lines)


def remedy(folder: Folder) -> str:
    """Give the command that starts over with empty data."""
    return _started(folder, "--fresh")


def _started(folder: Folder, option: str) -> str:
    """Give the command that starts this demo with an option."""
    if folder.path == DEMO:
        return f"make demo ARGS={option}"
    return f"python3 -m deploy demo --data {shlex.quote(str(folder.path))} {option}"


def _doors(addresses: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield "Open in a browser"
    yield _row("Live board", f"{addresses['metrics']}/")
    yield _row("Mailbox", f"{addresses['mailbox']}/")
    yield _row("Report (API)", f"{addresses['intake']}/docs")
    yield _row("Sign-in accounts", f"{addresses['identity']}/")
    yield ""
    yield "For publishers and dashboards"
    yield _row("Bus (Kafka)", addresses["bus"])


def _officers(addresses: Mapping[str, str], accounts: Accounts) -> Iterator[str]:
    yield ""
    yield f"Officers' APIs, each with an account (password of all: {accounts.password})"
    for title, service, role, path in OFFICERS:
        account = next((one.username for one in accounts.listed() if role in one.roles), "")
        yield _row(title, f"{addresses[service]}{path}", account)


def _acting(folder: Folder, *, officers: bool) -> Iterator[str]:
    if officers:
        yield "  Sample officers act within a minute or two. To act in their place, start it by"
        yield f"  {_started(folder, '--no-officers')}"
    else:
        yield "  No sample officer acts: whatever they would do is left to you."


def _sample(addresses: Mapping[str, str], filed: Mapping[str, Any]) -> Iterator[str]:
    if filed:
        yield ""
        yield "Track a complaint"
        yield f"  curl -H 'Kentongan-PIN: {filed['pin']}' \\"
        yield f"       {addresses['intake']}/api/v1/complaints/{filed['tracking_number']}"


def _commands(folder: Folder) -> Iterator[str]:
    tour, audit = "make tour", "python3 -m deploy audit"
    if folder.path != DEMO:
        data = f" --data {shlex.quote(str(folder.path))}"
        tour, audit = f"python3 -m deploy tour{data}", f"{audit}{data}"
    width = max(len(tour), len(audit)) + 4
    yield ""
    yield "Next, in another terminal"
    yield f"  {tour:<{width}}follow one complaint through all five services"
    yield f"  {audit:<{width}}compare the five stores with each other"
    yield ""
    yield f"Stop  Ctrl-C: data stays; {remedy(folder)} starts over"


def _row(title: str, address: str, account: str = "") -> str:
    return f"  {title:<20}{address:<44}{account}".rstrip()
