"""Who may do what at intake: reporters with number and PIN, clerks at the counter, operators.

What a report's files show is for who verifies it, for the agency that holds its case, and for those
above them; see ``api/folder.py`` for what a confidential report hides.
"""

from __future__ import annotations

from shared.runtime.access import EVERYBODY, Reach, Rights, Role

_NUMBERED = "/api/v1/complaints/{tracking_number}"
_FOLDER = "/api/v1/attachments/{complaint}"
_LOOK = {
    Role.COORDINATOR: Reach.NODE,
    Role.LIAISON: Reach.AGENCY,
    Role.LEADER: Reach.OWN,
    Role.OVERSEER: Reach.AREA,
}

RIGHTS: Rights = {
    "POST /api/v1/complaints": EVERYBODY,
    "GET /api/v1/categories": EVERYBODY,
    f"GET {_NUMBERED}": EVERYBODY,
    f"POST {_NUMBERED}/replies": EVERYBODY,
    f"POST {_NUMBERED}/amendments": EVERYBODY,
    f"POST {_NUMBERED}/ratings": EVERYBODY,
    f"POST {_NUMBERED}/appeals": EVERYBODY,
    f"POST {_NUMBERED}/withdrawal": EVERYBODY,
    f"POST {_NUMBERED}/pin": EVERYBODY,
    f"POST {_NUMBERED}/erasure": {Role.OPERATOR: Reach.NODE},
    f"POST {_NUMBERED}/attachments": EVERYBODY,
    f"GET {_NUMBERED}/attachments/{{attachment}}": EVERYBODY,
    "POST /api/v1/counter/complaints": {Role.CLERK: Reach.DESK},
    "POST /api/v1/counter/complaints/{tracking_number}/attachments": {Role.CLERK: Reach.DESK},
    f"GET {_FOLDER}": _LOOK,
    f"GET {_FOLDER}/looks": {Role.OVERSEER: Reach.NODE},
    f"GET {_FOLDER}/{{attachment}}": _LOOK,
}
