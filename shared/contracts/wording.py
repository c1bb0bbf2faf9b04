"""Texts of a certain form, with the sentence that a person is told where one has another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Worded:
    """Bounds of a text (lengths in characters), and what is said of one that is not within them.

    ``Annotated[str, Worded(pattern=…, sentence=…)]``. The JSON Schema shows the bounds to
    machines; pydantic would show them to people as well.
    """

    sentence: str
    pattern: str
    shortest: int | None = None
    longest: int | None = None
    strip: bool | None = None
    """Whether white space around it is taken off first."""

    def __get_pydantic_core_schema__(
        self,
        _source: Any,  # noqa: ANN401 - always str
        _handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Check the bounds, and say the sentence whatever is wrong."""
        text = core_schema.str_schema(
            pattern=self.pattern,
            min_length=self.shortest,
            max_length=self.longest,
            strip_whitespace=self.strip,
        )
        return core_schema.custom_error_schema(
            text, custom_error_type="wrong_form", custom_error_message=self.sentence
        )


def written(longest: int) -> Worded:
    """Bound what a person writes: up to so many characters, on as many lines as they like."""
    return Worded(
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
        sentence=f"Write 1 to {longest:,} characters, none of them a control character.",
        shortest=1,
        longest=longest,
        strip=True,
    )


class Misplaced(ValueError):
    """A value that is right by itself and wrong beside others; ``place`` says which is meant.

    A validator of several fields raises it with names of fields and numbers of entries from 0.
    """

    def __init__(self, sentence: str, *place: str | int) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, slots=True)
class Explained:
    """What is said of a value that is none of several kinds, in place of a word on each kind."""

    sentence: str

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 - whatever is annotated
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Check as usual, and say the sentence whatever is wrong."""
        return core_schema.custom_error_schema(
            handler(source), custom_error_type="wrong_form", custom_error_message=self.sentence
        )


Text = Annotated[str, written(5000)]
"""What a person wrote. A fact's size in bytes bounds it further where the script is wide."""
ShortText = Annotated[str, written(200)]
Word = Annotated[
    str,
    Worded(
        pattern=r"^[a-z][a-z_]{0,39}$",
        sentence="A word is up to 40 small letters and underscores, such as by_officer.",
    ),
]
"""One of a list that may grow: a reader shows the words it knows."""
