"""The doors: of operators to the ledger, of clerks to the letters that wait for them."""

from services.notification.api.letters import create_letters
from services.notification.api.notices import create_api

__all__ = ["create_api", "create_letters"]
