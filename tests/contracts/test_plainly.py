"""Whatever is wrong with what somebody sends, the answer says it in words for people."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args

import orjson
import pytest
from pydantic import AfterValidator, BaseModel, Field, TypeAdapter, ValidationError
from pydantic_core._pydantic_core import list_all_errors

from services.intake.api.sent import ComplaintIn
from services.notification.api.letters import PrintedIn
from services.routing.api.sent import DeferIn
from shared.contracts.plainly import TOO_DEEP, UNKNOWN, plainly
from tests.architecture.house import ROOT, SERVICES

WRONG: tuple[Any, ...] = (
    *(None, True, -1, 0, 1.5, 10**30, float("nan"), "", "x", "x" * 10_000, "a\x00b", "\u200b"),
    *("2026-13-45", "2026-03-17T08:30:00", [], {}, [None], {"x": 1}, ["x"] * 10_000),
    dict.fromkeys(map(str, range(1_000)), "x"),
)
"""What nobody meant, of every kind of JSON."""


def bodies(service: str) -> Iterator[type[BaseModel]]:
    """Give the models of what a service's addresses take, as its OpenAPI document names them."""
    document = json.loads((ROOT / f"shared/docs/openapi/{service}.json").read_text())
    names = {
        content["schema"]["$ref"].rpartition("/")[2]
        for methods in document["paths"].values()
        for operation in methods.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }
    assert names or service == "metrics", "an API that takes nothing"
    rooms = importlib.import_module(f"services.{service}.api")
    for room in pkgutil.iter_modules(rooms.__path__, f"{rooms.__name__}."):
        found = vars(importlib.import_module(room.name))
        for name in sorted(names & found.keys()):
            names.remove(name)
            yield found[name]
    assert not names, names


def within(shape: Any, known: set[type[BaseModel]]) -> None:
    """Add the models that a type stands for, however deep in it."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        if shape not in known:
            known.add(shape)
            for field in shape.model_fields.values():
                within(field.annotation, known)
        return
    for part in get_args(shape):
        within(part, known)


def errors_of(model: type[BaseModel], said: Any) -> Iterator[Mapping[str, Any]]:
    """Have a body read; give what is wrong with it."""
    try:
        model.model_validate(said)
    except ValidationError as wrong:
        yield from wrong.errors(include_url=False, include_input=False)


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_a_body_has_is_answered_with_what_would_be_right(service: str) -> None:
    """In each field of each body of each API: a sentence, none of pydantic's, and no pattern."""
    models: set[type[BaseModel]] = set()
    for body in bodies(service):
        within(body, models)
    for model in models:
        names = [field.alias or name for name, field in model.model_fields.items()]
        sent = [*WRONG, {"no-such-field": 1}, *({n: each} for n in names for each in WRONG)]
        for error in (error for each in sent for error in errors_of(model, each)):
            said, about = plainly(error), (model.__name__, error)
            assert said != UNKNOWN, about
            assert re.fullmatch(r"[A-Z].*[.?]", said, re.DOTALL), about
            assert not set(said) & set("^$\\{}|<>"), about
            assert not re.search(
                r"Input|should (be|have|match)|Value error|[Ff]ield required", said
            )


@pytest.mark.parametrize("known", list_all_errors(), ids=lambda known: known["type"])
def test_no_sentence_of_pydantics_is_passed_on(known: Any) -> None:
    """Whatever kind of error there is, also one that no model of ours can have today."""
    said = known["example_message_python"]
    error = {"type": known["type"], "msg": said, "ctx": known["example_context"]}
    if known["type"] != "value_error":  # its words are of who wrote the check
        assert plainly(error) != said
        assert plainly({**error, "ctx": None}).endswith(".")


@pytest.mark.parametrize(
    ("model", "field", "wrong", "sentence"),
    [
        (DeferIn, "missing", [], "Give at least one; here is none."),
        (PrintedIn, "notices", [], "Give at least one; here is none."),
        (ComplaintIn, "kind", "praise", "Choose one of these: 'complaint', 'aspiration' or "),
        (ComplaintIn, "point", {"latitude": 48.1, "longitude": 128.2}, "A latitude in Indonesia"),
        (ComplaintIn, "point", {"latitude": -3.7, "longitude": 11}, "A longitude in Indonesia"),
        (ComplaintIn, "anonymous", "perhaps", "Give true or false"),
        (ComplaintIn, "occurred_on", "kemarin", "Give a date such as 2026-03-17."),
        (ComplaintIn, "reporter", {"email": "tini"}, "An e-mail address looks like "),
        (ComplaintIn, "answers", dict.fromkeys(("a", "b"), 1.5), "Answer with true, false, "),
        (ComplaintIn, "nik", "8171", "There is no such field; put its name right or take it out."),
    ],
)
def test_what_is_said_helps(model: type[BaseModel], field: str, wrong: Any, sentence: str) -> None:
    """An empty list, a point abroad, a word that cannot be chosen."""
    found = [plainly(each) for each in errors_of(model, {field: wrong}) if each["loc"][0] == field]
    assert found
    assert all(said.startswith(sentence) for said in found), found


def test_a_check_of_ours_is_quoted_as_a_sentence() -> None:
    """Whoever wrote it need not think of capitals and full stops."""

    def refuse(_value: int) -> int:
        raise ValueError("least is more than most")

    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(Annotated[int, AfterValidator(refuse)]).validate_python(1)
    assert plainly(wrong.value.errors()[0]) == "Least is more than most."


BROKEN: Mapping[bytes, str] = {
    b"": "it ends before it is complete",
    b'{"a"': "it ends before it is complete",
    b'{"a": "b': "it ends before it is complete",
    b'{"a": [': "it ends before it is complete",
    b'{"a": 1} x': "something stands after its end",
    b'{"a": 1,}': "a comma stands before a closing bracket",
    b"[1,]": "a comma stands before a closing bracket",
    b'{"a" 1}': "a colon is missing",
    b'{"a": 1 "b": 2}': "a comma or a closing bracket is missing",
    b"[1 2]": "a comma or a closing bracket is missing",
    b"{a: 1}": "the name of a field has no double quotes",
    b"{'a': 1}": "the name of a field has no double quotes",
    b'{"a": x}': "what stands there is no value",
    b'{"a": trap}': "what stands there is no value",
    b"\xef\xbb\xbf{}": "what stands there is no value",
    b'{"a": 01}': "a number is written wrongly",
    b'{"a": 1.}': "a number is written wrongly",
    b'{"a": 1e}': "a number is written wrongly",
    b'{"a": -}': "a number is written wrongly",
    b'{"a": "\\x"}': "a character of a text is written wrongly",
    b'{"a": "\\ud800"}': "a character of a text is written wrongly",
    b'{"a": "\\uD83D\\u0041"}': "a character of a text is written wrongly",
    b'{"a": "b\nc"}': "a line break or another control character stands in a text",
    b'{"a": "\xff"}': "a text is not UTF-8",
}
"""What is no JSON, and what is said of it."""


class Deep(BaseModel):
    """A body that may be nested."""

    inner: Annotated[list[Any], Field(max_length=1)]


def by_pydantic(raw: bytes) -> Mapping[str, Any]:
    """Have JSON read by pydantic's parser; give what is wrong with it."""
    with pytest.raises(ValidationError) as wrong:
        Deep.model_validate_json(raw)
    return wrong.value.errors()[0]


def by_orjson(raw: bytes) -> Mapping[str, Any]:
    """Have JSON read by orjson, and what is wrong with it told as FastAPI does."""
    with pytest.raises(orjson.JSONDecodeError) as wrong:
        orjson.loads(raw)
    return {"type": "json_invalid", "msg": "JSON", "ctx": {"error": wrong.value.msg}}


@pytest.mark.parametrize("raw", BROKEN)
def test_json_that_cannot_be_read_is_said_in_our_words(raw: bytes) -> None:
    """Whichever of the two parsers finds it; where it stands, as far as that is known."""
    said = f"This is no readable JSON: {BROKEN[raw]}."
    assert plainly(by_orjson(raw)) == said
    assert re.fullmatch(rf"{re.escape(said)} See line \d+, byte \d+\.", plainly(by_pydantic(raw)))


def test_where_it_cannot_be_read_is_counted_as_it_is_called() -> None:
    """The parser counts bytes: a letter of another script before it is more than one."""
    raw = '{"a":"éééé",}'.encode()
    assert raw[16:] == b"}"
    assert plainly(by_pydantic(raw)).endswith("See line 1, byte 17.")


def test_what_a_parser_has_no_words_for_is_said_all_the_same() -> None:
    """That it is no JSON, and nothing of what a later release of the parser says."""
    error = {"type": "json_invalid", "ctx": {"error": "bad luck at line 1 column 2"}}
    assert plainly(error) == "This is no readable JSON. See line 1, byte 2."
    assert plainly({**error, "ctx": {"error": "bad luck"}}) == "This is no readable JSON."


def test_what_is_nested_too_deeply_is_called_that() -> None:
    """By whichever parser."""
    for error in (by_pydantic(b"[" * 5000), by_orjson(b"[" * 5000)):
        assert plainly(error) == TOO_DEEP
