"""Texts of a certain form, with the sentence that a person is told where one has another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any
from unicodedata import category

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

NO_TEXT = "This must be text."
WRONG_FORM = "wrong_form"
"""The kind of error whose sentence is ours."""
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs, by their class, that show nothing."""


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
        """Check that it is text, then the bounds; say the sentence whatever is wrong."""
        said = (
            (core_schema.str_schema(), f"{NO_TEXT} {self.sentence}"),
            (self._text, self.sentence),
        )
        return core_schema.chain_schema(
            [
                core_schema.custom_error_schema(
                    step, custom_error_type=WRONG_FORM, custom_error_message=sentence
                )
                for step, sentence in said
            ]
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Show the bounds; pydantic would show the first step."""
        return handler(self._text)

    @property
    def _text(self) -> CoreSchema:
        return core_schema.str_schema(
            pattern=self.pattern,
            min_length=self.shortest,
            max_length=self.longest,
            strip_whitespace=self.strip,
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


def meant(written: str, known: Iterable[str]) -> str:
    """Ask which was meant of those that are known; empty where none is near, else with a space."""
    near = " or ".join(map(repr, get_close_matches(written, sorted(known))))
    return f"Did you mean {near}? " if near else ""


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
            handler(source), custom_error_type=WRONG_FORM, custom_error_message=self.sentence
        )


Text = Annotated[str, written(5000)]
"""What a person wrote. A fact's size in bytes bounds it further where the script is wide."""
ShortText = Annotated[str, written(200)]


def visible(text: str) -> str:
    """Give back a text in which something can be seen; raises ValueError."""
    if any(category(each)[0] in "LNPS" and each not in BLANK for each in text):
        return text
    raise ValueError("Write something that can be seen.")


Writing = Annotated[Text, AfterValidator(visible)]
"""What a person writes now. Facts have ``Text``: what was told before is read for ever."""
ShortWriting = Annotated[ShortText, AfterValidator(visible)]
Word = Annotated[
    str,
    Worded(
        pattern=r"^[a-z][a-z_]{0,39}$",
        sentence="A word is up to 40 small letters and underscores, such as by_officer.",
    ),
]
"""One of a list that may grow: a reader shows the words it knows."""
ReasonCode = Annotated[
    str,
    Worded(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        sentence="A reason is a code from its list: up to 40 small letters, digits and "
        "underscores, such as too_general.",
    ),
]
"""A code from a list that may grow: a reader shows one it does not know as it stands."""
