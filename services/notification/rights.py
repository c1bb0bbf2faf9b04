"""Who may do what at notification: operators alone."""

from __future__ import annotations

from shared.runtime.access import Reach, Rights, Role

_OPERATE = {Role.OPERATOR: Reach.NODE}

RIGHTS: Rights = {
    "GET /api/v1/notices": _OPERATE,
    "GET /api/v1/notices/brake": _OPERATE,
    "POST /api/v1/notices/brake/release": _OPERATE,
    "GET /api/v1/notices/{complaint}": _OPERATE,
}
