"""The liaison officer's door: the agency's cases, respond, decline, resolve, ask why."""

from services.followup.api.appeals import create_appeals
from services.followup.api.ladder import create_ladder
from services.followup.api.leader import create_drafts
from services.followup.api.messages import After
from services.followup.api.routes import create_api

__all__ = ["After", "create_api", "create_appeals", "create_drafts", "create_ladder"]
