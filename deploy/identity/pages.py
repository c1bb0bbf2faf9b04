"""The provider's two pages, without script and without anything loaded."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from deploy.identity.accounts import Accounts

_PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Masuk · Kentongan (demo)</title>
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>Masuk ke Kentongan</h1>
<p><strong>Ini demo.</strong> Semua akun adalah contoh dengan kata sandi
<code>{password}</code>. <span lang="en">This is a demo with sample accounts.</span></p>
{inner}
<h2>Akun contoh</h2>
<table>
<thead><tr><th scope="col">Akun</th><th scope="col">Nama</th><th scope="col">Peran</th>
<th scope="col">Instansi</th><th scope="col">Wilayah</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""
_FORM = """{error}<form method="post" action="authorize">
{hidden}
<p><label>Akun <input name="username" required autocomplete="username" list="accounts"></label></p>
<p><label>Kata sandi <input name="password" type="password" required
autocomplete="current-password"></label></p>
<datalist id="accounts">{options}</datalist>
<p><button>Masuk</button></p>
</form>"""


def login_page(accounts: Accounts, asked: Mapping[str, str], error: str | None = None) -> str:
    """Ask for name and password; what the application asked for travels along."""
    hidden = "\n".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    options = "".join(f'<option value="{one.username}">' for one in accounts.listed())
    told = f'<p role="alert">{escape(error)}</p>\n' if error else ""
    return _page(accounts, _FORM.format(hidden=hidden, options=options, error=told))


def front_page(accounts: Accounts) -> str:
    """Say what this is and who can sign in."""
    return _page(accounts, "<p>Masuklah dari halaman petugas.</p>")


def _page(accounts: Accounts, inner: str) -> str:
    rows = "\n".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                one.username,
                one.name,
                ", ".join(one.roles),
                one.agency or "-",
                one.area or "-",
            )
        )
        + "</tr>"
        for one in accounts.listed()
    )
    return _PAGE.format(password=escape(accounts.password), inner=inner, rows=rows)
