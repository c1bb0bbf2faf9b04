"""The citizen's door: report, track, reply."""

from services.intake.api.routes import create_api

__all__ = ["create_api"]
