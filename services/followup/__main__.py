"""``python -m services.followup``."""

from services.followup.app import create_app
from services.followup.settings import FollowupSettings
from shared.runtime.serving import serve

if __name__ == "__main__":
    serve("followup", FollowupSettings, create_app)
