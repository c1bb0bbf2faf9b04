"""Who may do what at intake: reporters with number and PIN, clerks at the counter."""

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
    "POST /api/v1/counter/complaints": {Role.CLERK: Reach.DESK},
}
