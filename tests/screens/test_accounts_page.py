"""The page of sample accounts, as people see it on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deploy.identity import Provider, create_identity, make_key, read_accounts
from deploy.identity.accounts import SAMPLES
from deploy.identity.provider import CLIENT
from tests.screens.browser import Served, open_browser

BACK = "http://127.0.0.1:8002/signed-in"
SIGN_IN = (
    f"/authorize?client_id={CLIENT}&response_type=code&redirect_uri={BACK}"
    f"&code_challenge={'a' * 43}&code_challenge_method=S256"
)

browser = pytest.fixture(open_browser, scope="module", name="browser")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve the provider with the accounts of the demo."""
    provider = Provider(
        issuer="http://127.0.0.1:8005",
        accounts=read_accounts(SAMPLES),
        key=make_key(),
        audience=CLIENT,
        redirects=frozenset(),
    )
    served = Served.of(create_identity(provider, demo=True))
    yield served
    served.stop()


@pytest.mark.parametrize("path", ["/?", f"{SIGN_IN}&"], ids=["front", "sign in"])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nobody_scrolls_to_the_side(
    browser: Any, served: Served, width: int, language: str, path: str
) -> None:
    """Every account stands on the screen with all that is said of it, and so does the command."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{served.address}{path}lang={language}")
    assert page.locator("tbody tr").count() == len(read_accounts(SAMPLES).listed())
    edges = page.locator("main *").evaluate_all(
        "all => all.map(each => Math.max(each.getBoundingClientRect().right,"
        " each.getBoundingClientRect().left + each.scrollWidth))"
    )
    assert max(edges) <= width
    page.close()
