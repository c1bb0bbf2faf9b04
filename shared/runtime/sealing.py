"""Sealing for one reader: JWE (RFC 7516), compact, ECDH-ES on X25519 or P-256, A256GCM.

What is sealed lies under a key of its own, made for it alone and wrapped for its reader (the
second part of the JWE): where that is destroyed nobody can open it any more, its reader included.
Who holds the public key can seal and not open; only the holder of the private key can open.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import orjson
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.runtime.files import put_file

ALGORITHMS = ("ECDH-ES+A256KW", "ECDH-ES")
"""How a message may be sealed; we use the first, partners and older contacts either."""
ENCRYPTION = "A256GCM"
LONGEST_SEALED = 8 * 1024
MOST_OLDER = 20
PUBLIC_FILE, PRIVATE_FILE = "contact.public.json", "contact.private.json"

_REGISTRY = jwe.JWERegistry(algorithms=[*ALGORITHMS, ENCRYPTION])
_COMPACT = re.compile(r"[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class NotSealed(ValueError):
    """What should be sealed for us is not, or was changed on its way."""


class _Key(BaseModel):
    """What both halves of a key pair say (JWK, RFC 7517)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kty: Literal["OKP", "EC"]
    crv: Literal["X25519", "P-256"]
    x: str
    y: str | None = None
    kid: str | None = None

    @cached_property
    def key(self) -> OKPKey | ECKey:
        """Give the key itself."""
        kind = OKPKey if self.kty == "OKP" else ECKey
        return kind.import_key(self.model_dump(exclude_none=True, exclude={"older"}))

    @model_validator(mode="after")
    def _is_a_key(self) -> _Key:
        try:
            self.key.thumbprint()
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise ValueError("this is no key on X25519 or P-256") from None
        return self


class PublicKey(_Key):
    """The half that seals."""

    @model_validator(mode="before")
    @classmethod
    def _is_public(cls, said: Any) -> Any:  # noqa: ANN401 - whatever stands in the file
        if isinstance(said, dict) and "d" in said:
            raise ValueError("this is the private key; only who opens may have it")
        return said


class PrivateKey(_Key):
    """The half that opens, with those it took over from: what they opened can still be opened."""

    d: str
    older: tuple[PrivateKey, ...] = Field(default=(), max_length=MOST_OLDER)
    """A member of our own (RFC 7517, 4: who does not know it ignores it)."""


def seal(plain: bytes, key: PublicKey) -> str:
    """Seal for the holder of the private key."""
    protected = {"alg": ALGORITHMS[0], "enc": ENCRYPTION, "kid": key.kid or key.key.thumbprint()}
    return jwe.encrypt_compact(protected, plain, key.key, registry=_REGISTRY)


def unseal(sealed: str, keys: Sequence[PrivateKey]) -> bytes:
    """Open what one of these keys, or one they took over from, can open; raises NotSealed."""
    header = _header(sealed)
    ring = [each for key in keys for each in (key, *key.older)]
    named = [key for key in ring if header.get("kid") in (key.kid, key.key.thumbprint())]
    for key in named or ring:
        try:
            return jwe.decrypt_compact(sealed, key.key, registry=_REGISTRY).plaintext or b""
        except (JoseError, ValueError, TypeError):
            continue
    raise NotSealed("none of our keys opens it")


def check_sealed(text: str) -> str:
    """Refuse what is no sealed message, without opening it; raises NotSealed."""
    header = _header(text)
    if header.get("alg") not in ALGORITHMS or header.get("enc") != ENCRYPTION:
        raise NotSealed(f"it must be sealed by {' or '.join(ALGORITHMS)} with {ENCRYPTION}")
    return text


def make_pair(folder: Path) -> tuple[Path, Path]:
    """Make a key pair in a folder, unless it is there; give the public and the private file.

    Several may ask at once, each for the half it needs: the private half that stands first
    stays, and the public one is always made of it.
    """
    public, private = folder / PUBLIC_FILE, folder / PRIVATE_FILE
    if not private.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = _written(OKPKey.generate_key("X25519"), private=True)
        put_file(private, made, 0o600, once=True)
    content = _written(PrivateKey.model_validate_json(private.read_bytes()).key, private=False)
    if not public.exists() or public.read_bytes() != content:
        put_file(public, content, 0o644)
    return public, private


def renew_pair(folder: Path) -> tuple[Path, Path]:
    """Make another pair in the place of the one that is there, which goes on opening.

    The holder of the private half must have it before anybody seals with the new public one. Of
    those before, the newest are kept (``MOST_OLDER``).
    """
    _, private = make_pair(folder)
    before = PrivateKey.model_validate_json(private.read_bytes())
    older = [before.model_copy(update={"older": ()}), *before.older][:MOST_OLDER]
    made = OKPKey.generate_key("X25519").as_dict(private=True)
    kept = [each.model_dump(exclude_none=True, exclude={"older"}) for each in older]
    put_file(private, orjson.dumps({**made, "older": kept}), 0o600)
    return make_pair(folder)


def _written(key: OKPKey | ECKey, *, private: bool) -> bytes:
    return orjson.dumps(key.as_dict(private=private))


def _header(sealed: str) -> dict[str, Any]:
    if len(sealed) > LONGEST_SEALED or _COMPACT.fullmatch(sealed) is None:
        raise NotSealed("it is no JWE in compact form")
    try:
        header = orjson.loads(urlsafe_b64decode(sealed.partition(".")[0] + "=="))
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise NotSealed("its header cannot be read")
    return header
