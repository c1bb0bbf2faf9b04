"""Who may do what at routing: coordinators decide, those above them look on and put back."""

from __future__ import annotations

from shared.runtime.access import EVERYBODY, Reach, Rights, Role

_DISPOSITION = "/api/v1/dispositions/{complaint}"
_ABOVE = {Role.LEADER: Reach.HEAD, Role.OVERSEER: Reach.AREA}
_READ = {Role.COORDINATOR: Reach.NODE, **_ABOVE}
_DECIDE = {Role.COORDINATOR: Reach.NODE}

RIGHTS: Rights = {
    "GET /api/v1/areas": EVERYBODY,
    "GET /api/v1/areas/{code}": EVERYBODY,
    "GET /api/v1/queue": _READ,
    f"GET {_DISPOSITION}": _READ,
    f"GET {_DISPOSITION}/suggestions": _READ,
    f"POST {_DISPOSITION}/verification": _DECIDE,
    f"POST {_DISPOSITION}/route": _DECIDE,
    f"POST {_DISPOSITION}/deferral": _DECIDE,
    f"POST {_DISPOSITION}/archive": _DECIDE,
    f"POST {_DISPOSITION}/restoration": _ABOVE,
}
