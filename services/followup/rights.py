"""Who may do what at followup: officers answer, leaders read and approve, those above look on."""

from __future__ import annotations

from shared.runtime.access import Reach, Rights, Role

_CASE = "/api/v1/cases/{complaint}"
_DRAFT = "/api/v1/drafts/{complaint}"
_APPEAL = "/api/v1/appeals/{complaint}"
_OF_AGENCY = {Role.LIAISON: Reach.AGENCY, Role.LEADER: Reach.AGENCY}
_READ = {**_OF_AGENCY, Role.OVERSEER: Reach.AREA}
_SHARED = "/api/v1/contributions/{complaint}"
_ANSWER = {Role.LIAISON: Reach.AGENCY}
_APPROVE = {Role.LEADER: Reach.AGENCY}
_OPERATE = {Role.OPERATOR: Reach.NODE}
_DECIDE = {Role.LEADER: Reach.OWN}

RIGHTS: Rights = {
    "GET /api/v1/cases": _OF_AGENCY,
    f"GET {_CASE}": _READ,
    f"GET {_CASE}/why": _READ,
    f"GET {_CASE}/words": {Role.OPERATOR: Reach.NODE},
    f"GET {_CASE}/words/looks": {Role.OVERSEER: Reach.NODE},
    f"POST {_CASE}/assignment": _ANSWER,
    "GET /api/v1/units": _ANSWER,
    f"POST {_CASE}/responses": _ANSWER,
    f"POST {_CASE}/decline": _ANSWER,
    f"POST {_CASE}/resolution": _ANSWER,
    "GET /api/v1/drafts": _APPROVE,
    f"POST {_DRAFT}/approval": _APPROVE,
    f"POST {_DRAFT}/return": _APPROVE,
    "GET /api/v1/appeals": _DECIDE,
    f"GET {_APPEAL}": _DECIDE,
    f"POST {_APPEAL}/decision": _DECIDE,
    "GET /api/v1/contributions": _ANSWER,
    f"GET {_SHARED}": _ANSWER,
    f"POST {_SHARED}": _ANSWER,
    "GET /api/v1/outages": {**_OPERATE, Role.OVERSEER: Reach.NODE},
    "POST /api/v1/outages": _OPERATE,
    "GET /api/v1/oversight/cases": {Role.OVERSEER: Reach.AREA},
    "GET /api/v1/escalations": {Role.LEADER: Reach.OWN, Role.OVERSEER: Reach.AREA},
}
