"""Who may do what at routing: coordinators decide, those above them look on and put back.

The register is read by every officer, and kept by coordinators and operators.
"""

from __future__ import annotations

from shared.runtime.access import EVERYBODY, Reach, Rights, Role

_DISPOSITION = "/api/v1/dispositions/{complaint}"
_ABOVE = {Role.LEADER: Reach.HEAD, Role.OVERSEER: Reach.AREA}
_READ = {Role.COORDINATOR: Reach.NODE, **_ABOVE}
_DECIDE = {Role.COORDINATOR: Reach.NODE}
_OFFICERS = dict.fromkeys(Role, Reach.NODE)
_KEEP = {Role.COORDINATOR: Reach.NODE, Role.OPERATOR: Reach.NODE}
_AGENCIES = "/api/v1/agencies"

RIGHTS: Rights = {
    "GET /api/v1/areas": EVERYBODY,
    "GET /api/v1/areas/{code}": EVERYBODY,
    f"GET {_AGENCIES}": _OFFICERS,
    f"GET {_AGENCIES}/{{code}}": _OFFICERS,
    f"GET {_AGENCIES}/{{code}}/changes": _OFFICERS,
    f"POST {_AGENCIES}": _KEEP,
    f"POST {_AGENCIES}/{{code}}/changes": _KEEP,
    "GET /api/v1/queue": _READ,
    f"GET {_DISPOSITION}": _READ,
    f"GET {_DISPOSITION}/suggestions": _READ,
    f"GET {_DISPOSITION}/words": {Role.OPERATOR: Reach.NODE},
    f"GET {_DISPOSITION}/words/looks": {Role.OVERSEER: Reach.NODE},
    f"POST {_DISPOSITION}/verification": _DECIDE,
    f"POST {_DISPOSITION}/route": _DECIDE,
    f"POST {_DISPOSITION}/deferral": _DECIDE,
    f"POST {_DISPOSITION}/archive": _DECIDE,
    f"GET {_DISPOSITION}/followers": _READ,
    f"POST {_DISPOSITION}/merger": _DECIDE,
    f"POST {_DISPOSITION}/separation": _DECIDE,
    f"POST {_DISPOSITION}/restoration": _ABOVE,
}
