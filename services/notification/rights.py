"""Who may do what at notification: operators keep it going, clerks print letters."""

from __future__ import annotations

from shared.runtime.access import Reach, Rights, Role

_OPERATE = {Role.OPERATOR: Reach.NODE}
_PRINT = {Role.CLERK: Reach.NODE}

RIGHTS: Rights = {
    "GET /api/v1/notices": _OPERATE,
    "GET /api/v1/notices/brake": _OPERATE,
    "POST /api/v1/notices/brake/release": _OPERATE,
    "GET /api/v1/notices/{complaint}": _OPERATE,
    "GET /api/v1/letters": _PRINT,
    "GET /api/v1/letters/{complaint}": _PRINT,
    "GET /api/v1/letters/{complaint}/looks": {Role.OVERSEER: Reach.NODE},
    "POST /api/v1/letters/{complaint}/printed": _PRINT,
}
