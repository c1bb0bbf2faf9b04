"""Categories, and the questions that each asks beside the report (kategori, pertanyaan tambahan).

They are data: a node's own file says which there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.known import MOST_CATEGORIES
from shared.contracts.vocabulary import (
    LONGEST_ANSWER,
    MOST_QUESTIONS,
    Answer,
    Answered,
    CategoryCode,
    QuestionCode,
)
from shared.contracts.wording import ShortText, meant
from shared.runtime.document import Refused

MOST_CHOICES = 50
LARGEST = 10**12
"""Of a number that is asked for, either way from zero."""
YES, NO = "ya", "tidak"


Routed = Callable[[], Iterable[str]]
"""Gives the categories for which some agency answers; none while nobody was heard of."""


class Asks(StrEnum):
    """What kind of answer a question wants."""

    TEXT = "text"
    NUMBER = "number"
    """A whole number."""
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class Question(BaseModel):
    """One question of a category; ``least`` and ``most`` bound a number, ``longest`` a text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: QuestionCode
    asks: ShortText
    """The question in Indonesian, as it will stand in the fact."""
    asks_en: ShortText | None = None
    kind: Asks = Asks.TEXT
    required: bool = False
    least: int = Field(default=-LARGEST, ge=-LARGEST, le=LARGEST)
    most: int = Field(default=LARGEST, ge=-LARGEST, le=LARGEST)
    longest: int = Field(default=LONGEST_ANSWER, ge=1, le=LONGEST_ANSWER)
    choices: tuple[ShortText, ...] = Field(default=(), max_length=MOST_CHOICES)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.kind is Asks.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to a question that asks for a choice, and only there")
        if self.least > self.most:
            raise ValueError("least is more than most")
        return self

    def read(self, answer: Answer) -> str:
        """Give an answer in the one form in which it is told; raises ValueError."""
        match self.kind, answer:
            case Asks.YES_NO, bool():
                return YES if answer else NO
            case Asks.NUMBER, int() if not isinstance(answer, bool):
                if self.least <= answer <= self.most:
                    return str(answer)
            case Asks.TEXT, str() if len(answer) <= self.longest:
                return answer
            case Asks.CHOICE, str() if answer in self.choices:
                return answer
            case Asks.DATE, str() if len(answer) == len("2026-03-17"):
                return date.fromisoformat(answer).isoformat()
        raise ValueError

    @property
    def wants(self) -> str:
        """Say what would be an answer."""
        match self.kind:
            case Asks.NUMBER:
                return f"Answer with a whole number from {self.least} to {self.most}."
            case Asks.DATE:
                return "Answer with a date such as 2026-03-17."
            case Asks.CHOICE:
                return f"Answer with one of these: {', '.join(self.choices)}."
            case Asks.YES_NO:
                return "Answer with true or false."
        return f"Answer in 1 to {self.longest} characters."


class Category(BaseModel):
    """What a report can be about, and what is asked then."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: CategoryCode
    name: ShortText
    name_en: ShortText | None = None
    questions: tuple[Question, ...] = Field(default=(), max_length=MOST_QUESTIONS)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({question.code for question in self.questions}) < len(self.questions):
            raise ValueError(f"category {self.code!r} asks one question twice")
        return self


class Categories(BaseModel):
    """The categories of a node, as they stand in its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: Annotated[tuple[Category, ...], Field(max_length=MOST_CATEGORIES)] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({category.code for category in self.categories}) < len(self.categories):
            raise ValueError("one category stands there twice")
        return self

    @cached_property
    def codes(self) -> frozenset[str]:
        """Name them all."""
        return frozenset(each.code for each in self.categories)

    def beside(self, routed: Routed) -> Categories:
        """Give also those that are routed and that the file does not name: they ask nothing."""
        others = (Category(code=each, name=each) for each in sorted({*routed()} - self.codes))
        return Categories(categories=(*self.categories, *others)[:MOST_CATEGORIES])

    def strange(self, category: str | None, routed: Routed) -> Refused | None:
        """Refuse a category that neither the file nor the register knows, naming the nearest.

        While nothing of the register was heard, nobody can say that there is none such.
        """
        if category is None or category in self.codes:
            return None
        codes = frozenset(routed())
        if not codes or category in codes:
            return None
        hint = meant(category, codes | self.codes)
        sentence = f"{hint}GET /api/v1/categories lists them; leave it out where none fits."
        return Refused(
            422,
            "unknown_category",
            f"There is no category {category!r} here. {sentence}",
            "category",
        )

    def answered(
        self, category: str | None, answers: Mapping[str, Answer], *, all_asked: bool
    ) -> tuple[Answered, ...]:
        """Read the answers to a category's questions, in the order in which they are asked.

        ``all_asked`` says that whoever answers was shown the questions: then those that are
        required must be answered. Raises Refused, naming the question.
        """
        found = next((each for each in self.categories if each.code == category), None)
        questions = found.questions if found else ()
        for code in answers.keys() - {question.code for question in questions}:
            raise _wrong(code, "unknown_question", "This category does not ask that.")
        read = []
        for question in questions:
            answer = answers.get(question.code)
            if answer is None:
                if question.required and all_asked:
                    raise _wrong(question.code, "unanswered", f"{question.asks} {question.wants}")
                continue
            try:
                said = question.read(answer)
            except ValueError:
                raise _wrong(question.code, "wrong_answer", question.wants) from None
            read.append(Answered(question=question.code, asked=question.asks, answer=said))
        return tuple(read)


def _wrong(question: str, code: str, sentence: str) -> Refused:
    return Refused(422, code, sentence, f"answers.{question}")
