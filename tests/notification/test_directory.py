"""Where an agency's office is written to: as the register tells it, else as its file has it."""

from __future__ import annotations

from datetime import date

from services.notification.directory import Directory
from services.notification.domain.offices import Office
from shared.contracts.register import AgencyEdition

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
