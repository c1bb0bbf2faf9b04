"""The provider's doors: discovery, keys, sign-in and tokens."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from deploy.identity.pages import Pages
from deploy.identity.provider import CLIENT, Asked, GrantRefused, NotADemo, Provider
from shared.runtime.access import EVERYBODY, Rights
from shared.runtime.document import Refused
from shared.runtime.web import Bounds, create_router, create_web
from shared.ui import FILES

MOST_BYTES = 16 * 1024
_RIGHTS: Rights = dict.fromkeys(
    (
        "GET /",
        "GET /.well-known/openid-configuration",
        "GET /jwks.json",
        "GET /authorize",
        "POST /authorize",
        "POST /token",
    ),
    EVERYBODY,
)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "state",
    "nonce",
    "scope",
)


class _Well:
    """A provider without parts that could fail."""

    def alive(self) -> bool:
        return True

    def reasons(self) -> list[str]:
        return []


@asynccontextmanager
async def _nothing(_app: FastAPI) -> AsyncIterator[None]:
    yield


def create_identity(provider: Provider, *, demo: bool) -> FastAPI:
    """Build the provider; raises NotADemo unless told that this is one."""
    if not demo:
        raise NotADemo(
            "This provider signs anybody in with a known password. It starts only for a "
            "demonstration (--demo); real officers need a real provider, such as Keycloak."
        )
    pages = Pages(provider)
    return create_web(
        title="Kentongan sign-in (demo)",
        routers=[_known(provider), _people(provider, pages), _tokens(provider), pages.site.files()],
        rights={**_RIGHTS, **FILES},
        lifespan=_nothing,
        health=_Well(),
        figures=lambda: b"",
        bounds=Bounds(body=MOST_BYTES),
    )


def _known(provider: Provider) -> APIRouter:
    router = create_router()

    @router.get("/.well-known/openid-configuration")
    async def discovery() -> dict[str, Any]:
        """Say what this provider can do and where (OpenID Connect Discovery)."""
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/jwks.json",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "password"],
            "subject_types_supported": ["public"],
            "scopes_supported": ["openid", "profile"],
            "claims_supported": ["sub", "name", "roles", "agency", "area"],
            "id_token_signing_alg_values_supported": [provider.algorithm],
            "token_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    @router.get("/jwks.json")
    async def keys() -> dict[str, Any]:
        """Give the keys that tokens are verified with."""
        return provider.public_keys()

    return router


def _people(provider: Provider, pages: Pages) -> APIRouter:
    router = create_router()

    @router.get("/", include_in_schema=False)
    async def front(request: Request) -> Response:
        return pages.front(request)

    @router.get("/authorize")
    async def ask(request: Request) -> Response:
        """Show the page on which somebody signs in."""
        sent = dict(request.query_params)
        target = _origin(_asked(provider, sent))
        return pages.sign_in(request, _travels(sent), target, wrong=False)

    @router.post("/authorize", include_in_schema=False)
    async def sign_in(request: Request) -> Response:
        sent = await _form(request)
        asked = _asked(provider, sent)
        account = provider.accounts.sign_in(sent.get("username", ""), sent.get("password", ""))
        if account is None:
            return pages.sign_in(request, _travels(sent), _origin(asked), wrong=True)
        given = {"code": provider.give_code(asked, account), "iss": provider.issuer}
        if asked.state is not None:
            given["state"] = asked.state
        glue = "&" if "?" in asked.redirect_uri else "?"
        return RedirectResponse(f"{asked.redirect_uri}{glue}{urlencode(given)}", 303)

    return router


def _tokens(provider: Provider) -> APIRouter:
    router = create_router()

    @router.post("/token")
    async def token(request: Request) -> Response:
        """Change a code, or a name and a password, into tokens (form-encoded)."""
        sent = await _form(request)
        try:
            return _oauth(_grant(provider, sent), 200)
        except GrantRefused as refused:
            told = {"error": refused.code, "error_description": refused.detail}
            return _oauth(told, 400)

    return router


def _grant(provider: Provider, sent: Mapping[str, str]) -> dict[str, Any]:
    if sent.get("client_id", CLIENT) != CLIENT:
        raise GrantRefused("invalid_client", f"The only client here is {CLIENT}.")
    kind = sent.get("grant_type")
    if kind == "authorization_code":
        return provider.take_code(
            sent.get("code", ""), sent.get("redirect_uri", ""), sent.get("code_verifier", "")
        )
    if kind == "password":
        return provider.take_password(sent.get("username", ""), sent.get("password", ""))
    raise GrantRefused("unsupported_grant_type", "Use authorization_code or password.")


def _asked(provider: Provider, sent: Mapping[str, str]) -> Asked:
    """Read what an application asks; nobody is sent to an address that is not trusted."""
    wanted = {
        "client_id": (sent.get("client_id") == CLIENT, f"must be {CLIENT}"),
        "redirect_uri": (provider.trusts(sent.get("redirect_uri", "")), "is not trusted here"),
        "response_type": (sent.get("response_type") == "code", "must be code"),
        "code_challenge_method": (sent.get("code_challenge_method") == "S256", "must be S256"),
        "code_challenge": (
            _CHALLENGE.fullmatch(sent.get("code_challenge", "")) is not None,
            "must be an S256 challenge",
        ),
    }
    for name, (right, why) in wanted.items():
        if not right:
            raise Refused(400, "invalid_request", f"{name} {why}.", name)
    return Asked(sent["redirect_uri"], sent["code_challenge"], sent.get("state"), sent.get("nonce"))


def _travels(sent: Mapping[str, str]) -> dict[str, str]:
    """Keep what an application asked for over the form."""
    return {name: sent[name] for name in _KEPT if name in sent}


def _origin(asked: Asked) -> str:
    return "/".join(asked.redirect_uri.split("/", 3)[:3])


async def _form(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise Refused(415, "media_type", "This address takes application/x-www-form-urlencoded.")
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=30)
    except ValueError:
        raise Refused(400, "invalid_request", "The form cannot be read.", "body") from None
    return {name: values[0] for name, values in fields.items() if len(values) == 1}


def _oauth(content: dict[str, Any], status: int) -> Response:
    return Response(
        orjson.dumps(content), status, {"cache-control": "no-store"}, "application/json"
    )
