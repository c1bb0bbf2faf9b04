"""Officers' tokens: real ones from the demo's provider, and every kind of wrong one."""

from __future__ import annotations

import asyncio
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from fastapi import APIRouter, FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.jwt import encode

from deploy.identity import Provider, create_identity, make_key, read_accounts
from shared.runtime.access import (
    EVERYBODY,
    Access,
    Admitted,
    FetchedKeys,
    Officer,
    Reach,
    Rights,
    Role,
    open_access,
)
from shared.runtime.access.keys import FRESH, PAUSE, USABLE
from shared.runtime.document import Refused
from shared.runtime.ports import Away
from shared.runtime.web import create_router, create_web
from tests.desk import Well, nothing

ISSUER, AUDIENCE = "http://127.0.0.1:8109", "kentongan"
ACCOUNTS = read_accounts()
KEYS = {"ES256": make_key(), "RS256": make_key("RS256")}


def guarded_router() -> APIRouter:
    api = create_router("/api/v1")

    @api.get("/desk")
    async def desk(who: Admitted) -> dict[str, Any]:
        return {"subject": who.subject, "name": who.name, "agency": who.agency, "area": who.area}

    @api.get("/any")
    async def anyone(who: Admitted) -> list[str]:
        return sorted(who.roles)

    @api.get("/open")
    async def everybody() -> str:
        return "open"

    return api


RIGHTS: Rights = {
    "GET /api/v1/desk": {Role.COORDINATOR: Reach.NODE},
    "GET /api/v1/any": dict.fromkeys(Role, Reach.NODE),
    "GET /api/v1/open": EVERYBODY,
}


def service() -> FastAPI:
    return create_web(
        title="Guarded",
        routers=[guarded_router()],
        rights=RIGHTS,
        lifespan=nothing,
        health=Well(),
        figures=bytes,
        node="8171",
    )


@dataclass
class World:
    """A provider, a service that trusts it, and a clock that its keys are kept by.

    ``fetches`` counts how often keys were asked for, also in vain, and ``answer`` stands for them.
    """

    provider: Provider
    fetches: int = 0
    away: bool = False
    answer: Callable[[], httpx.Response] | None = None
    clock: float = 1000.0
    now: float = field(default_factory=time.time)

    def __post_init__(self) -> None:
        app = create_identity(self.provider, demo=True)
        inner = httpx.ASGITransport(app)
        world = self

        class Line(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                of_keys = request.url.path.endswith("/jwks.json")
                world.fetches += of_keys or world.away
                if world.away:
                    raise httpx.ConnectError("nobody answers")
                if of_keys and world.answer is not None:
                    return world.answer()
                return await inner.handle_async_request(request)

        self.line = httpx.AsyncClient(transport=Line())
        self.keys = FetchedKeys(
            self.line,
            issuer=ISSUER,
            clock=lambda: self.clock,
        )
        self.access = Access(
            issuer=ISSUER, audience=AUDIENCE, keys=self.keys, demo=True, now=lambda: self.now
        )
        self.app = service()
        self.access.admit(self.app)

    async def get(self, path: str, token: str | None) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token is not None else {}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            return await client.get(f"/api/v1/{path}", headers=headers)

    def claims(self, username: str = "koordinator", **changed: Any) -> dict[str, Any]:
        account = ACCOUNTS.named(username)
        assert account is not None
        said = self.provider.claims(account) | changed
        return {claim: value for claim, value in said.items() if value is not ...}

    def token(self, username: str = "koordinator", **changed: Any) -> str:
        return self.provider.sign(self.claims(username, **changed), "at+jwt")


@pytest.fixture(params=["ES256", "RS256"])
def world(request: pytest.FixtureRequest) -> World:
    return World(Provider(ISSUER, ACCOUNTS, KEYS[request.param]))


def refused(answer: httpx.Response, status: int, code: str) -> str:
    """See that an answer refuses as it should, and give the challenge."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    challenge: str = answer.headers.get("www-authenticate", "")
    return challenge


async def test_admitted(world: World) -> None:
    """An officer with the right role is let in, with name, agency and area from the token."""
    tokens = world.provider.take_password("koordinator", "demo")
    answer = await world.get("desk", tokens["access_token"])
    assert answer.json() == {
        "subject": "koordinator",
        "name": "Koordinator Kota Ambon (contoh)",
        "agency": None,
        "area": "81.71",
    }
    assert (await world.get("open", None)).json() == "open"


def test_a_request_is_its_officers_own() -> None:
    """The same key of two officers stands for two requests, and each says by whom it is."""
    asked = [Officer(who, who, frozenset()).request("key", "00-1") for who in ("tini", "budi")]
    assert [each.by for each in asked] == ["tini", "budi"]
    assert (
        {each.id for each in asked} == {each.request for each in asked} == {"tini/key", "budi/key"}
    )


async def test_not_signed_in(world: World) -> None:
    """Without a bearer token the answer is 401 and says which kind is wanted."""
    challenge = refused(await world.get("desk", None), 401, "not_signed_in")
    assert challenge.startswith("Bearer ")
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        answer = await client.get("/api/v1/desk", headers={"authorization": "Basic YTpi"})
    refused(answer, 401, "not_signed_in")


async def test_not_allowed(world: World) -> None:
    """An officer with another role gets 403 and a sentence with both roles."""
    answer = await world.get("desk", world.token("pupr"))
    assert 'error="insufficient_scope"' in refused(answer, 403, "not_allowed")
    assert "coordinator" in answer.json()["detail"]
    assert "liaison" in answer.json()["detail"]


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "http://127.0.0.1:8110"},
        {"iss": ISSUER + "/"},
        {"iss": ...},
        {"aud": "another"},
        {"aud": ["one", "two"]},
        {"aud": ...},
        {"sub": ...},
        {"sub": ""},
        {"sub": "x" * 300},
        {"exp": ...},
        {"exp": "tomorrow"},
        {"exp": timedelta(seconds=-60)},
        {"exp": timedelta(seconds=3600)},
        {"exp": 2**70},
        {"exp": True},
        {"iat": ...},
        {"iat": timedelta(seconds=300), "exp": timedelta(seconds=600)},
        {"iat": timedelta(seconds=-7200)},
        {"nbf": timedelta(seconds=300)},
        {"agency": ["dinas-pupr", "dinas-lh"]},
        {"agency": ""},
        {"agency": {"$ne": None}},
        {"agency": "dinas-pupr\n"},
        {"area": ["81", "82"]},
        {"area": ""},
        {"area": "8"},
        {"area": "81.71\n"},
        {"area": "81.*"},
    ],
    ids=str,
)
async def test_wrong_claims(world: World, changed: dict[str, Any]) -> None:
    """A token that says anything wrong, or does not say what it must, is not accepted."""
    now = int(time.time())
    claims: dict[str, Any] = {
        name: now + int(said.total_seconds()) if isinstance(said, timedelta) else said
        for name, said in changed.items()
    }
    challenge = refused(await world.get("any", world.token(**claims)), 401, "wrong_token")
    assert 'error="invalid_token"' in challenge


async def test_audience_list(world: World) -> None:
    """A token for several audiences is good where ours is one of them."""
    assert (await world.get("desk", world.token(aud=["other", AUDIENCE]))).is_success


@pytest.mark.parametrize(
    ("changed", "roles"),
    [
        ({"roles": "coordinator"}, ["coordinator"]),
        ({"roles": ..., "role": "clerk"}, ["clerk"]),
        ({"roles": ..., "realm_access": {"roles": ["leader", "offline_access"]}}, ["leader"]),
        ({"roles": ["liaison", "admin", 7, None, ["clerk"]]}, ["liaison"]),
    ],
    ids=str,
)
async def test_roles_read(world: World, changed: dict[str, Any], roles: list[str]) -> None:
    """Roles are read as a list, as one, and as Keycloak writes them; unknown ones mean nothing."""
    assert (await world.get("any", world.token(**changed))).json() == roles


@pytest.mark.parametrize("roles", [..., [], ["admin"], {"coordinator": True}, 7, "COORDINATOR"])
async def test_no_roles(world: World, roles: Any) -> None:
    """Somebody without a role that we know may do nothing."""
    refused(await world.get("any", world.token(roles=roles)), 403, "not_allowed")


@pytest.mark.parametrize("said", [True, 1, "true", None])
async def test_sample_accounts_open_a_demo_alone(world: World, said: Any) -> None:
    """Outside a demonstration a sample account's token is refused with a sentence."""
    world.access.demo = False
    challenge = await world.get("desk", world.token(demo=said))
    refused(challenge, 401, "wrong_token")
    assert "sample account" in challenge.json()["detail"]
    assert (await world.get("desk", world.token(demo=False))).is_success


async def test_id_token(world: World) -> None:
    """An id token is no access token, even for the same audience."""
    tokens = world.provider.take_password("koordinator", "demo")
    refused(await world.get("desk", tokens["id_token"]), 401, "wrong_token")


def unsigned(claims: dict[str, Any], header: dict[str, Any]) -> str:
    parts = [urlsafe_b64encode(orjson.dumps(one)).rstrip(b"=").decode() for one in (header, claims)]
    return f"{parts[0]}.{parts[1]}."


async def test_no_signature(world: World) -> None:
    """A token without a signature is nothing, whatever it claims of its algorithm."""
    world.provider.key.ensure_kid()
    kid = world.provider.key.kid
    for algorithm in ("none", "None", "NONE", "", None, world.provider.algorithm, "HS256"):
        token = unsigned(world.claims(), {"alg": algorithm, "kid": kid, "typ": "JWT"})
        refused(await world.get("desk", token), 401, "wrong_token")
    header, claims, _ = world.token().split(".")
    refused(await world.get("desk", f"{header}.{claims}."), 401, "wrong_token")


async def test_confused_algorithm(world: World) -> None:
    """The public key is no shared secret: HS256 with it is not accepted."""
    world.provider.key.ensure_kid()
    secret = OctKey.import_key(world.provider.key.as_pem(private=False).hex())
    header = {"alg": "HS256", "kid": world.provider.key.kid}
    token = encode(header, world.claims(), secret, ["HS256"], JWSRegistry(algorithms=["HS256"]))
    refused(await world.get("desk", token), 401, "wrong_token")


async def test_another_key(world: World) -> None:
    """A token of another key under the known name of ours is not accepted."""
    world.provider.key.ensure_kid()
    for key in (ECKey.generate_key("P-256"), RSAKey.generate_key(2048)):
        algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
        header = {"alg": algorithm, "kid": world.provider.key.kid}
        token = encode(header, world.claims(), key, [algorithm])
        refused(await world.get("desk", token), 401, "wrong_token")


async def test_changed_token(world: World) -> None:
    """A token of which anything was changed is not accepted."""
    header, claims, signature = world.token().split(".")
    more = unsigned(world.claims("operator"), {}).split(".")[1]
    for token in (
        f"{header}.{more}.{signature}",
        f"{header}.{claims}.{signature[::-1]}",
        f"{header}.{claims}",
        f"{header}.{claims}.{signature}.{signature}",
        "x" * 9000,
        "..",
    ):
        refused(await world.get("desk", token), 401, "wrong_token")


async def test_expiry_with_skew(world: World) -> None:
    """A token is good until it ends, and a little longer for clocks that differ."""
    token = world.token()
    end = world.now + 600
    world.now = end + 20
    assert (await world.get("desk", token)).is_success
    world.now = end + 40
    refused(await world.get("desk", token), 401, "wrong_token")


async def test_keys_kept(world: World) -> None:
    """Keys are fetched once, not with every request, and again when they are no longer fresh."""
    for _ in range(5):
        assert (await world.get("desk", world.token())).is_success
    assert world.fetches == 1
    world.clock += FRESH + 1
    assert (await world.get("desk", world.token())).is_success
    assert world.fetches == 2


async def test_new_key(world: World) -> None:
    """A key that the provider has newly made is found when a token names it."""
    assert (await world.get("desk", world.token())).is_success
    world.provider.key = ECKey.generate_key("P-256")
    world.clock += PAUSE + 1
    assert (await world.get("desk", world.token())).is_success
    assert world.fetches == 2


async def test_unknown_key_asked_seldom(world: World) -> None:
    """Tokens with invented key names do not make us ask the provider again and again."""
    assert (await world.get("desk", world.token())).is_success
    stranger = World(Provider(ISSUER, ACCOUNTS, ECKey.generate_key("P-256")))
    for _ in range(20):
        refused(await world.get("desk", stranger.token()), 401, "wrong_token")
    assert world.fetches == 1
    world.clock += PAUSE + 1
    for _ in range(20):
        refused(await world.get("desk", stranger.token()), 401, "wrong_token")
    assert world.fetches == 2


async def test_provider_away(world: World) -> None:
    """While the keys cannot be had nobody is let in: 503, and the provider is asked seldom."""
    world.away = True
    for _ in range(5):
        answer = await world.get("desk", world.token())
        assert refused(answer, 503, "sign_in_away") == ""
        assert answer.headers["retry-after"].isdigit()
    assert world.fetches == 1
    assert (await world.get("open", None)).is_success
    world.away = False
    world.clock += PAUSE + 1
    assert (await world.get("desk", world.token())).is_success


async def test_provider_away_later(world: World) -> None:
    """Known keys are used for a while when the provider goes away, and then no longer."""
    assert (await world.get("desk", world.token())).is_success
    world.away = True
    world.clock += USABLE - 1
    assert (await world.get("desk", world.token())).is_success
    world.clock += PAUSE + 2
    refused(await world.get("desk", world.token()), 503, "sign_in_away")


async def test_unknown_key_while_away(world: World) -> None:
    """A token of an unknown key while the provider is away cannot be judged: 503."""
    assert (await world.get("desk", world.token())).is_success
    world.away = True
    world.clock += PAUSE + 1
    world.provider.key = ECKey.generate_key("P-256")
    for _ in range(3):
        refused(await world.get("desk", world.token()), 503, "sign_in_away")
    assert world.fetches == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"keys": 7}', b'{"keys": []}', b'{"keys": [{"kty": "EC"}]}',
     b'{"keys": ["x"]}', b"x" * 300_000, b"<html>"],
    ids=lambda body: str(body[:20]),
)  # fmt: skip
async def test_provider_confused(body: bytes) -> None:
    """A provider that answers nonsense, or endlessly, is as good as away."""
    world = World(Provider(ISSUER, ACCOUNTS, KEYS["ES256"]))
    world.answer = lambda: httpx.Response(200, content=body)
    refused(await world.get("desk", world.token()), 503, "sign_in_away")
    world.answer = lambda: httpx.Response(500, content=b"{}")
    world.clock += PAUSE + 1
    refused(await world.get("desk", world.token()), 503, "sign_in_away")


async def test_shared_secret_among_keys() -> None:
    """A shared secret or a key for encryption among the provider's keys opens nothing."""
    secret = OctKey.import_key("a-secret-that-somebody-published-by-mistake", {"kid": "s"})
    other = ECKey.generate_key("P-256", {"use": "enc", "kid": "e"})
    world = World(Provider(ISSUER, ACCOUNTS, KEYS["ES256"]))
    published = {"keys": [secret.as_dict(private=True), other.as_dict(private=False)]}
    world.answer = lambda: httpx.Response(200, json=published)
    registry = JWSRegistry(algorithms=["HS256"])
    token = encode({"alg": "HS256", "kid": "s"}, world.claims(), secret, ["HS256"], registry)
    refused(await world.get("desk", token), 401, "wrong_token")
    secretly = {name: value for name, value in other.as_dict(private=True).items() if name != "use"}
    token = encode(
        {"alg": "ES256", "kid": "e"}, world.claims(), ECKey.import_key(secretly), ["ES256"]
    )
    refused(await world.get("desk", token), 401, "wrong_token")


async def test_one_fetch_for_many() -> None:
    """Many requests that need the keys at once wait for one fetch."""
    world = World(Provider(ISSUER, ACCOUNTS, KEYS["ES256"]))
    answers = await asyncio.gather(*(world.get("desk", world.token()) for _ in range(10)))
    assert all(answer.is_success for answer in answers)
    assert world.fetches == 1


async def test_discovery() -> None:
    """The provider's discovery document says where the keys are, and must be its own."""
    world = World(Provider(ISSUER, ACCOUNTS, KEYS["ES256"]))
    assert [key.kid for key in await world.keys.current()] == [KEYS["ES256"].kid]
    answer = httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": "x"})
    line = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: answer))
    other = FetchedKeys(line, issuer=ISSUER + "/other")
    with pytest.raises(Away, match="another issuer"):
        await other.current()


async def test_no_provider() -> None:
    """A service that was told of no provider lets no officer in."""
    async with open_access(issuer="", audience=AUDIENCE) as access:
        with pytest.raises(Refused) as refusal:
            await access.verify(World(Provider(ISSUER, ACCOUNTS, KEYS["ES256"])).token())
    assert refusal.value.status == 503


async def test_no_access_at_all() -> None:
    """A service that forgot to say who verifies fails closed."""
    app = service()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        answer = await client.get("/api/v1/desk", headers={"authorization": "Bearer x"})
    refused(answer, 500, "failed")


def test_documented() -> None:
    """The document of an API says which routes need a bearer token."""
    document = service().openapi()
    assert document["components"]["securitySchemes"]["officer"]["scheme"] == "bearer"
    assert document["paths"]["/api/v1/desk"]["get"]["security"] == [{"officer": []}]
    assert "security" not in document["paths"]["/api/v1/open"]["get"]


FUZZED = World(Provider(ISSUER, ACCOUNTS, KEYS["ES256"]))


@settings(max_examples=80)
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=80)
    | st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "x"]),
        st.none()
        | st.text(max_size=5)
        | st.integers(-(2**53), 2**53)
        | st.lists(st.text(max_size=3)),
    ).map(lambda header: unsigned(FUZZED.claims(), header) + "AAAA")
)
async def test_any_token(token: str) -> None:
    """Whatever is sent as a token, the answer is 401 and never a 500."""
    answer = await FUZZED.get("desk", token)
    assert answer.status_code == 401, answer.text
