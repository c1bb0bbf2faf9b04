"""What a category asks, and what counts as an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.api.asked import CategoriesOut
from services.intake.domain.categories import Categories
from services.intake.domain.complaint import Complaint, Complaints
from services.intake.domain.filing import Filing, file
from shared.contracts.vocabulary import Channel
from shared.runtime.document import Cause, Document, Refused, blank
from shared.runtime.given_files import read_file
from tests.architecture.house import ROOT
from tests.intake.doubles import NODE, UNDER, InMemoryComplaints, a_draft, an_intake

TRACE = "00-" + "1" * 32 + "-" + "2" * 16 + "-01"
QUESTIONS: list[dict[str, Any]] = [
    {"code": "lampu", "asks": "Berapa?", "kind": "number", "least": 1, "most": 9, "required": True},
    {"code": "sejak", "asks": "Sejak kapan?", "kind": "date"},
    {"code": "jenis", "asks": "Jenis apa?", "kind": "choice", "choices": ["LED", "lain"]},
    {"code": "gelap", "asks": "Gelap?", "kind": "yes_no"},
    {"code": "ciri", "asks": "Cirinya?", "longest": 5},
]
CATEGORIES = Categories.model_validate(
    {"categories": [{"code": "lampu", "name": "Lampu", "questions": QUESTIONS}]}
)


def filed(channel: Channel = Channel.WEB, **said: Any) -> Document[Complaint]:
    """File a report where the category asks."""
    complaints = Complaints(CATEGORIES)
    draft = a_draft(**({"category": "lampu"} | said))
    publisher = "sigap" if channel is Channel.PUBLISHER else None
    filing = Filing(draft, channel, "ref", publisher=publisher)
    return file(complaints, blank(complaints, "c-1"), filing, Cause("k"), NODE, UNDER, 0)


def test_what_was_answered_stands_in_the_fact_as_it_was_asked() -> None:
    """In the order of the questions, and each in one form."""
    answers = {"gelap": True, "lampu": 3, "sejak": "2026-03-01", "jenis": "LED", "ciri": "besi"}
    assert filed(answers=answers).facts[0]["data"]["answers"] == [
        {"question": "lampu", "asked": "Berapa?", "answer": "3"},
        {"question": "sejak", "asked": "Sejak kapan?", "answer": "2026-03-01"},
        {"question": "jenis", "asked": "Jenis apa?", "answer": "LED"},
        {"question": "gelap", "asked": "Gelap?", "answer": "ya"},
        {"question": "ciri", "asked": "Cirinya?", "answer": "besi"},
    ]


@pytest.mark.parametrize(
    ("answers", "code", "field", "hint"),
    [
        ({}, "unanswered", "answers.lampu", "from 1 to 9"),
        ({"lampu": 0}, "wrong_answer", "answers.lampu", "from 1 to 9"),
        ({"lampu": "3"}, "wrong_answer", "answers.lampu", "whole number"),
        ({"lampu": True}, "wrong_answer", "answers.lampu", "whole number"),
        ({"lampu": 1, "sejak": "kemarin"}, "wrong_answer", "answers.sejak", "2026-03-17"),
        ({"lampu": 1, "sejak": "2026-02-30"}, "wrong_answer", "answers.sejak", "2026-03-17"),
        ({"lampu": 1, "jenis": "lilin"}, "wrong_answer", "answers.jenis", "LED, lain"),
        ({"lampu": 1, "gelap": 1}, "wrong_answer", "answers.gelap", "true or false"),
        ({"lampu": 1, "ciri": "panjang"}, "wrong_answer", "answers.ciri", "5 characters"),
        ({"lampu": 1, "ciri": "a", "sejak": 5}, "wrong_answer", "answers.sejak", "2026-03-17"),
        ({"lampu": 1, "warna": "biru"}, "unknown_question", "answers.warna", "not ask"),
    ],
)
def test_a_wrong_answer_names_its_question(
    answers: dict[str, Any], code: str, field: str, hint: str
) -> None:
    """And says what would be an answer."""
    with pytest.raises(Refused, match=hint) as refused:
        filed(answers=answers)
    assert (refused.value.status, refused.value.code, refused.value.field) == (422, code, field)


@pytest.mark.parametrize("category", [None, "jalan"])
def test_a_category_without_questions_asks_nothing(category: str | None) -> None:
    """Also one that is not in the file, as publishers send them."""
    assert "answers" not in filed(category=category).facts[0]["data"]
    with pytest.raises(Refused):
        filed(category=category, answers={"lampu": 1})


def test_a_publishers_own_form_need_not_ask_what_we_ask() -> None:
    """What it answers must be right all the same."""
    assert "answers" not in filed(Channel.PUBLISHER).facts[0]["data"]
    with pytest.raises(Refused):
        filed(Channel.PUBLISHER, answers={"lampu": 0})


async def test_a_report_without_answers_is_the_same_as_before() -> None:
    """What was filed before there were questions is recognised when it is sent again."""
    kept = InMemoryComplaints()
    desk = an_intake(kept)
    said = desk.pins.fingerprint(
        b'{"reference":"SGP-1","kind":"complaint","title":"Jalan berlubang",'
        b'"text":"Jalan di depan pasar berlubang.","category":null,"area":"81.71.02",'
        b'"place":null,"occurred_on":null,"agency":null,"anonymous":false,"confidential":false,'
        b'"reporter":null}\0'
    )
    filed = await desk.submit(a_draft(), None, "key-0123456789abcdef", "t")
    assert kept.documents[filed.complaint].state.fingerprint == said


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "choice"},
        {"choices": ["a"]},
        {"kind": "number", "least": 2, "most": 1},
        {"code": "Lampu"},
        {"longest": 501},
        {"wants": "x"},
    ],
)
def test_a_wrong_file_is_refused_at_the_start(wrong: dict[str, Any]) -> None:
    """Rather than found by a reporter."""
    question = {"code": "lampu", "asks": "Berapa?", **wrong}
    with pytest.raises(ValidationError):
        Categories.model_validate(
            {"categories": [{"code": "lampu", "name": "Lampu", "questions": [question]}]}
        )


def test_of_a_text_it_is_shown_how_long_it_may_be() -> None:
    """And nothing of numbers."""
    (category,) = CategoriesOut.of(CATEGORIES).model_dump(exclude_unset=True)["categories"]
    shown = category["questions"][-1]
    assert (shown["asks_en"], shown["longest"]) == (None, 5)
    assert not shown.keys() & {"least", "most", "choices"}


def test_nothing_stands_in_the_file_twice() -> None:
    """Neither a category nor a question of one."""
    category = {"code": "lampu", "name": "Lampu", "questions": QUESTIONS}
    with pytest.raises(ValidationError, match="twice"):
        Categories.model_validate({"categories": [category, category]})
    twice = {**category, "questions": QUESTIONS[:1] * 2}
    with pytest.raises(ValidationError, match="twice"):
        Categories.model_validate({"categories": [twice]})


def test_the_sample_file_can_be_read() -> None:
    """The demo's city asks something."""
    sample = read_file(ROOT / "deploy" / "data" / "8171" / "categories.json", Categories)
    assert any(category.questions for category in sample.categories)


async def test_a_mistyped_category_is_told_with_the_nearest() -> None:
    """Known is what the file names and what some agency answers for; leaving it out is no mistake.

    Taken is also what was filed before, and asked for again once the register was heard.
    """
    routed: list[str] = []
    kept = InMemoryComplaints()
    desk = replace(an_intake(kept), complaints=Complaints(CATEGORIES), routed=lambda: routed)
    early = await desk.submit(a_draft(category="jaln"), None, "k" * 16, TRACE)
    routed += ["jalan", "sampah"]
    for category in ("jalan", "sampah", None):
        await desk.submit(a_draft(category=category), None, None, TRACE)
    assert await desk.submit(a_draft(category="jaln"), None, "k" * 16, TRACE) == early
    before = len(kept.documents)
    with pytest.raises(Refused, match=r"no category 'jaln' here\. Did you mean 'jalan'\?") as wrong:
        await desk.submit(a_draft(category="jaln"), None, "l" * 16, TRACE)
    said = (wrong.value.status, wrong.value.code, wrong.value.field)
    assert said == (422, "unknown_category", "category")
    assert len(kept.documents) == before


async def test_a_mistyped_agency_is_told_with_the_nearest() -> None:
    """Once the register was heard; a report that was filed before is answered as it was."""
    known: list[str] = []
    kept = InMemoryComplaints()
    desk = replace(an_intake(kept), agencies=lambda: known)
    early = await desk.submit(a_draft(agency="dinas-pupt"), None, "k" * 16, TRACE)
    known += ["dinas-pupr", "dinsos"]
    for agency in ("dinsos", None):
        await desk.submit(a_draft(agency=agency), None, None, TRACE)
    assert await desk.submit(a_draft(agency="dinas-pupt"), None, "k" * 16, TRACE) == early
    before = len(kept.documents)
    said = r"no agency 'dinas-pupt' here\. Did you mean 'dinas-pupr'\? Leave it out"
    with pytest.raises(Refused, match=said) as wrong:
        await desk.submit(a_draft(agency="dinas-pupt"), None, "l" * 16, TRACE)
    refused = (wrong.value.status, wrong.value.code, wrong.value.field)
    assert refused == (422, "unknown_agency", "agency")
    assert len(kept.documents) == before


def test_a_publishers_agency_is_taken_whatever_it_is() -> None:
    """Its people cannot be asked again; a coordinator sees it in the queue."""
    document = filed(Channel.PUBLISHER, agency="dinas-pupt")
    assert document.facts[0]["data"]["agency"] == "dinas-pupt"


def test_those_that_only_the_register_knows_are_listed_after_the_file() -> None:
    """So whoever builds a form offers nothing that would be refused."""
    listed = CATEGORIES.beside(lambda: ["sampah", "lampu", "jalan"])
    assert [each.code for each in listed.categories] == ["lampu", "jalan", "sampah"]
    assert listed.categories[0] == CATEGORIES.categories[0]


def test_a_publishers_category_is_taken_whatever_it_is() -> None:
    """Its people cannot be asked again; a coordinator sees it in the queue."""
    document = filed(Channel.PUBLISHER, category="potholes")
    assert document.facts[0]["data"]["category"] == "potholes"
