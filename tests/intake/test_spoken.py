"""Citizens read what is wrong in Indonesian, or in English where they ask for that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from services.intake.api.sent import AmendIn, ComplaintIn, RateIn, ReplyIn, WithdrawIn
from services.intake.domain.categories import Asks, Question
from services.intake.wording.problems import WORDINGS
from shared.contracts.plainly import TOO_DEEP, UNKNOWN, plainly
from shared.runtime.document import FactTooLong
from tests.architecture.house import modules, tree
from tests.contracts.test_plainly import WRONG, errors_of, within
from tests.intake.reports import COMPLAINTS

NOT_CITIZENS = {
    # officers
    *("not_signed_in", "wrong_token", "sign_in_away", "revision_missing"),
    *("letter_missing", "not_erasable", "not_erased", "names_nothing", "too_old"),
    # publishers, in a receipt
    *("no_complaint", "too_many", "too_many_named", "not_due", "not_awaited"),
    *("wrong_address", "wrong_host", "wrong_digest", "redirected"),
    # nobody: it is decided after the answer
    *("not_reachable", "too_many_pins"),
}
"""Codes that no route of a citizen answers with."""
OF_OFFICERS = {
    "A report cannot come in after today.",
    "There is no complaint with this number.",
    "There is no such complaint.",
    "It was erased at 7.",
    'If-Match is one revision in quotes, such as "7".',
    "Say in Kentongan-Purpose what you look for, in 3 to 200 visible ASCII characters.",
}
"""Sentences that citizens are not told, of codes that they are."""
PUT_TOGETHER = {"7 7", "This is no tracking number: 7."}
"""Sentences of others in one, of which there are tests of their own."""
BODIES = (ComplaintIn, ReplyIn, AmendIn, RateIn, WithdrawIn)


def refusals() -> Iterator[tuple[str, str | None]]:
    """Give code and sentence of whatever intake, or the runtime under it, refuses.

    None is a sentence that is put together, of which the tests below say more.
    """
    for path in modules("services", "shared"):
        if path.parts[:2] in {("services", "intake"), ("shared", "runtime")}:
            yield from refused_in(path)


def refused_in(path: Path) -> Iterator[tuple[str, str | None]]:
    """Give those of one module; what a status alone says stands there in tuples."""
    module = tree(path)
    if path.parts[-2:] == ("web", "problems.py"):
        for node in ast.walk(module):
            match node:
                case ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Constant() as phrase]):
                    yield code, written(phrase, {})
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            named = {**_named(module.body), **_named(ast.walk(function))}
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield from _refused_by(node, named, answers=path.name == "categories.py")


def _refused_by(
    call: ast.Call, named: Mapping[str, ast.expr], *, answers: bool
) -> Iterator[tuple[str, str | None]]:
    match call.args:
        case [ast.Constant(value=int()), ast.Constant(value=str(code)), *rest]:
            yield code, written(rest[0], named) if rest else None
        case [_, ast.Constant(value=str(code)), said] if answers:  # its field is made of the first
            yield code, written(said, named)


def _named(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def written(said: ast.expr, named: Mapping[str, ast.expr]) -> str | None:
    """Fill a sentence in with a number, where it stands in one piece."""
    match said:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name) if name in named:
            return written(named[name], named)
        case ast.JoinedStr(values=parts):
            texts = [_part(part, named) for part in parts]
            return None if None in texts else "".join(map(str, texts))
    return None


def _part(part: ast.expr, named: Mapping[str, ast.expr]) -> str | None:
    if isinstance(part, ast.Constant):
        return str(part.value)
    inner = part.value if isinstance(part, ast.FormattedValue) else part
    return None if isinstance(inner, ast.Name) and inner.id in named else "7"


def test_every_problem_that_a_citizen_can_meet_has_words() -> None:
    """A title and a sentence or more, for each code; and none for what there is not."""
    codes = {code for code, _ in refusals() if re.fullmatch("[a-z][a-z_]+", code)}
    assert codes - NOT_CITIZENS == WORDINGS.titles.keys()
    assert codes > NOT_CITIZENS
    assert all(WORDINGS.sentences.values())


def test_every_sentence_that_is_said_to_citizens_has_words() -> None:
    """As it stands in the code, with something filled in for what differs."""
    known = {(code, said) for code, said in refusals() if said and code in WORDINGS.titles}
    unsaid = {said for code, said in known if WORDINGS.detail(code, said) is None}
    assert len(known) > 40
    assert unsaid == OF_OFFICERS | PUT_TOGETHER


def test_every_answer_that_is_asked_for_is_said_in_indonesian() -> None:
    """Of each kind of question, by itself and after what was asked."""
    for kind in Asks:
        choices = ("LED", "lain") if kind is Asks.CHOICE else ()
        wants = Question(code="a", asks="Berapa?", kind=kind, choices=choices).wants
        said = WORDINGS.detail("wrong_answer", wants)
        assert str(said).startswith("Jawablah ")
        assert WORDINGS.detail("unanswered", f"Berapa? {wants}") == f"Berapa? {said}"


def test_every_sentence_of_a_field_is_said_in_indonesian() -> None:
    """Whatever is wrong with whichever field of whichever body of a citizen."""
    models: set[type[BaseModel]] = set()
    for body in BODIES:
        within(body, models)
    unsaid = set()
    for model in models:
        sent = [*WRONG, {"x": 1}, *({n: each} for n in model.model_fields for each in WRONG)]
        said = {plainly(error) for each in sent for error in errors_of(model, each)}
        unsaid |= {each for each in said if WORDINGS.field(each) is None}
    assert unsaid == set()
    assert WORDINGS.field(TOO_DEEP)
    assert WORDINGS.field(UNKNOWN)


def test_the_bodies_of_citizens_are_those_of_their_routes(app: FastAPI) -> None:
    """None is forgotten here."""
    bodies = {
        content["schema"]["$ref"].rpartition("/")[2]
        for methods in app.openapi()["paths"].values()
        for operation in methods.values()
        if operation["tags"] == ["citizen"]
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }
    assert bodies == {body.__name__ for body in BODIES}


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (
            "There is no area 9. Did you mean 91 (Papua) or 92 (Bali)? 8 (It) alone is taken, too.",
            "Maksud Anda 91 (Papua) atau 92 (Bali)? 8 (It) saja juga diterima.",
        ),
        ("There is no area 99. Look it up by its name.", "Carilah menurut namanya."),
        ("There is no area 99. Here it is 81.71 (Kota Ambon).", "Di sini 81.71 (Kota Ambon)."),
    ],
)
def test_what_is_put_together_is_said_as_a_whole(detail: str, said: str) -> None:
    """What is near, and what would be taken, stand in the Indonesian sentence as well."""
    assert str(WORDINGS.detail("unknown_area", detail)).endswith(said)


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    """In bytes, whatever script it has."""
    said = FactTooLong(1234)
    assert "1,234 byte" in str(WORDINGS.detail(said.code, said.detail))


@pytest.mark.parametrize(
    ("asked", "language"),
    [(None, "id"), ("id", "id"), ("in", "id"), ("*", "id"), ("en-GB,en;q=0.9", "en")],
)
async def test_a_citizen_is_told_in_the_language_asked_for(
    door: httpx.AsyncClient, asked: str | None, language: str
) -> None:
    """Indonesian where nothing is; the code, and the field, are the same for every language."""
    headers = {"accept-language": asked} if asked else {}
    answer = await door.post(COMPLAINTS, json={"title": "x", "area": "Ambon"}, headers=headers)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid")
    assert answer.headers["content-language"] == language
    assert "accept-language" in answer.headers["vary"]
    said = [problem["title"], *(each["detail"] for each in problem["errors"])]
    missing, area = (
        ("Bagian ini belum ada", "Kode wilayah")
        if language == "id"
        else (("This field is missing", "An area code"))
    )
    assert problem["title"] == ("Tidak sesuai" if language == "id" else "Invalid")
    assert {each["field"] for each in problem["errors"]} == {"text", "area"}
    assert any(each.startswith(missing) for each in said)
    assert any(each.startswith(area) for each in said)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", f"{COMPLAINTS}/PG-1", 422, "Ini bukan nomor laporan: "),
        ("PUT", COMPLAINTS, 405, "Alamat ini tidak menerima metode itu"),
        ("GET", "/api/v1/nowhere", 404, "Tidak ada apa pun di alamat ini."),
        ("POST", COMPLAINTS, 413, "Isi permintaan lebih besar daripada 65536 byte."),
    ],
)
async def test_also_what_no_route_says_is_said_in_indonesian(
    door: httpx.AsyncClient, method: str, path: str, status: int, said: str
) -> None:
    """A number that is none, a wrong address, a body that is too large."""
    body = b" " * 70_000 if status == 413 else b""
    answer = await door.request(method, path, content=body, headers={"Kentongan-PIN": "000000"})
    assert answer.status_code == status
    assert answer.json()["detail"].startswith(said)


async def test_officers_are_answered_as_before(door: httpx.AsyncClient) -> None:
    """In English: what clerks and operators are refused has no words here yet."""
    answer = await door.post("/api/v1/counter/complaints", json={})
    assert (answer.status_code, answer.json()["title"]) == (401, "Not signed in")
    assert "content-language" not in answer.headers
