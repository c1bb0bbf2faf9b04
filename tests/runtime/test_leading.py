"""What is at the bare address of a service."""

from __future__ import annotations

from shared.runtime.access import EVERYBODY
from shared.runtime.web import create_router
from tests.desk import client, door


async def test_the_bare_address_leads_to_the_docs() -> None:
    """Whoever opens a service in a browser finds what it offers; the way there has no host."""
    async with client(door({})) as asking:
        answer = await asking.get("/")
        assert (answer.status_code, answer.headers["location"]) == (307, "docs")
        assert (await asking.get("/docs")).status_code == 200


async def test_a_page_of_its_own_at_the_bare_address_stays() -> None:
    """Where a service has one there."""
    own = create_router()

    @own.get("/")
    async def page() -> str:
        return "own"

    async with client(door({"GET /": EVERYBODY}, own)) as asking:
        assert (await asking.get("/")).json() == "own"
