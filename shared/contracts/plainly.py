"""What is wrong with a value, in words for people; pydantic's own are for who writes programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared.contracts.wording import NO_TEXT, WRONG_FORM

UNKNOWN = "This has not the form that is asked for."
"""What is said where nothing better is known; no field of ours comes to that."""
TOO_DEEP = "This is nested too deeply."
_OWN = {WRONG_FORM, "value_error"}
"""Kinds of errors whose sentence is ours already."""
_DEEP = ("recursion limit", "depth limit")
"""How the two parsers, of pydantic and of orjson, say so."""
_OBJECT = "Give a JSON object: fields with their values, in curly brackets."
_LIST = "Give a JSON list, in square brackets."
_NUMBER = "Give a number."
_MOMENT = "Give a moment with its zone, such as 2026-03-17T08:30:00+09:00."
_SAID: Mapping[str, str] = {
    "missing": "This field is missing; add it.",
    "extra_forbidden": "There is no such field; put its name right or take it out.",
    "too_short": "Give at least {min_length}.",
    "too_long": "Give at most {max_length}.",
    "string_too_short": "Write at least {min_length} characters.",
    "string_too_long": "Write at most {max_length} characters.",
    "greater_than": "Give a number above {gt}.",
    "greater_than_equal": "Give a number that is at least {ge}.",
    "less_than": "Give a number below {lt}.",
    "less_than_equal": "Give a number that is at most {le}.",
    "enum": "Choose one of these: {expected}.",
    "literal_error": "Choose one of these: {expected}.",
    "invalid_key": "The name of each field is text, in quotes.",
}
"""By kind of error, what is said; what it puts in stands in the error."""
_KINDS: Mapping[str, str] = {
    "bool": "Give true or false, without quotes.",
    "int": "Give a whole number.",
    "float": _NUMBER,
    "finite": _NUMBER,
    "decimal": _NUMBER,
    "string": NO_TEXT,
    "date": "Give a date such as 2026-03-17.",
    "datetime": _MOMENT,
    "timezone": _MOMENT,
    "time": "Give a time of day such as 08:30.",
    "list": _LIST,
    "tuple": _LIST,
    "set": _LIST,
    "frozen": _LIST,
    "dict": _OBJECT,
    "mapping": _OBJECT,
    "model": _OBJECT,
    "none": "Leave this out, or give null.",
    "url": "Give an address such as https://lapor.example/1.",
    "uuid": "Give a UUID.",
}
"""By the first word of a kind of error, what is said of any of them."""
_WRITTEN = "a character of a text is written wrongly"
_ENDS = "it ends before it is complete"
_COMMA = "a comma or a closing bracket is missing"
_VALUE = "what stands there is no value"
_NUMERAL = "a number is written wrongly"
_JSON: Mapping[str, str] = {
    "eof while": _ENDS,
    "unexpected end of data": _ENDS,
    "input is a zero-length": _ENDS,
    "input data is empty": _ENDS,
    "trailing comma": "a comma stands before a closing bracket",
    "trailing characters": "something stands after its end",
    "unexpected content after": "something stands after its end",
    "expected `:`": "a colon is missing",
    "unexpected character, expected ':'": "a colon is missing",
    "expected `,`": _COMMA,
    "unexpected character, expected ','": _COMMA,
    "key must be a string": "the name of a field has no double quotes",
    "unexpected character, expected a string key": "the name of a field has no double quotes",
    "expected value": _VALUE,
    "expected ident": _VALUE,
    "unexpected character, expected a json value": _VALUE,
    "invalid literal": _VALUE,
    "utf-8 byte order mark": _VALUE,
    "invalid number": _NUMERAL,
    "number ": _NUMERAL,
    "no digit": _NUMERAL,
    "control character": "a line break or another control character stands in a text",
    "unexpected control character": "a line break or another control character stands in a text",
    "invalid unicode code point": "a text is not UTF-8",
    "str is not valid utf-8": "a text is not UTF-8",
    "invalid escape": _WRITTEN,
    "unexpected end of hex": _WRITTEN,
    "lone leading surrogate": _WRITTEN,
    "no low surrogate": _WRITTEN,
    "invalid low surrogate": _WRITTEN,
}
"""By how the words of a parser begin, of pydantic's or of orjson, what is wrong with the JSON."""
_PLACE = re.compile(r" at line ([0-9]+) column ([0-9]+)$")
_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""How Python writes what can be chosen; who asked knows only the text in it."""


def plainly(error: Mapping[str, Any]) -> str:
    """Say what is wrong and what would be right, of one of pydantic's errors.

    Nothing that was sent is repeated, but what a validator of ours says of it.
    """
    kind, context = str(error["type"]), error.get("ctx") or {}
    if kind in _OWN:
        return _sentence(str(error["msg"]).removeprefix("Value error, "))
    if kind == "json_invalid":
        return TOO_DEEP if is_deep(error) else _unreadable(str(context.get("error", "")))
    if kind == "too_short" and context.get("min_length") == 1:
        return "Give at least one; here is none."
    pattern = _SAID.get(kind) or _KINDS.get(kind.partition("_")[0], UNKNOWN)
    try:
        return _MEMBER.sub(r"\1", pattern.format_map(context))
    except KeyError:
        return UNKNOWN


def is_deep(error: Mapping[str, Any]) -> bool:
    """Say whether a parser gave up because JSON was nested too deeply."""
    return str((error.get("ctx") or {}).get("error", "")).startswith(_DEEP)


def _unreadable(said: str) -> str:
    """Say in our words why JSON cannot be read, and where if the parser says so."""
    found = _PLACE.search(said)
    where = f" See line {found[1]}, byte {found[2]}." if found else ""
    lower = said.lower()
    why = next((ours for begins, ours in _JSON.items() if lower.startswith(begins)), "")
    return f"This is no readable JSON{': ' if why else ''}{why}.{where}"


def _sentence(said: str) -> str:
    """Begin with a capital and end with a full stop."""
    return f"{said[:1].upper()}{said[1:]}{'' if said.endswith(('.', '?')) else '.'}"
