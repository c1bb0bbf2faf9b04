"""Who may see what at metrics: figures are for everybody, small rows for officers."""

from __future__ import annotations

from shared.runtime.access import EVERYBODY, Reach, Rights, Role
from shared.ui import FILES

_ROWS = {
    Role.COORDINATOR: Reach.NODE,
    Role.LIAISON: Reach.AGENCY,
    Role.LEADER: Reach.OWN,
    Role.OVERSEER: Reach.AREA,
    Role.OPERATOR: Reach.NODE,
}

RIGHTS: Rights = {
    **FILES,
    "GET /": EVERYBODY,
    "GET /stream": EVERYBODY,
    "GET /api/v1/figures": EVERYBODY,
    "GET /api/v1/stream": EVERYBODY,
    "GET /api/v1/indicators": EVERYBODY,
    "GET /api/v1/indicators.csv": EVERYBODY,
    "GET /api/v1/performance/{by}": EVERYBODY,
    "GET /api/v1/performance/{by}.csv": EVERYBODY,
    "GET /api/v1/officers/performance/{by}": _ROWS,
    "GET /api/v1/officers/performance/{by}.csv": _ROWS,
}
