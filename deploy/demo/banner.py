"""What a person reads when the demo is ready: plain aligned text that can be copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.identity.accounts import Accounts
from shared.runtime.access import Role

OFFICERS = (
    ("Coordinator", "routing", Role.COORDINATOR, "/docs"),
    ("Liaison officer", "followup", Role.LIAISON, "/docs"),
    ("Notices (operator)", "notification", Role.OPERATOR, "/docs"),
)


def banner(addresses: Mapping[str, str], filed: Mapping[str, Any], accounts: Accounts) -> str:
    """Give addresses, sign-ins and the next commands."""
    return "\n".join(_lines(addresses, filed, accounts))


def _lines(
    addresses: Mapping[str, str], filed: Mapping[str, Any], accounts: Accounts
) -> Iterator[str]:
    yield ""
    yield "Open in a browser"
    yield _row("Live board", f"{addresses['metrics']}/")
    yield _row("Mailbox", f"{addresses['mailbox']}/")
    yield _row("Report (API)", f"{addresses['intake']}/docs")
    yield _row("Sign-in accounts", f"{addresses['identity']}/")
    yield ""
    yield f"Officers' APIs (password for all: {accounts.password})"
    for title, service, role, path in OFFICERS:
        account = next((one.username for one in accounts.listed() if role in one.roles), "")
        yield _row(title, f"{addresses[service]}{path}", account)
    if filed:
        number, pin = filed["tracking_number"], filed["pin"]
        yield ""
        yield "Track a complaint"
        yield f"  curl -H 'Kentongan-PIN: {pin}' \\"
        yield f"       {addresses['intake']}/api/v1/complaints/{number}"
    yield ""
    yield "Next  make tour                  follow one complaint through all five services"
    yield "      python3 -m deploy audit    compare the five stores with each other"
    yield "Stop  Ctrl-C                     data stays; make demo ARGS=--fresh starts over"


def _row(title: str, address: str, account: str = "") -> str:
    return f"  {title:<20}{address:<44}{account}".rstrip()
