"""OpenAPI documents, as each service's own application gives them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from shared.contracts.topics import SERVICES
from shared.runtime.sealing import make_pair
from shared.runtime.settings import Settings

REGISTER = Path(__file__).parent.parent / "data" / "8171" / "register.json"


def openapi(node: str = "8171") -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every service's document at a node; nothing is connected, addresses lead nowhere."""
    with tempfile.TemporaryDirectory() as folder:
        public, private = make_pair(Path(folder))
        for service in SERVICES:
            said = {
                "node": node,
                "kafka": "localhost:9",
                "mongo": "mongodb://localhost:9/",
                "demo": True,
                "pin_secret": "no PIN is ever made from this secret here",
                "contact_key": public if service == "intake" else private,
                "register_file": REGISTER,
            }
            settings = _settings(service)
            app = import_module(f"services.{service}.app").create_app(
                settings.model_validate(
                    {name: said[name] for name in said if name in settings.model_fields}
                )
            )
            yield service, app.openapi()


def _settings(service: str) -> type[Settings]:
    """Find the settings of a service: the one class of its own in its settings room."""
    room = vars(import_module(f"services.{service}.settings")).values()
    found = [
        thing
        for thing in room
        if isinstance(thing, type) and issubclass(thing, Settings) and thing is not Settings
    ]
    return found[0] if found else Settings
