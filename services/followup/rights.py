"""Who may do what at followup: an agency's liaison officers answer, those above look on."""

from __future__ import annotations

from shared.runtime.access import Reach, Rights, Role

_CASE = "/api/v1/cases/{complaint}"
_ANSWER = {Role.LIAISON: Reach.AGENCY}

RIGHTS: Rights = {
    "GET /api/v1/cases": _ANSWER,
    f"GET {_CASE}": _ANSWER,
    f"GET {_CASE}/why": _ANSWER,
    f"POST {_CASE}/responses": _ANSWER,
    f"POST {_CASE}/decline": _ANSWER,
    f"POST {_CASE}/resolution": _ANSWER,
    "GET /api/v1/escalations": {Role.LEADER: Reach.OWN, Role.OVERSEER: Reach.NODE},
}
