"""``python -m services.notification``."""

from services.notification.app import create_app
from services.notification.settings import NotificationSettings
from shared.runtime.serving import serve

if __name__ == "__main__":
    serve("notification", NotificationSettings, create_app)
