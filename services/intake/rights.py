"""Who may do what at intake: reporters with number and PIN, clerks at the counter, operators."""

from __future__ import annotations

from shared.runtime.access import EVERYBODY, Reach, Rights, Role

_NUMBERED = "/api/v1/complaints/{tracking_number}"

RIGHTS: Rights = {
    "POST /api/v1/complaints": EVERYBODY,
    "GET /api/v1/categories": EVERYBODY,
    f"GET {_NUMBERED}": EVERYBODY,
    f"POST {_NUMBERED}/replies": EVERYBODY,
    f"POST {_NUMBERED}/amendments": EVERYBODY,
    f"POST {_NUMBERED}/ratings": EVERYBODY,
    f"POST {_NUMBERED}/withdrawal": EVERYBODY,
    f"POST {_NUMBERED}/pin": EVERYBODY,
    f"POST {_NUMBERED}/erasure": {Role.OPERATOR: Reach.NODE},
    "POST /api/v1/counter/complaints": {Role.CLERK: Reach.DESK},
}
