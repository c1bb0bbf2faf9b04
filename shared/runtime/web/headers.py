"""What the headers of a request say: its id, the revision it saw, its trace.

Each has a plain function over the headers, for hot routes, and a dependency made of it, which
also shows in the OpenAPI document.
"""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.datastructures import Headers

from shared.runtime.access import Admitted
from shared.runtime.document import Cause, Refused

_KEY = re.compile(r"[\x21-\x7e]{16,128}")
_REVISION = re.compile(r'"(0|[1-9][0-9]{0,17})"')
_PARENT = re.compile(r"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_ZEROS = "0" * 32
_KEPT_FLAGS = 0b11
"""Sampled and random: what version 00 knows."""


def idempotency_key(headers: Headers) -> str:
    """Read ``Idempotency-Key``, or make one where none was sent; raises Refused."""
    sent = headers.getlist("idempotency-key")
    if not sent:
        return secrets.token_urlsafe(24)
    if len(sent) > 1 or _KEY.fullmatch(sent[0]) is None:
        raise Refused(
            400,
            "wrong_header",
            "Idempotency-Key is one text of 16 to 128 visible ASCII characters.",
            "Idempotency-Key",
        )
    return sent[0]


def revision_seen(headers: Headers) -> int | None:
    """Read the revision in ``If-Match``, None where it was not sent; raises Refused."""
    sent = headers.getlist("if-match")
    if not sent:
        return None
    found = _REVISION.fullmatch(sent[0].strip()) if len(sent) == 1 else None
    if found is None:
        raise Refused(
            400, "wrong_header", 'If-Match is one revision in quotes, such as "7".', "If-Match"
        )
    return int(found[1])


def trace_of(headers: Headers) -> str:
    """Take over a valid W3C ``traceparent`` under a new parent id, or begin a trace."""
    sent = headers.getlist("traceparent")
    found = _PARENT.fullmatch(sent[0]) if len(sent) == 1 else None
    if found is not None:
        version, trace, parent, flags, more = found.groups()
        if trace != _ZEROS and parent != _ZEROS[:16] and not (more and version == "00"):
            return f"00-{trace}-{_parent_id()}-{int(flags, 16) & _KEPT_FLAGS:02x}"
    return f"00-{secrets.token_hex(15)}{secrets.randbelow(255) + 1:02x}-{_parent_id()}-01"


def etag(revision: int) -> str:
    """Write a revision as ``ETag`` carries it."""
    return f'"{revision}"'


def _parent_id() -> str:
    return f"{secrets.randbits(64) or 1:016x}"


async def _key(
    request: Request,
    _shown: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="16 to 128 visible ASCII characters. The same key with the same request "
            "gets the same answer, and nothing happens twice; with another request it is refused.",
        ),
    ] = None,
) -> str:
    return idempotency_key(request.headers)


async def _given(
    request: Request,
    _shown: Annotated[
        str | None,
        Header(alias="If-Match", description='The revision you saw, in quotes, such as "7".'),
    ] = None,
) -> int | None:
    return revision_seen(request.headers)


async def _required(seen: Annotated[int | None, Depends(_given)]) -> int:
    if seen is None:
        raise Refused(
            428,
            "revision_missing",
            "Say in If-Match which revision you saw; it is the ETag of what you read.",
            "If-Match",
        )
    return seen


async def _trace(request: Request) -> str:
    return trace_of(request.headers)


async def _asked(
    who: Admitted, key: Annotated[str, Depends(_key)], trace: Annotated[str, Depends(_trace)]
) -> Cause:
    return who.request(key, trace)


IdempotencyKey = Annotated[str, Depends(_key)]
"""The id of a request."""
IfMatch = Annotated[int, Depends(_required)]
"""The revision that an officer saw; 428 where it is missing."""
IfMatchGiven = Annotated[int | None, Depends(_given)]
"""The revision that was seen, where it was sent."""
Trace = Annotated[str, Depends(_trace)]
"""The traceparent for what a request causes."""
Asked = Annotated[Cause, Depends(_asked)]
"""What an officer asks: who it is and the id of the request go into the facts that it causes."""
