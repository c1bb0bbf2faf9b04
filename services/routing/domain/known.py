"""Which categories and areas there are at a node: to tell a coordinator of a mistyped one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.routing.domain.area import Areas
from services.routing.domain.register import Register
from shared.contracts.known import MOST_CATEGORIES, is_area, is_outside
from shared.contracts.routing import ComplaintVerified
from shared.contracts.vocabulary import CategoryCode
from shared.contracts.wording import meant
from shared.runtime.document import Refused


class Named(BaseModel):
    """A category of the file; what it asks is intake's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: CategoryCode


class Filed(BaseModel):
    """The file with the categories of a node, as far as routing reads it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    categories: Annotated[tuple[Named, ...], Field(max_length=MOST_CATEGORIES)] = ()

    @property
    def codes(self) -> frozenset[str]:
        """Name them all."""
        return frozenset(each.code for each in self.categories)


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody knows of: categories of a rule or of the file, areas of the table.

    ``place`` is the node's own area.
    """

    areas: Areas
    place: str
    filed: Collection[str] = frozenset()

    def category(self, code: str | None, register: Register) -> bool | None:
        """Say whether anybody knows a category; None where none is named."""
        return None if code is None else code in self.filed or code in register.categories

    def area(self, code: str | None) -> bool | None:
        """Say whether there is an area; None where none is named."""
        if code is None:
            return None
        return is_area(code, self.place, lambda each: self.areas.find(each) is not None)

    def outside(self, code: str | None) -> bool | None:
        """Say whether an area lies outside this node; None where none is named."""
        return None if code is None else is_outside(code, self.place)

    def wrong(self, found: ComplaintVerified, register: Register) -> Refused | None:
        """Refuse a category or an area that nobody knows, naming the nearest categories.

        Without any rule nobody can say that there is no such category.
        """
        category, area = found.category, found.area
        if category and register.categories and not self.category(category, register):
            hint = meant(category, {*self.filed, *register.categories})
            sentence = f"{hint}Leave it out, and what the report says stays."
            detail = f"There is no category {category!r} here. {sentence}"
            return Refused(422, "unknown_category", detail, "category")
        if area and not self.area(area):
            detail = f"The Kemendagri table has no area {area}; GET /api/v1/areas finds it by name."
            return Refused(422, "unknown_area", detail, "area")
        return None
