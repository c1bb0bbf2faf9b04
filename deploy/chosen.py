"""What the environment of ``python3 -m deploy node`` says to the services it starts."""

from __future__ import annotations

from collections.abc import Mapping

from services.followup.settings import FollowupSettings
from services.intake.settings import IntakeSettings
from services.metrics.settings import MetricsSettings
from services.notification.settings import NotificationSettings
from services.routing.settings import RoutingSettings
from shared.runtime.settings import Settings

SETTINGS: Mapping[str, type[Settings]] = {
    "intake": IntakeSettings,
    "routing": RoutingSettings,
    "followup": FollowupSettings,
    "notification": NotificationSettings,
    "metrics": MetricsSettings,
}
BY_OPTION = frozenset(
    {
        "kafka",
        "mongo",
        "issuer",
        "smtp",
        "sms_gateway",
        "chat_gateway",
        "publishers",
        "register_file",
    }
)
"""Settings that are options of the command, too; an option outranks the variable."""
JOINED = frozenset({"files_from"})
"""Settings of which a node's folder says something, too; both are heard."""
BY_COMMAND = {
    "node": "the node is the argument of the command",
    "profile": "it follows from the engines the node runs on",
    "http": "each service has a port of its own, from --port on",
    "contact_key": "the two services have one half each, of the pair among the folder's keys",
}
"""Settings that no variable can say to all services at once, and who says them instead."""


def variable(setting: str) -> str:
    """Name the variable of a setting."""
    return f"KENTONGAN_{setting.upper()}"


def chosen(service: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Give what a service is told of an environment: only what it reads, for there are secrets.

    An empty variable says nothing.
    """
    read = SETTINGS[service].model_fields.keys() - BY_OPTION - JOINED - BY_COMMAND.keys()
    return {name: environ[name] for name in map(variable, sorted(read)) if environ.get(name)}


def passed_over(environ: Mapping[str, str]) -> list[str]:
    """Say of each variable that is set and reaches no service why it does not."""
    return [
        f"{variable(setting)} is not passed on: {why}"
        for setting, why in BY_COMMAND.items()
        if environ.get(variable(setting))
    ]
