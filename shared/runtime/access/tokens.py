"""Officers' bearer tokens, verified here without asking anybody.

Without its provider's keys a token is never taken.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx
import structlog
from fastapi import FastAPI
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from shared.runtime.access.keys import FetchedKeys, Keys
from shared.runtime.document import Cause, Refused
from shared.runtime.ports import Away

ALGORITHMS = ("ES256", "RS256", "PS256")
LONGEST_LIFE = 15 * 60
SKEW = 30
LONGEST_TOKEN = 8192
_TYPES = {"jwt", "at+jwt", "application/at+jwt"}
_AGENCY = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}")
_AREA = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?|kl-[0-9]{3}")
_UNAVAILABLE = "Who you are cannot be checked just now; try again."

_log = structlog.get_logger("access")


class Role(StrEnum):
    """What an officer is there for."""

    CLERK = "clerk"
    """Takes down what people say at the desk (petugas)."""
    COORDINATOR = "coordinator"
    """Verifies and routes (admin instansi)."""
    LIAISON = "liaison"
    """Answers for an agency (pejabat penghubung)."""
    LEADER = "leader"
    """Answers for those who answer (pimpinan)."""
    OVERSEER = "overseer"
    """Watches over all (pengawas)."""
    OPERATOR = "operator"
    """Keeps it running."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an officer sees on a route: of an agency, of an area; None is no bound.

    ``above`` says that it is a look at the node from the area around it, by who handles nothing
    there: what a confidential report says is not for such eyes.
    """

    agency: str | None = None
    area: str | None = None
    above: bool = False

    def covers(self, area: str | None) -> bool:
        """Say whether what lies in an area, or in none that is known, is seen."""
        return self.area is None or f"{area}.".startswith(f"{self.area}.")


@dataclass(frozen=True, slots=True)
class Officer:
    """Who asks, for which agency and area; ``sight`` follows from the table of rights."""

    subject: str
    name: str
    roles: frozenset[str]
    agency: str | None = None
    area: str | None = None
    sight: Sight = field(default_factory=Sight)

    def request(self, key: str, trace: str) -> Cause:
        """Name what this officer asks under a key; two officers may use the same one."""
        identity = f"{self.subject}/{key}"
        return Cause(identity, request=identity, by=self.subject, trace=trace)


class NotAdmitted(Refused):
    """No valid token, or not the right to do this; the headers say so as RFC 6750 asks."""

    def __init__(self, status: int, code: str, detail: str, error: str | None = None) -> None:
        super().__init__(status, code, detail)
        challenge = 'Bearer realm="kentongan"' + (f', error="{error}"' if error else "")
        self.headers = {"WWW-Authenticate": challenge}


class Access:
    """Verifies bearer tokens of one provider."""

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: Keys,
        demo: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Trust a provider; tokens of sample accounts only in a demonstration."""
        self.audience, self.keys, self.demo, self.now = audience, keys, demo, now
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now()),
            leeway=SKEW,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        self._registry = JWSRegistry(algorithms=list(ALGORITHMS))

    def admit(self, app: FastAPI) -> None:
        """Let the guards of an application ask here."""
        app.state.access = self

    async def verify(self, token: str) -> Officer:
        """Tell who holds a token; raises NotAdmitted, or Refused 503 without the keys."""
        if len(token) > LONGEST_TOKEN:
            raise _invalid("it is too long")
        try:
            found = await self._decode(token)
            self._claims.validate(found.claims)
        except Away as away:
            _log.warning("provider_found_away", reason=str(away))
            raise Refused(503, "sign_in_away", _UNAVAILABLE) from None
        except (JoseError, ValueError, TypeError, RecursionError) as wrong:
            _log.info("credential_refused", reason=type(wrong).__name__)
            raise _invalid("it is not one of ours, or no longer valid") from None
        if str(found.header.get("typ", "JWT")).lower() not in _TYPES:
            raise _invalid("it is not an access token")
        if found.claims.get("demo", False) is not False and not self.demo:
            raise _invalid("it is of a sample account, and this is no demonstration")
        lives = found.claims["exp"] - found.claims["iat"]
        if not 0 < lives <= LONGEST_LIFE + SKEW:
            raise _invalid(f"it is made to live longer than {LONGEST_LIFE // 60} minutes")
        return _officer(found.claims)

    async def _decode(self, token: str) -> jwt.Token:
        """Check the signature; a key that is not known is looked for once more."""
        keys = await self.keys.current()
        try:
            return jwt.decode(token, keys, list(ALGORITHMS), self._registry)
        except InvalidKeyIdError:
            keys = await self.keys.newer(keys)
            return jwt.decode(token, keys, list(ALGORITHMS), self._registry)


@asynccontextmanager
async def open_access(*, issuer: str, audience: str, demo: bool = False) -> AsyncIterator[Access]:
    """Verify tokens of a provider whose keys are fetched when they are first needed."""
    async with httpx.AsyncClient() as client:
        keys = FetchedKeys(client, issuer=issuer)
        yield Access(issuer=issuer, audience=audience, keys=keys, demo=demo)


def _invalid(why: str) -> NotAdmitted:
    return NotAdmitted(
        401, "wrong_token", f"The token is not accepted: {why}. Sign in again.", "invalid_token"
    )


def _officer(claims: Mapping[str, Any]) -> Officer:
    subject = claims["sub"]
    if not 0 < len(subject) <= 255:
        raise _invalid("it does not say for whom it is")
    name = claims.get("name") or claims.get("preferred_username") or subject
    return Officer(
        subject=subject,
        name=str(name)[:200],
        roles=_roles(claims),
        agency=_code(claims, "agency", _AGENCY),
        area=_code(claims, "area", _AREA),
    )


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    """Read roles as our demo and as Keycloak writes them; those of others mean nothing here."""
    realm = claims.get("realm_access")
    places = (
        claims.get("roles"),
        claims.get("role"),
        isinstance(realm, dict) and realm.get("roles"),
    )
    said: set[str] = set()
    for place in places:
        listed = place if isinstance(place, list) else [place]
        said.update(role for role in listed if isinstance(role, str))
    return frozenset(role for role in Role if role in said)


def _code(claims: Mapping[str, Any], claim: str, form: re.Pattern[str]) -> str | None:
    """Read a code that bounds what is seen; a wrong one must not widen it."""
    value = claims.get(claim)
    if value is not None and not (isinstance(value, str) and form.fullmatch(value)):
        raise _invalid(f"its claim {claim} is no code")
    return value
