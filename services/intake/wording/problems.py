"""What is wrong with what a citizen asks, in Indonesian.

Each English sentence stands where it is decided, beside its code; in ``problems.toml`` it is the
key of the Indonesian one, as in the catalogues of gettext.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FIELDS, _TITLE, _SENTENCES = "fields", "title", "sentences"
_MANY = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_NAME = re.compile(r"\\{(\w+)\\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence, in which names are what differs, and the Indonesian one."""

    english: re.Pattern[str]
    indonesian: str

    def said(self, sentence: str) -> str | None:
        """Say a sentence in Indonesian; None where it is another one."""
        found = self.english.fullmatch(sentence)
        return self.indonesian.format_map(_inner(found.groupdict())) if found else None


def _inner(said: Mapping[str, str]) -> Mapping[str, str]:
    """Give what differs: lists of what can be chosen with the Indonesian word between.

    Thousands are parted by a point; a comma would make a fraction of them.
    """
    lists = {"choices", "near"} & said.keys()
    numbers = {name: each.replace(",", ".") for name, each in said.items() if _MANY.fullmatch(each)}
    return {
        **said,
        **numbers,
        **{name: said[name].replace(" or ", " atau ") for name in lists},
    }


def _read(sentences: Mapping[str, str]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(re.compile(_NAME.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), indonesian)
        for english, indonesian in sentences.items()
    )


@dataclass(frozen=True, slots=True)
class Wordings:
    """By code the title, and the sentences; and those that are said of one field."""

    titles: Mapping[str, str]
    sentences: Mapping[str, tuple[Sentence, ...]]
    fields: tuple[Sentence, ...]

    @classmethod
    def read(cls, path: Path) -> Wordings:
        """Read the table."""
        said = tomllib.loads(path.read_text("utf-8"))
        fields = _read(said.pop(_FIELDS))
        titles = {code: each[_TITLE] for code, each in said.items()}
        return cls(titles, {code: _read(each[_SENTENCES]) for code, each in said.items()}, fields)

    def problem(self, document: dict[str, Any]) -> dict[str, Any]:
        """Say a problem document in Indonesian; what has no words here stays as it is."""
        code = str(document["code"])
        said = {**document, "title": self.titles.get(code, document["title"])}
        said["detail"] = self.detail(code, document["detail"]) or document["detail"]
        if "errors" in document:
            said["errors"] = list(self._errors(code, document["errors"]))
        return said

    def _errors(self, code: str, errors: list[dict[str, str]]) -> Iterator[dict[str, str]]:
        for each in errors:
            said = self.detail(code, each["detail"]) or self.field(each["detail"])
            yield {**each, "detail": said or each["detail"]}

    def detail(self, code: str, sentence: str) -> str | None:
        """Say a sentence of a problem; None where it has no words."""
        return _first(self.sentences.get(code, ()), sentence)

    def field(self, sentence: str) -> str | None:
        """Say what is wrong with a field, in a sentence or in two; None where it has no words."""
        first, stop, rest = sentence.partition(". ")
        parts = (f"{first}.", rest) if stop else (sentence,)
        said = [_first(self.fields, each) for each in parts]
        return None if None in said else " ".join(map(str, said))


def _first(sentences: tuple[Sentence, ...], sentence: str) -> str | None:
    return next((said for each in sentences if (said := each.said(sentence))), None)


WORDINGS = Wordings.read(Path(__file__).with_suffix(".toml"))
