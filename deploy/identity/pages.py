"""The provider's two pages: who can sign in, and where somebody does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fastapi import Request, Response

from deploy.identity.provider import Provider
from shared.contracts.vocabulary import zone_of
from shared.runtime.access import Role
from shared.runtime.web import POLICY
from shared.ui import Site, Words

WORDS: Words = {
    "title": ("Masuk sebagai petugas (demo)", "Sign in as an officer (demo)"),
    "what": ("Semua akun di sini adalah contoh.", "All accounts here are samples."),
    "password": ("Kata sandi semuanya:", "The password of each:"),
    "how": (
        "Ambil token untuk API petugas; tempelkan di halaman /docs layanan (tombol Authorize):",
        "Take a token for the officers' APIs; paste it on a service's /docs page (Authorize):",
    ),
    "wrong": ("Akun atau kata sandi salah.", "Account or password is wrong."),
    "word": ("Kata sandi", "Password"),
    "go": ("Masuk", "Sign in"),
    "accounts": ("Akun contoh", "Sample accounts"),
    "account": ("Akun", "Account"),
    "who": ("Nama · Peran · Instansi · Wilayah", "Name · Role · Agency · Area"),
    f"role.{Role.CLERK}": ("petugas loket", "clerk"),
    f"role.{Role.COORDINATOR}": ("admin instansi", "coordinator"),
    f"role.{Role.LIAISON}": ("pejabat penghubung", "liaison officer"),
    f"role.{Role.LEADER}": ("pimpinan", "leader"),
    f"role.{Role.OVERSEER}": ("pengawas", "overseer"),
    f"role.{Role.OPERATOR}": ("operator", "operator"),
}
"""What the pages say."""
ANY_NODE = "00"


class Pages:
    """Shows the accounts of a provider."""

    def __init__(self, provider: Provider) -> None:
        """Take the accounts from a provider."""
        self._shown = {
            "accounts": provider.accounts.listed(),
            "password": provider.accounts.password,
            "issuer": provider.issuer,
        }
        self.site = Site.of(Path(__file__).parent / "templates", WORDS, zone_of(ANY_NODE), "")

    def front(self, request: Request) -> Response:
        """Say what this is and who can sign in."""
        return self.site.page(request, "accounts.html", self._shown)

    def sign_in(
        self, request: Request, asked: Mapping[str, str], target: str, *, wrong: bool
    ) -> Response:
        """Ask for name and password; what the application asked for travels along.

        ``target`` is the origin of the application: a browser follows the redirect after the form
        only where the policy names it.
        """
        values = {**self._shown, "asked": asked, "wrong": wrong}
        page = self.site.page(request, "sign_in.html", values, 401 if wrong else 200)
        page.headers["content-security-policy"] = POLICY.replace(
            "form-action 'self'", f"form-action 'self' {target}"
        )
        return page
