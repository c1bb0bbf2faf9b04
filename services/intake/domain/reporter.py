"""What people type of themselves and their reports, brought into one form."""

from __future__ import annotations

import re

from shared.contracts.tracking import NotATrackingNumber, TrackingNumber

LONGEST_EMAIL, LONGEST_PHONE = 254, 40

_LOCAL = r"(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9])")
_FILLING = re.compile(r"[\s().-]")
_PHONE = re.compile(r"(?:\+62|0062|62|0)?([2-9][0-9]{7,10})")


def email_of(typed: str) -> str:
    """Read an e-mail address (surel); raises ValueError."""
    text = typed.strip()
    found = _EMAIL.fullmatch(text) if len(text) <= LONGEST_EMAIL else None
    if found is None:
        raise ValueError("an e-mail address looks like nama@contoh.id")
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def phone_of(typed: str) -> str:
    """Read an Indonesian telephone number (nomor telepon) and write it with +62."""
    plain = _FILLING.sub("", typed) if len(typed) <= LONGEST_PHONE else ""
    found = _PHONE.fullmatch(plain)
    if found is None:
        raise ValueError("an Indonesian telephone number looks like 0812-3456-7890")
    return f"+62{found[1]}"


def number_of(typed: str) -> str:
    """Read a tracking number and write it as it was given; raises ValueError."""
    try:
        return str(TrackingNumber.read(typed))
    except NotATrackingNumber as mistake:
        raise ValueError(f"this is no tracking number: {mistake}") from None
