"""``python -m services.intake``."""

from services.intake.app import create_app
from services.intake.settings import IntakeSettings
from shared.runtime.serving import serve

if __name__ == "__main__":
    serve("intake", IntakeSettings, create_app)
