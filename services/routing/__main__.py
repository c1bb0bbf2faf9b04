"""``python -m services.routing``."""

from services.routing.app import create_app
from services.routing.settings import RoutingSettings
from shared.runtime.serving import serve

if __name__ == "__main__":
    serve("routing", RoutingSettings, create_app)
