"""Which agency a reporter means (instansi tujuan), to tell who names one that there is not."""

from __future__ import annotations

from collections.abc import Collection

from shared.contracts.wording import meant
from shared.runtime.document import Refused


def strange_agency(agency: str | None, known: Collection[str]) -> Refused | None:
    """Refuse an agency that the register has not, naming the nearest.

    While nothing of the register was heard, nobody can say that there is none such.
    """
    if agency is None or not known or agency in known:
        return None
    hint = meant(agency, known)
    sentence = f"{hint}Leave it out where you do not know; it is found for you."
    return Refused(
        422, "unknown_agency", f"There is no agency {agency!r} here. {sentence}", "agency"
    )
