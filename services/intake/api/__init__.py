"""The citizen's door: report, track, and what comes after; and the clerk's."""

from services.intake.api.acts import create_acts
from services.intake.api.attachments import create_attachments, create_scans
from services.intake.api.counter import create_counter
from services.intake.api.erasure import create_erasure
from services.intake.api.folder import create_folder
from services.intake.api.lost import create_lost
from services.intake.api.routes import create_api
from services.intake.api.spoken import Spoken

__all__ = [
    "Spoken",
    "create_acts",
    "create_api",
    "create_attachments",
    "create_counter",
    "create_erasure",
    "create_folder",
    "create_lost",
    "create_scans",
]
