"""The operator's door for a person who asks to be forgotten."""

from __future__ import annotations

from fastapi import APIRouter

from services.intake.api.messages import ErasedOut
from services.intake.api.routes import PREFIX, Number
from services.intake.api.sent import EraseIn
from services.intake.handlers import Erasing
from shared.runtime.web import Asked, create_router


def create_erasure(erasing: Erasing) -> APIRouter:
    """Build the routes."""
    api = create_router(PREFIX, ["operator"])

    @api.post("/{tracking_number}/erasure", status_code=201)
    async def erase(tracking_number: Number, body: EraseIn, request: Asked) -> ErasedOut:
        """Destroy the reporter's data (penghapusan data pribadi); it cannot be brought back.

        Contact and its key are destroyed, what the reporter wrote is blanked at every service.
        The complaint stays, and goes on. Who did it, when and why stands in its history.
        """
        return ErasedOut.of(await erasing.erase(tracking_number, body.said(), request))

    return api
