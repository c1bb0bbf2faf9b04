"""Reports as citizens send them."""

from __future__ import annotations

from typing import Any

import httpx

COMPLAINTS = "/api/v1/complaints"
IN_ENGLISH = {"Accept-Language": "en"}


def a_body(**said: Any) -> dict[str, Any]:
    """Build a report as a citizen sends it."""
    return {"title": "Jalan berlubang", "text": "Di depan pasar.", "area": "81.71.02", **said}


async def filed(door: httpx.AsyncClient, key: str | None = None, **said: Any) -> httpx.Response:
    """File a complaint."""
    sent = {"Idempotency-Key": key} if key else {}
    return await door.post(COMPLAINTS, json=a_body(**said), headers={**IN_ENGLISH, **sent})
