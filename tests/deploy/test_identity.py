"""The demo's sign-in provider, through its doors."""

from __future__ import annotations

import contextlib
import signal
import socket
import stat
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet

from deploy.identity import NotADemo, Provider, create_identity, make_key, read_accounts
from deploy.identity.__main__ import main
from deploy.identity.provider import CODE_SECONDS, MOST_CODES
from shared.runtime.access import Access, FetchedKeys, Role

ISSUER, BACK = "http://127.0.0.1:8109", "http://127.0.0.1:8002/signed-in"
VERIFIER = "a-verifier-that-is-long-enough-to-be-one-0123456789"
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": "kentongan",
    "redirect_uri": BACK,
    "response_type": "code",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
    "state": 'st"><b>',
    "nonce": "n-1",
    "scope": "openid",
}


class Clock:
    """A clock that stands until it is told to move."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Provider:
    return Provider(ISSUER, read_accounts(), make_key(), now=clock)


@pytest.fixture
async def client(provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    app = create_identity(provider, demo=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        yield client


async def signed_in(client: httpx.AsyncClient, **changed: str) -> dict[str, str]:
    """Sign in on the page, and give what the application is sent back."""
    form = ASKED | {"username": "koordinator", "password": "demo"} | changed
    answer = await client.post("/authorize", data=form)
    assert answer.status_code == 303, answer.text
    address = urlsplit(answer.headers["location"])
    assert f"{address.scheme}://{address.netloc}{address.path}" == BACK
    return {name: values[0] for name, values in parse_qs(address.query).items()}


async def changed_for_tokens(client: httpx.AsyncClient, **sent: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code", "client_id": "kentongan", "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }  # fmt: skip
    return await client.post("/token", data=form | sent)


async def test_whole_flow(client: httpx.AsyncClient, provider: Provider, clock: Clock) -> None:
    """Sign-in page, code, tokens, and a service that takes them: by the standard's own papers."""
    found = (await client.get("/.well-known/openid-configuration")).json()
    assert found["issuer"] == ISSUER
    page = await client.get(found["authorization_endpoint"], params=ASKED)
    assert page.status_code == 200
    back = await signed_in(client)
    assert (back["state"], back["iss"]) == (ASKED["state"], ISSUER)
    answer = await changed_for_tokens(client, code=back["code"])
    tokens = answer.json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] <= 900
    access = Access(
        demo=True,
        issuer=ISSUER,
        audience="kentongan",
        keys=FetchedKeys(client, issuer=ISSUER),
        now=clock,
    )
    who = await access.verify(tokens["access_token"])
    assert who.subject == "koordinator"
    assert who.roles == frozenset({Role.COORDINATOR})
    keys = KeySet.import_key_set((await client.get(found["jwks_uri"])).json())
    assert jwt.decode(tokens["id_token"], keys, ["ES256"]).claims["nonce"] == "n-1"


async def test_code_good_once(client: httpx.AsyncClient) -> None:
    """A code is good once."""
    code = (await signed_in(client))["code"]
    assert (await changed_for_tokens(client, code=code)).is_success
    answer = await changed_for_tokens(client, code=code)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "invented"},
        {"redirect_uri": "http://127.0.0.1:8002/elsewhere"},
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": ""},
        {"code_verifier": "é"},
    ],
    ids=str,
)
async def test_wrong_code(client: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    """A code is nothing without its address and its verifier."""
    code = (await signed_in(client))["code"]
    answer = await changed_for_tokens(client, **({"code": code} | wrong))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_old_code(client: httpx.AsyncClient, clock: Clock) -> None:
    """A code is good for a minute."""
    code = (await signed_in(client))["code"]
    clock.now += CODE_SECONDS + 1
    assert (await changed_for_tokens(client, code=code)).json()["error"] == "invalid_grant"


async def test_password_grant(client: httpx.AsyncClient) -> None:
    """The command line changes a name and a password into tokens; wrong ones get nothing."""
    form = {"grant_type": "password", "username": "pupr", "password": "demo"}
    answer = await client.post("/token", data=form)
    assert answer.json()["access_token"]
    assert answer.headers["cache-control"] == "no-store"
    for wrong in ({"password": "guess"}, {"username": "nobody"}, {"password": ""}):
        answer = await client.post("/token", data=form | wrong)
        assert answer.json()["error"] == "invalid_grant"
    answer = await client.post("/token", data=form | {"grant_type": "implicit"})
    assert answer.json()["error"] == "unsupported_grant_type"
    answer = await client.post("/token", data=form | {"client_id": "another"})
    assert answer.json()["error"] == "invalid_client"


async def test_login_page(client: httpx.AsyncClient) -> None:
    """The page lists the accounts, its form needs no script, nothing sent comes back as HTML."""
    page = await client.get("/authorize", params=ASKED | {"state": "<i>me</i>"})
    for username in ("koordinator", "pupr", "pimpinan", "pengawas", "operator"):
        assert f"<code>{username}</code>" in page.text
    assert '<form method="post"' in page.text
    assert "<i>" not in page.text
    policy = page.headers["content-security-policy"]
    assert "form-action 'self' http://127.0.0.1:8002;" in policy
    assert "default-src 'self'" in policy
    other = unescape(page.text.split('hreflang="en"')[0].rpartition('href="')[2].partition('"')[0])
    assert (await client.get(f"/authorize{other}")).headers["content-language"] == "en"


@pytest.mark.parametrize(("language", "role"), [("id", "pejabat penghubung"), ("en", "liaison")])
async def test_front_page(client: httpx.AsyncClient, language: str, role: str) -> None:
    """Who can sign in, and with what, stands on the front page in both languages."""
    page = await client.get("/", params={"lang": language})
    assert page.headers["content-language"] == language
    for said in (role, "<code>pupr</code>", "<code>demo</code>", f"{ISSUER}/token"):
        assert said in page.text


async def test_wrong_password(client: httpx.AsyncClient) -> None:
    """A wrong password shows the page again, says so, and keeps what the application asked."""
    form = ASKED | {"username": "koordinator", "password": "guess"}
    answer = await client.post("/authorize", data=form)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert CHALLENGE in answer.text
    assert "guess" not in answer.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_id", "another"),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
        ("code_challenge", "é" * 43),
        ("redirect_uri", ""),
        ("redirect_uri", "http://example.org/cb"),
        ("redirect_uri", "https://127.0.0.1.example.org/cb"),
        ("redirect_uri", "http://127.0.0.1@example.org/cb"),
        ("redirect_uri", "http://127.0.0.1:8002/cb\r\nSet-Cookie: a=b"),
        ("redirect_uri", "http://\n127.0.0.1/cb"),
        ("redirect_uri", "http://127.0.0.1:8002/cb#part"),
        ("redirect_uri", "javascript://127.0.0.1/%0aalert(1)"),
    ],
)
async def test_untrusted(client: httpx.AsyncClient, field: str, value: str) -> None:
    """Nobody is sent anywhere that is not trusted, nor signs in without PKCE."""
    asked = ASKED | {field: value}
    answer = await client.get("/authorize", params=asked)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    form = asked | {"username": "koordinator", "password": "demo"}
    assert (await client.post("/authorize", data=form)).status_code == 400


async def test_named_redirect(provider: Provider) -> None:
    """An address elsewhere is trusted where it was named, exactly."""
    provider.redirects = frozenset({"https://kentongan.example.org/signed-in"})
    assert provider.trusts("https://kentongan.example.org/signed-in")
    assert not provider.trusts("https://kentongan.example.org/signed-in/more")


async def test_codes_bounded(provider: Provider, client: httpx.AsyncClient) -> None:
    """However often somebody signs in, the codes kept are bounded."""
    await signed_in(client)
    one = next(iter(provider._codes.values()))
    for _ in range(MOST_CODES + 50):
        provider.give_code(one.asked, one.account)
    assert len(provider._codes) == MOST_CODES


def test_accounts() -> None:
    """There is an account for every role, and liaison officers of several agencies."""
    accounts = read_accounts().listed()
    assert {role for one in accounts for role in one.roles} == set(Role)
    agencies = {one.agency for one in accounts if Role.LIAISON in one.roles}
    assert {"dinas-pupr", "dinas-lh", "disdukcapil", "pdam", "dishub"} <= agencies
    coordinator = next(one for one in accounts if Role.COORDINATOR in one.roles)
    assert coordinator.area == "81.71"


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_key_kept(tmp_path: Path, algorithm: str) -> None:
    """A key that is kept in a file is the same at the next start, and only its owner reads it."""
    file = tmp_path / "keys" / "identity.pem"
    first = make_key(algorithm, file)
    again = make_key(algorithm, file)
    assert first.thumbprint() == again.thumbprint()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert make_key(algorithm).thumbprint() != first.thumbprint()


async def test_keys_public(client: httpx.AsyncClient) -> None:
    """The published keys hold nothing private."""
    (key,) = (await client.get("/jwks.json")).json()["keys"]
    assert key["use"] == "sig"
    assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys()


def test_only_a_demo(provider: Provider, capsys: pytest.CaptureFixture[str]) -> None:
    """Without being told that this is a demo it does not start, and says why."""
    with pytest.raises(NotADemo):
        create_identity(provider, demo=False)
    assert main(["--port", "0"]) == 2
    assert "--demo" in capsys.readouterr().err


async def test_bad_input(client: httpx.AsyncClient) -> None:
    """A form that is none, is too large or says a thing twice is refused."""
    answer = await client.post("/token", json={"grant_type": "password"})
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert (await client.post("/token", content=b"x" * 20_000, headers=form)).status_code == 413
    assert (await client.post("/token", content=b"a=\xff", headers=form)).status_code == 400
    assert (await client.post("/token", content=b"a=1&" * 100, headers=form)).status_code == 400
    twice = b"grant_type=password&username=pupr&username=operator&password=demo"
    answer = await client.post("/token", content=twice, headers=form)
    assert answer.json()["error"] == "invalid_grant"


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from([*ASKED, "username", "password", "grant_type", "code", "code_verifier"]),
        st.text(max_size=50),
    )
)
async def test_any_form(changed: dict[str, str]) -> None:
    """Whatever is sent, nothing breaks."""
    app = create_identity(Provider(ISSUER, read_accounts(), KEY), demo=True)
    form = {"content-type": "application/x-www-form-urlencoded"}
    for sent in (changed, ASKED | changed):
        content = urlencode(sent, errors="replace").encode()
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER)
            )
            for path in ("/token", "/authorize"):
                answer = await client.post(path, content=content, headers=form)
                assert answer.status_code in {303, 400, 401}


KEY: Any = make_key()


def test_started_alone(tmp_path: Path) -> None:
    """It starts by itself as a program, answers at its port, and ends when it is told to."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = str(found.getsockname()[1])
    command = [sys.executable, "-m", "deploy.identity", "--demo", "--port", port]
    with (tmp_path / "log").open("wb") as out, subprocess.Popen(command, stdout=out) as program:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(600):
                with contextlib.suppress(httpx.TransportError):
                    keys = httpx.get(f"{address}/jwks.json").json()["keys"]
                    break
                time.sleep(0.1)
            assert len(keys) == 1
            form = {"grant_type": "password", "username": "pdam", "password": "demo"}
            assert httpx.post(f"{address}/token", data=form).is_success
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(20)


def test_wrong_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is missing or not what it must be stops the start with a sentence."""
    file = tmp_path / "file"
    assert main(["--demo", "--accounts", str(file)]) == 2
    for wrong in (b"{}", b"\xff", b"-----BEGIN " + b"PRIVATE KEY-----"):
        file.write_bytes(wrong)
        assert main(["--demo", "--accounts", str(file)]) == 2
        assert main(["--demo", "--key", str(file)]) == 2
    assert capsys.readouterr().err.count("The provider cannot start") == 7
