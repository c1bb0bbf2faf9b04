"""How a reporter can be reached: many ways to type it, one form."""

from __future__ import annotations

import pytest

from services.intake.domain.reporter import email_of, phone_of


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("812 3456 7890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("0062 812.3456.7890", "+6281234567890"),
        ("(0911) 345678", "+62911345678"),
    ],
)
def test_a_telephone_number_has_one_form(typed: str, read: str) -> None:
    """However it is typed, it begins with +62 and has digits only."""
    assert phone_of(typed) == read


@pytest.mark.parametrize(
    "typed", ["", "0112345678", "+1 202 555 0100", "٠٨١٢٣٤٥٦٧٨٩", "0" * 50, "08x"]
)
def test_what_is_no_telephone_number_is_refused(typed: str) -> None:
    """Foreign, short, endless and lettered numbers are none."""
    with pytest.raises(ValueError, match="looks like"):
        phone_of(typed)


def test_an_email_address_has_one_form() -> None:
    """The domain is written small; the local part is the person's own."""
    assert email_of(" Ibu.Tini@Contoh.CO.ID ") == "Ibu.Tini@contoh.co.id"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@b",
        "a@@b.id",
        "a b@c.id",
        "a@b.id\nBcc: x@y.id",
        ".a@b.id",
        "a..b@c.id",
        "a@-b.id",
        f"{'a' * 65}@b.id",
        f"a@{'b' * 300}.id",
        "a@b.1",
        "<a@b.id>",
    ],
)
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    """Above all nothing that could add a header to a mail."""
    with pytest.raises(ValueError, match="looks like"):
        email_of(typed)
