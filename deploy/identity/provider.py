"""What the provider decides: who may sign in from where, and what the tokens say."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import InvalidKeyTypeError
from joserfc.jwk import ECKey, KeySet, RSAKey

from deploy.identity.accounts import Account, Accounts

Key = ECKey | RSAKey

CLIENT = "kentongan"
"""The one client; public, since a command line and a browser keep no secret."""
TOKEN_SECONDS, CODE_SECONDS, MOST_CODES = 600, 60, 1000
_HERE = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?(/[\x21\x22\x24-\x7e]*)?")
"""An address on this machine."""


class NotADemo(Exception):
    """Sample accounts with a known password are for demonstrations only."""


class GrantRefused(Exception):
    """What was asked for is not given; ``code`` is an error of OAuth 2 (RFC 6749, 5.2)."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asks for when it sends somebody to sign in."""

    redirect_uri: str
    challenge: str
    state: str | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class _Code:
    asked: Asked
    account: Account
    until: float


@dataclass(slots=True)
class Provider:
    """A provider at one address."""

    issuer: str
    accounts: Accounts
    key: Key
    audience: str = CLIENT
    redirects: frozenset[str] = frozenset()
    """Addresses outside this machine that may be sent a code; any on this machine may."""
    now: Callable[[], float] = time.time
    _codes: dict[str, _Code] = field(default_factory=dict)

    @property
    def algorithm(self) -> str:
        """How tokens are signed."""
        return "ES256" if isinstance(self.key, ECKey) else "RS256"

    def public_keys(self) -> dict[str, Any]:
        """Give the keys that others verify with."""
        keys = KeySet([self.key]).as_dict(private=False, alg=self.algorithm, use="sig")
        return dict(keys)

    def trusts(self, redirect_uri: str) -> bool:
        """Say whether a code may be sent to an address."""
        return redirect_uri in self.redirects or _HERE.fullmatch(redirect_uri) is not None

    def give_code(self, asked: Asked, account: Account) -> str:
        """Give a code for somebody who has signed in; it is good once and for a minute."""
        now = self.now()
        self._codes = {key: one for key, one in self._codes.items() if one.until > now}
        while len(self._codes) >= MOST_CODES:
            self._codes.pop(next(iter(self._codes)))
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(asked, account, now + CODE_SECONDS)
        return code

    def take_code(self, code: str, redirect_uri: str, verifier: str) -> dict[str, Any]:
        """Change a code into tokens; raises GrantRefused."""
        found = self._codes.pop(code, None)
        if found is None or found.until <= self.now():
            raise GrantRefused("invalid_grant", "The code is unknown, used or too old.")
        if found.asked.redirect_uri != redirect_uri:
            raise GrantRefused("invalid_grant", "The code was sent to another address.")
        if not secrets.compare_digest(challenge_of(verifier), found.asked.challenge):
            raise GrantRefused("invalid_grant", "The code_verifier is not the right one.")
        return self.tokens(found.account, found.asked.nonce)

    def take_password(self, username: str, password: str) -> dict[str, Any]:
        """Change a name and a password into tokens; raises GrantRefused."""
        account = self.accounts.sign_in(username, password)
        if account is None:
            raise GrantRefused("invalid_grant", "Name or password is wrong.")
        return self.tokens(account)

    def tokens(self, account: Account, nonce: str | None = None) -> dict[str, Any]:
        """Make the tokens of an account."""
        identity = {"aud": CLIENT, "typ": "ID"} | ({"nonce": nonce} if nonce else {})
        return {
            "access_token": self.sign(self.claims(account), "at+jwt"),
            "id_token": self.sign(self.claims(account) | identity, "id+jwt"),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "openid profile",
        }

    def claims(self, account: Account) -> dict[str, Any]:
        """Say who somebody is."""
        now = int(self.now())
        said = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": account.username,
            "name": account.name,
            "preferred_username": account.username,
            "roles": [str(role) for role in account.roles],
            "agency": account.agency,
            "area": account.area,
            "demo": True,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": secrets.token_hex(8),
        }
        return {claim: value for claim, value in said.items() if value is not None}

    def sign(self, claims: dict[str, Any], kind: str) -> str:
        """Make a token that says this."""
        self.key.ensure_kid()
        header = {"alg": self.algorithm, "kid": self.key.kid, "typ": kind}
        return jwt.encode(header, claims, self.key, [self.algorithm])


def challenge_of(verifier: str) -> str:
    """Give the S256 challenge of a verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def make_key(algorithm: str = "ES256", file: Path | None = None) -> Key:
    """Make a key; with a file, the one that is kept there, so that tokens outlive a restart."""
    if file is not None and file.exists():
        return _read_key(file.read_bytes())
    key: Key = ECKey.generate_key("P-256") if algorithm == "ES256" else RSAKey.generate_key(2048)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(key.as_pem(private=True))
    return key


def _read_key(pem: bytes) -> Key:
    for kind in (ECKey, RSAKey):
        with contextlib.suppress(InvalidKeyTypeError):
            return kind.import_key(pem)
    raise ValueError("the file holds neither an EC nor an RSA key")
