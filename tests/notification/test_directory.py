"""Where an agency's office is written to: as the register tells it, else as its file has it."""

from __future__ import annotations

from datetime import date

import pytest

from services.notification.directory import Directory
from services.notification.domain.offices import Office, Officer, Offices
from shared.contracts.register import AgencyEdition, OfficerEntry, Unit

FILE = {"dinas-pu": Office(code="dinas-pu", name="PU", email="pu@file.test")}
DAY = date(2026, 3, 17)


def test_what_the_register_tells_counts_more_than_the_file() -> None:
    """An office that got another address is written to there; one not told of yet as before."""
    told: dict[str, AgencyEdition] = {}
    directory = Directory(FILE, told)
    assert (directory["dinas-pu"].email, len(directory)) == ("pu@file.test", 1)
    told["dinas-pu"] = AgencyEdition(valid_from=DAY, name="PUPR", email="new@pu.test")
    told["dinsos"] = AgencyEdition(valid_from=DAY, name="Sosial")
    assert directory["dinas-pu"].email == "new@pu.test"
    assert directory.get("nowhere") is None
    assert sorted(directory) == ["dinas-pu", "dinsos"]
    assert len(directory) == 2


@pytest.mark.parametrize(
    ("position", "unit", "email", "at"),
    [
        ("pimpinan", None, "kepala@pu.test", "kepala@pu.test"),
        ("Pimpinan Dinas", None, "kepala@pu.test", "kepala@pu.test"),
        ("pimpinan", None, None, "new@pu.test"),
        ("pimpinan", "bina-marga", "bidang@pu.test", "new@pu.test"),
        ("wakil pimpinan", None, "wakil@pu.test", "new@pu.test"),
    ],
)
def test_what_waits_for_the_leader_goes_to_the_leader(
    position: str, unit: str | None, email: str | None, at: str
) -> None:
    """Who leads the whole agency and has an address hears of it; else the office does."""
    officer = OfficerEntry(name="A", position=position, unit=unit, email=email)
    told = AgencyEdition(valid_from=DAY, name="PUPR", email="new@pu.test", officers=(officer,))
    office = Directory(FILE, {"dinas-pu": told})["dinas-pu"]
    assert (office.address(leads=True), office.address(leads=False)) == (at, "new@pu.test")


@pytest.mark.parametrize(
    ("of_unit", "of_officer", "at"),
    [
        ("bidang@pu.test", "kabid@pu.test", "bidang@pu.test"),
        (None, "kabid@pu.test", "kabid@pu.test"),
        (None, None, "new@pu.test"),
    ],
)
def test_what_a_unit_is_to_do_goes_to_the_unit(
    of_unit: str | None, of_officer: str | None, at: str
) -> None:
    """Its own address comes first, then that of an officer of it, then the agency's."""
    unit = Unit(code="bina-marga", name="Bina Marga", email=of_unit)
    officer = OfficerEntry(name="A", position="kabid", unit="bina-marga", email=of_officer)
    told = AgencyEdition(
        valid_from=DAY, name="PUPR", email="new@pu.test", units=(unit,), officers=(officer,)
    )
    office = Directory(FILE, {"dinas-pu": told})["dinas-pu"]
    assert office.address(leads=False, unit="bina-marga") == at
    assert office.called("bina-marga") == "Bina Marga, PUPR"
    assert (office.called("gone"), office.called(None)) == ("PUPR", "PUPR")


def test_the_register_file_names_leaders_too() -> None:
    """Before routing has told the register, the file says whose address it is."""
    officer = {"name": "A", "position": "pimpinan", "email": "kepala@pu.test"}
    file = Offices.model_validate({"agencies": [{"code": "a", "name": "A", "officers": [officer]}]})
    assert file.by_code()["a"].officers == (Officer(position="pimpinan", email="kepala@pu.test"),)
