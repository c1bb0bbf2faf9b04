"""What people call the categories, as far as the file with those of a node says it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.known import MOST_CATEGORIES
from shared.contracts.vocabulary import CategoryCode
from shared.contracts.wording import ShortText


class Named(BaseModel):
    """A category of the file; what it asks is intake's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: CategoryCode
    name: ShortText
    name_en: ShortText | None = None


class Categories(BaseModel):
    """The file with the categories of a node, as far as its pages need it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    categories: Annotated[tuple[Named, ...], Field(max_length=MOST_CATEGORIES)] = ()

    def named(self, code: str, language: str) -> str | None:
        """Name a category in a language, else in Indonesian; None where the file has it not."""
        found = next((each for each in self.categories if each.code == code), None)
        if found is None:
            return None
        return found.name_en or found.name if language == "en" else found.name
