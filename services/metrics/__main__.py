"""``python -m services.metrics``."""

from services.metrics.app import create_app
from services.metrics.settings import MetricsSettings
from shared.runtime.serving import serve

if __name__ == "__main__":
    serve("metrics", MetricsSettings, create_app)
