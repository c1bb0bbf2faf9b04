"""What citizens are shown of what a report can be about, and of what is asked then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel

from services.intake.domain.categories import Asks, Categories, Category, Question

_ONLY: Mapping[str, Asks] = {
    "least": Asks.NUMBER,
    "most": Asks.NUMBER,
    "longest": Asks.TEXT,
    "choices": Asks.CHOICE,
}
"""What bounds an answer of one kind alone."""


class QuestionOut(BaseModel):
    """One question, with the bounds of its kind alone.

    ``least`` and ``most`` of a number, ``longest`` of a text (characters), ``choices`` of a choice.
    """

    code: str
    asks: str
    asks_en: str | None
    kind: Asks
    required: bool
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    choices: list[str] | None = None

    @classmethod
    def of(cls, question: Question) -> Self:
        """Show a question with the bounds of its kind."""
        said = dict(question)
        return cls(
            **{name: said[name] for name in said if _ONLY.get(name, question.kind) is question.kind}
        )


class CategoryOut(BaseModel):
    """What a report can be about, and what is asked then."""

    code: str
    name: str
    name_en: str | None
    questions: list[QuestionOut]

    @classmethod
    def of(cls, category: Category) -> Self:
        """Show a category with its questions."""
        questions = [QuestionOut.of(each) for each in category.questions]
        return cls(**{**dict(category), "questions": questions})


class CategoriesOut(BaseModel):
    """The categories of a node."""

    categories: list[CategoryOut]

    @classmethod
    def of(cls, known: Categories) -> Self:
        """Show them all, in their order."""
        return cls(categories=[CategoryOut.of(each) for each in known.categories])
