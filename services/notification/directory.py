"""The offices of agencies, as routing tells them on the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.notification.domain.offices import Office, Officer, Section
from shared.contracts.register import AgencyEdition


class Directory(Mapping[str, Office]):
    """The office of each agency today: as the register tells it, else as the file has it."""

    def __init__(self, of_file: Mapping[str, Office], told: Mapping[str, AgencyEdition]) -> None:
        """Join both; before routing has told of an agency, what the file says counts."""
        self._of_file, self._told = of_file, told

    def __getitem__(self, code: str) -> Office:
        edition = self._told.get(code)
        if edition is None:
            return self._of_file[code]
        return Office(
            code=code,
            name=edition.name,
            email=edition.email,
            units=tuple(map(Section.model_validate, edition.units)),
            officers=tuple(map(Officer.model_validate, edition.officers)),
        )

    def __iter__(self) -> Iterator[str]:
        return iter({*self._of_file, *self._told})

    def __len__(self) -> int:
        return len({*self._of_file, *self._told})
