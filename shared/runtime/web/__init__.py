"""The HTTP door that every service has: problems, bounds, headers, health, documents."""

from shared.runtime.web.app import Health, create_web
from shared.runtime.web.bodies import (
    NO_BODY,
    create_router,
    described,
    read_body,
    with_header,
)
from shared.runtime.web.headers import (
    Asked,
    IdempotencyKey,
    IfMatch,
    IfMatchGiven,
    Trace,
    etag,
    idempotency_key,
    revision_seen,
    trace_of,
)
from shared.runtime.web.paging import seen_page
from shared.runtime.web.problems import RefusedWith, problem
from shared.runtime.web.shell import POLICY, Bounds

__all__ = [
    "NO_BODY",
    "POLICY",
    "Asked",
    "Bounds",
    "Health",
    "IdempotencyKey",
    "IfMatch",
    "IfMatchGiven",
    "RefusedWith",
    "Trace",
    "create_router",
    "create_web",
    "described",
    "etag",
    "idempotency_key",
    "problem",
    "read_body",
    "revision_seen",
    "seen_page",
    "trace_of",
    "with_header",
]
