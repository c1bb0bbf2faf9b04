"""Citizens read what is wrong in Indonesian, or in English where they ask for that."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from services.intake.api.sent import AmendIn, ComplaintIn, RateIn, ReplyIn, WithdrawIn
from services.intake.app import create_app
from services.intake.areas import LokalCodes
from services.intake.domain.attachments import Attachment, Limits
from services.intake.domain.categories import (
    MOST_CHOICES,
    Asks,
    Categories,
    Category,
    Question,
)
from services.intake.domain.places import Places
from services.intake.domain.wanted import strange_agency
from services.intake.handlers.pins import ANOTHER_WAY, TooManyTries
from services.intake.wording.problems import WORDINGS
from shared.contracts.plainly import TOO_DEEP, UNKNOWN, plainly
from shared.runtime.document import FactTooLong, Refused
from shared.runtime.shapes import Newer
from shared.runtime.web.problems import LONGEST_DETAIL
from tests.architecture.house import modules, tree
from tests.contracts.test_plainly import BROKEN, WRONG, errors_of, within
from tests.intake.conftest import Place
from tests.intake.doubles import NOW
from tests.intake.reports import COMPLAINTS, a_body


def asking(kind: Asks) -> Question:
    """Build a question of a kind."""
    choices = ("LED", "lain") if kind is Asks.CHOICE else ()
    return Question(code="a", asks="Berapa?", kind=kind, choices=choices)


def throw(refusal: Refused | None) -> None:
    """Refuse with what was given."""
    assert refusal is not None
    raise refusal


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
OF_PUBLISHERS = "f'A complaint has {limits.most} files at most; with these it would have "
"""Begins what only a record is refused with, by a code that citizens meet as well."""
READ = Categories()
TAKEN = Limits()
FULL = [Attachment("a", "image/png", 1, "a", NOW)] * TAKEN.most
UNREAD: Mapping[tuple[str, str], tuple[Callable[[], object], ...]] = {
    ("newer_shape", "self._sentence"): (Newer(3, 2).refuse,),
    ("too_many_attachments", "sentence"): (
        lambda: TAKEN.room(FULL, 1),
        lambda: TAKEN.room((), 1, awaited=TAKEN.most),
    ),
    ("too_many_tries", "detail"): tuple(
        partial(throw, TooManyTries(seconds, way))
        for seconds in (5, 900)
        for way in ("", ANOTHER_WAY)
    ),
    ("unknown_area", "sentence"): tuple(
        partial(throw, Places(LokalCodes(), place).strange(area))
        for place, area in (("81.71", "81.71.99"), ("81.71", "1"), ("99", "1"))
    ),
    ("unknown_agency", "f'There is no agency {agency!r} here. {sentence}'"): tuple(
        partial(throw, strange_agency(agency, ["dinsos"])) for agency in ("dinso", "x")
    ),
    ("unknown_category", "f'There is no category {category!r} here. {sentence}'"): tuple(
        partial(throw, READ.strange(category, lambda: ("jalan",))) for category in ("jlan", "x")
    ),
    ("wrong_answer", "question.wants"): tuple(
        partial(throw, Refused(422, "wrong_answer", asking(kind).wants)) for kind in Asks
    ),
    ("wrong_type", "f'{found}: {taken}.'"): (
        lambda: TAKEN.kind_of(b""),
        lambda: TAKEN.kind_of(b"MZ"),
    ),
}
"""What is put together where it cannot be read: by code and source, what refuses so."""
LOOK = "GET /api/v1/areas of routing finds codes by name."
BODIES = (ComplaintIn, ReplyIn, AmendIn, RateIn, WithdrawIn)


class Found(NamedTuple):
    """A refusal: its code, its sentence as far as it can be read, and what stands there for it."""

    code: str
    said: str | None
    source: str


def refusals() -> Iterator[Found]:
    """Give whatever intake, or the runtime under it, refuses."""
    for path in modules("services", "shared"):
        if path.parts[:2] in {("services", "intake"), ("shared", "runtime")}:
            yield from refused_in(path)


def refused_in(path: Path) -> Iterator[Found]:
    """Give those of one module; what a status alone says stands there in tuples."""
    module = tree(path)
    if path.parts[-2:] == ("web", "problems.py"):
        for node in ast.walk(module):
            match node:
                case ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Constant() as phrase]):
                    yield Found(code, written(phrase, {}), ast.unparse(phrase))
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            named = {**_named(module.body), **_named(ast.walk(function))}
            for node in ast.walk(function):
                if isinstance(node, ast.Call):
                    yield from _refused_by(node, named, answers=path.name == "categories.py")


def _refused_by(call: ast.Call, named: Mapping[str, ast.expr], *, answers: bool) -> Iterator[Found]:
    match call.args:
        case [ast.Constant(value=int()), ast.Constant(value=str(code)), *rest]:
            said = rest[0] if rest else call
        case [_, ast.Constant(value=str(code)), said] if answers:  # its field is made of the first
            pass
        case _:
            return
    yield Found(code, written(said, named), ast.unparse(said))


def _named(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """Give what names stand for; one that stands for several things cannot be read."""
    found: dict[str, ast.expr] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = ast.Constant(...) if target.id in found else node.value
    return found


def written(said: ast.expr, named: Mapping[str, ast.expr]) -> str | None:
    """Fill a sentence in with a number, where it stands in one piece."""
    match said:
        case ast.Constant(value=str(text)):
            return text
        case ast.Constant(value=int(number)):
            return str(number)
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
    return written(inner, named) if isinstance(inner, ast.Name) and inner.id in named else "7"


def test_every_problem_that_a_citizen_can_meet_has_words() -> None:
    """A title and a sentence or more, for each code; and none for what there is not."""
    codes = {code for code, *_ in refusals() if re.fullmatch("[a-z][a-z_]+", code)}
    assert codes - NOT_CITIZENS == WORDINGS.titles.keys()
    assert codes > NOT_CITIZENS
    assert all(WORDINGS.sentences.values())


def test_every_sentence_that_is_said_to_citizens_has_words() -> None:
    """As it stands in the code, with something filled in for what differs."""
    known = {(code, said) for code, said, _ in refusals() if said and code in WORDINGS.titles}
    unsaid = {said for code, said in known if WORDINGS.detail(code, said) is None}
    assert len(known) > 40
    assert unsaid == OF_OFFICERS | PUT_TOGETHER


def test_no_sentence_is_left_out_because_it_cannot_be_read() -> None:
    """Whatever a citizen can be told is read in the code above, or is refused with below."""
    unread = {
        (code, source)
        for code, said, source in refusals()
        if said is None and code in WORDINGS.titles and not source.startswith(OF_PUBLISHERS)
    }
    assert unread == UNREAD.keys()


@pytest.mark.parametrize(("code", "source"), UNREAD)
def test_every_sentence_that_is_put_together_has_words(code: str, source: str) -> None:
    """As it is refused with, whichever way it comes out."""
    for refuses in UNREAD[code, source]:
        with pytest.raises(Refused) as refusal:
            refuses()
        assert refusal.value.code == code
        assert WORDINGS.detail(code, refusal.value.detail) is not None, refusal.value.detail


def test_every_answer_that_is_asked_for_is_said_in_indonesian() -> None:
    """Of each kind of question, by itself and after what was asked."""
    for kind in Asks:
        wants = asking(kind).wants
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


@pytest.mark.parametrize("raw", BROKEN)
@pytest.mark.parametrize("path", [COMPLAINTS, f"{COMPLAINTS}/8171-7K3M-9QXT-2/pin"])
async def test_json_that_cannot_be_read_is_said_in_indonesian(
    door: httpx.AsyncClient, path: str, raw: bytes
) -> None:
    """Nothing of what the parser says, whichever of the two that a route has."""
    kind = {"content-type": "application/json"}
    answer = await door.post(path, content=raw or b" ", headers=kind)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (400, "unreadable_json")
    (wrong,) = problem["errors"]
    assert wrong["detail"].startswith("Ini bukan JSON yang dapat dibaca: ")
    assert ("Lihat baris " in wrong["detail"]) == (path == COMPLAINTS)
    assert not re.search("while|expected|invalid|trailing|column", wrong["detail"])


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
        (f"There is no area 9. {LOOK}", "wilayah 9. Kode dapat dicari menurut nama dengan GET "),
        (f"There is no area 9. Here it is 8 (It). {LOOK}", "Di sini 8 (It). Kode dapat dicari "),
    ],
)
def test_what_is_put_together_is_said_as_a_whole(detail: str, said: str) -> None:
    """What is near, and what would be taken, stand in the Indonesian sentence as well."""
    assert said in str(WORDINGS.detail("unknown_area", detail))


@pytest.fixture
async def choosing(place: Place, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an intake that asks for one of very many, whose names are long."""
    choices = tuple(f"pilihan nomor {each} dari daftar" for each in range(MOST_CHOICES))
    lamps = Question(code="lampu", asks="Lampu yang mana?", kind=Asks.CHOICE, choices=choices)
    known = Categories(categories=(Category(code="lampu", name="Lampu", questions=(lamps,)),))
    file = tmp_path / "categories.json"
    file.write_text(known.model_dump_json())
    app = create_app(place.settings.model_copy(update={"categories_file": file}))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://intake") as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("language", "begins"), [("id", "Jawablah dengan salah"), ("en", "Answer with one")]
)
async def test_a_long_sentence_is_cut_only_when_it_is_said(
    choosing: httpx.AsyncClient, language: str, begins: str
) -> None:
    """What is longer than a problem may be is said in the language asked for all the same."""
    said = a_body(category="lampu", answers={"lampu": "itu"})
    answer = await choosing.post(COMPLAINTS, json=said, headers={"Accept-Language": language})
    problem = answer.json()
    for detail in (problem["detail"], problem["errors"][0]["detail"]):
        assert detail.startswith(begins)
        assert len(detail) == LONGEST_DETAIL
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_thousands_are_parted_as_in_indonesian() -> None:
    """Five thousand with a comma reads as five."""
    said = WORDINGS.field("Write 1 to 5,000 characters, none of them a control character.")
    assert said == "Tulislah 1 sampai 5.000 karakter, tanpa karakter kendali."


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    """In bytes, whatever script it has."""
    said = FactTooLong(1234)
    assert "1.234 byte" in str(WORDINGS.detail(said.code, said.detail))


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
