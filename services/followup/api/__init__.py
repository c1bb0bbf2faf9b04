"""The liaison officer's door: cases, respond, decline, resolve, ask why; and contributions."""

from services.followup.api.appeals import create_appeals
from services.followup.api.contributions import create_contributions
from services.followup.api.ladder import create_ladder
from services.followup.api.leader import create_drafts
from services.followup.api.outages import create_outages
from services.followup.api.oversight import create_oversight
from services.followup.api.routes import create_api
from services.followup.api.units import create_units

DOORS = (
    create_api,
    create_units,
    create_drafts,
    create_appeals,
    create_ladder,
    create_oversight,
)
"""What each makes the routes of, for one kind of people."""

__all__ = ["DOORS", "create_contributions", "create_outages"]
