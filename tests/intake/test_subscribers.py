"""What intake makes of publishers' records, good, wrong and hostile."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.handlers import derive_for
from services.intake.subscribers.records import LONGEST_RECORD, read
from shared.contracts.envelope import Unreadable
from shared.contracts.publishing import Receipt
from shared.runtime.document import Circumstances
from shared.runtime.ports import Record
from shared.runtime.sealing import PublicKey, make_pair, seal
from tests.intake.doubles import (
    HEADERS,
    NODE,
    NOW,
    PUBLISHER,
    SUBMISSIONS,
    a_record,
    a_submission,
    asked,
    judged,
    taken,
)

STRUCTURED = (("content-type", b"application/cloudevents+json; charset=UTF-8"),)
DERIVE = derive_for(NODE, [PUBLISHER])


def an_event(**said: Any) -> dict[str, Any]:
    """Build an event in structured mode."""
    return {
        "specversion": "1.0",
        "id": "r-1",
        "type": "complaint.submitted.v1",
        "source": "/publisher/sigap",
        "data": a_submission(),
        **said,
    }


def headers(**said: bytes | None) -> list[tuple[str, bytes | None]]:
    """Give the usual headers with some others; None leaves one out."""
    changed = {**dict(HEADERS), **{name.replace("__", "-"): text for name, text in said.items()}}
    return [(name, text) for name, text in changed.items() if text is not None]


def receipt(record: Record) -> tuple[Receipt, str]:
    """Give the receipt a record gets, and its key."""
    found = [each for each in DERIVE(taken(record)) if each.topic.endswith("receipts.v1")]
    assert len(found) == 1
    return Receipt.model_validate_json(found[0].body() or b""), found[0].key


def test_a_good_record_becomes_a_complaint() -> None:
    """It is accepted under the publisher's name for it, with a number; told on its topics."""
    answer, key = receipt(a_record())
    assert (answer.outcome, answer.record, answer.reference) == ("accepted", "r-1", "SGP-1")
    assert (answer.complaint, key) == (taken(a_record()).id, "SGP-1")
    topics = [each.topic for each in DERIVE(taken(a_record()))]
    assert topics == [SUBMISSIONS.replace("submissions", each) for each in ("receipts", "progress")]


@pytest.mark.parametrize(
    "event",
    [
        an_event(),
        an_event(data=None, data_base64=base64.b64encode(orjson.dumps(a_submission())).decode()),
    ],
)
def test_structured_mode_says_the_same(event: dict[str, Any]) -> None:
    """The same event in the other mode is the same complaint with the same receipt."""
    assert receipt(a_record(event, headers=STRUCTURED)) == receipt(a_record())


def test_the_same_record_gets_the_same_receipt_again() -> None:
    """Also months later, from another place of the log, and with another body."""
    document = taken(a_record())
    again = taken(a_record(a_submission(title="Lain"), offset=9), document)
    assert again is document
    assert asked(a_record()).complaint == document.id


def test_an_unnamed_record_is_known_by_what_it_says() -> None:
    """Without ``ce_id`` the same bytes get the same receipt, other bytes another."""
    first, second = (a_record(headers=headers(ce_id=None), offset=n) for n in (1, 2))
    assert receipt(first) == receipt(second)
    other = a_record(a_submission(title="Lain"), headers=headers(ce_id=None))
    assert receipt(first)[0].id != receipt(other)[0].id
    assert receipt(first)[0].record is None


WHOLE = orjson.dumps(a_submission())


def whole(**said: bytes) -> bytes:
    """Write a submission with further fields as bytes that no writer of JSON would give."""
    return (
        b",".join((WHOLE[:-1], *(b'"%s":%s' % (name.encode(), said[name]) for name in said))) + b"}"
    )


def an_act(kind: str, **said: Any) -> Record:
    """Build a record about a complaint."""
    body = {"submission": "r-0", "reference": "SGP-1", **said}
    return a_record(body, headers=headers(ce_type=kind.encode()))


def naming(count: int = 1, **said: Any) -> Record:
    """Build a submission that names files."""
    usual = {"url": "https://a.example/1", "sha256": "0" * 64, "media_type": "image/png", "size": 9}
    return a_record(a_submission(attachments=[{**usual, **said}] * count))


def naming_later(kind: str, count: int = 1, **said: Any) -> Record:
    """Build an amendment or a reply that names files."""
    body = {"submission": "r-0", "reference": "SGP-1", "text": "Ini fotonya."}
    files = orjson.loads(naming(count, **said).value or b"")["attachments"]
    named = headers(ce_type=f"submission.{kind}.v1".encode())
    return a_record({**body, "attachments": files}, headers=named)


WRONG: dict[str, tuple[Record, str]] = {
    **{
        f"file at {url}": (naming(url=url), "attachments.0.url: A file's address is")
        for url in (
            "http://a.example/1",
            "https://a.example",
            "https://user:secret@a.example/1",
            "https://a.example:443@b.example/",
            "https://a.example\\@b.example/1",
            "https://[::1]/1",
            "https://a.example/1#part",
            "https://a.example/a b",
            "https://a.example/1\n",
            "https://a.example/" + "x" * 1001,
            "//a.example/1",
        )
    },
    "six files": (naming(6), "attachments: "),
    "no digest": (naming(sha256="0" * 63), "attachments.0.sha256: A digest"),
    "empty file": (naming(size=0), "attachments.0.size: "),
    "endless file": (naming(size=2**40), "attachments.0.size: "),
    "file of no type": (naming(media_type="picture"), "attachments.0.media_type: A media type"),
    "file of no address": (naming(url=None), "attachments.0.url: "),
    "reply with six files": (naming_later("replied", 6), "attachments: "),
    "amendment with a file of no address": (
        naming_later("amended", url="http://a.example/1"),
        "attachments.0.url: A file's address is",
    ),
    "no area": (a_record({"reference": "SGP-1"}), "area: This field is missing"),
    "wrong area": (a_record(a_submission(area="Ambon")), "area: An area code"),
    "no JSON": (a_record(b"{"), "the body is no readable JSON"),
    "not UTF-8": (a_record(b'{"title":"\xff"}'), "the body is no readable JSON"),
    "half a character": (a_record(whole(place=rb'"\ud800"')), "the body is no readable JSON"),
    "no object": (a_record(b"[1]"), "data: "),
    "null": (a_record(b"null"), "data: "),
    "deep": (a_record(whole(x=b"[" * 255 + b"]" * 255)), "data: it is nested too deeply"),
    "a little too deep": (a_record(whole(x=b"[" * 201 + b"]" * 201)), "data: This is nested too"),
    "bottomless": (a_record(b"[" * 60_000), "the body is no readable JSON"),
    "huge": (a_record(b" " * (LONGEST_RECORD + 1)), f"the record has more than {LONGEST_RECORD}"),
    "empty": (Record(SUBMISSIONS, 0, 0, b"SGP-1", HEADERS, None), "the record has no body"),
    "controls": (a_record(a_submission(title="a\x00b")), "title: Write 1 to 200"),
    "endless": (a_record(a_submission(text="x" * 5001)), "text: Write 1 to 5,000"),
    "wide": (a_record(a_submission(text="ꦗ" * 4000)), "text: Shorten the text"),
    "tomorrow": (a_record(a_submission(occurred_on="2026-03-03")), "occurred_on: What happened"),
    "no day": (a_record(a_submission(occurred_on="kemarin")), "occurred_on: "),
    "no such day": (a_record(a_submission(occurred_on="2026-13-45")), "occurred_on: "),
    "no number": (a_record(whole(x=b"NaN")), "the body is no readable JSON"),
    "endless number": (a_record(whole(x=b"1e999")), "the body is no readable JSON"),
    "blank title": (a_record(a_submission(title=" ")), "title: Write 1 to 200"),
    "blank text": (a_record(a_submission(text="\n")), "text: Write 1 to 5,000"),
    "blank place": (a_record(a_submission(place="\u00a0")), "place: Write 1 to 200"),
    "blank answer": (a_record(a_submission(answers={"a": " "})), "answers.a: Answer with"),
    "broken answer": (a_record(a_submission(answers={"a": 1.0})), "answers.a: Answer with"),
    "misnamed question": (a_record(a_submission(answers={"A": 1})), "answers.A"),
    "blank reply": (an_act("submission.replied.v1", text=" "), "text: Write 1 to 5,000"),
    "blank reason": (an_act("submission.withdrawn.v1", reason=" "), "reason: Write 1 to 200"),
    "reference on two lines": (a_record(a_submission(reference="SGP-1\n")), "reference: "),
    "category on two lines": (a_record(a_submission(category="jalan\n")), "category: "),
    "submission on two lines": (
        an_act("submission.replied.v1", submission="r-0\n", text="Ya."),
        "submission: ",
    ),
    "itself": (
        an_act("submission.replied.v1", submission="r-1", text="Ya."),
        "submission: the record names itself",
    ),
    "clear reporter": (a_record(a_submission(reporter={"name": "Tini"})), "reporter: This must be"),
    "unsealed reporter": (a_record(a_submission(reporter="Tini")), "reporter: it is no JWE"),
    "another seal": (
        a_record(a_submission(reporter="eyJhbGciOiJkaXIifQ..AA.AA.AA")),
        "reporter: it must be sealed by",
    ),
    "no version": (a_record(headers=headers(ce_specversion=None)), "specversion: this is no"),
    "capital headers": (
        a_record(headers=[(name.upper(), text) for name, text in HEADERS]),
        "specversion: this is no",
    ),
    "no envelope": (a_record(headers=()), "specversion: this is no"),
    "another type": (a_record(headers=headers(ce_type=b"complaint.amended.v1")), "type: only"),
    "no source": (a_record(headers=headers(ce_source=None)), "source: it is missing"),
    "no id": (a_record(headers=headers(ce_id=None)), "id: 1 to 128"),
    "empty id": (a_record(headers=headers(ce_id=b"")), "id: 1 to 128"),
    "endless id": (a_record(headers=headers(ce_id=b"x" * 5000)), "id: 1 to 128"),
    "broken id": (a_record(headers=headers(ce_id=b"\xff\xfe")), "id: 1 to 128"),
    "control id": (a_record(headers=headers(ce_id=b"a\nb")), "id: 1 to 128"),
    "claimed digest": (a_record(headers=headers(ce_id=b"unnamed:0")), "id: 1 to 128"),
    "xml": (a_record(headers=headers(content__type=b"text/xml")), "content-type: "),
    "batch": (
        a_record(headers=headers(content__type=b"application/cloudevents-batch+json")),
        "content-type: ",
    ),
    "structured list": (a_record(b"[]", headers=STRUCTURED), "the event is no JSON object"),
    "no data": (a_record(an_event(data=None), headers=STRUCTURED), "data: "),
    "no base64": (a_record(an_event(data_base64="?"), headers=STRUCTURED), "data_base64: "),
    "numbered base64": (a_record(an_event(data_base64=1), headers=STRUCTURED), "data_base64: "),
    "numbered id": (a_record(an_event(id=1), headers=STRUCTURED), "id: 1 to 128"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_record_is_rejected_in_words(case: str) -> None:
    """Its publisher hears what is wrong, under its own reference; nothing of the body is echoed."""
    record, words = WRONG[case]
    answer, key = receipt(record)
    assert (answer.outcome, answer.reference, key) == ("rejected", "SGP-1", "SGP-1")
    assert answer.complaint is None
    assert any(error.startswith(words) for error in answer.errors), answer.errors
    assert "Tini" not in str(answer)
    assert taken(record).state.refusal == answer.errors


def test_a_refusal_is_for_ever() -> None:
    """What was in the future once is refused in the same words when the day has come."""
    ask = asked(a_record(a_submission(occurred_on="2026-03-03")))
    document = judged(ask.judge, complaint=ask.complaint)
    later = Circumstances(NOW.replace(day=9))
    assert judged(ask.judge, document, complaint=ask.complaint, under=later) is document


@pytest.mark.parametrize(
    ("record", "reference"),
    [
        (a_record({"reference": "BODY"}, key=b"KEY"), "BODY"),
        (a_record({"reference": 7}, key=b"KEY"), "KEY"),
        (a_record(b"{", key=b"\xff"), "r-1"),
        (a_record(b"{", key=None), "r-1"),
        (a_record({"reference": "with space"}, key=b"", headers=()), None),
        (a_record(b"{", key=None, headers=()), None),
        (a_record(b"{", key=b"x" * 129, headers=headers(ce_id=b"a b")), None),
        (
            a_record(
                {"submission": "r-0"},
                key=None,
                headers=headers(ce_type=b"submission.withdrawn.v1", ce_id=b"a b"),
            ),
            None,
        ),
    ],
)
def test_a_reference_is_looked_for(record: Record, reference: str | None) -> None:
    """In the body, then in the key, then in the id; where there is none, the record is passed."""
    assert read(record).reference == reference
    if reference is None:
        with pytest.raises(Unreadable, match=r"no receipt can be sent: .*reference: "):
            asked(record)
    else:
        assert receipt(record)[1] == reference


def test_a_sealed_reporter_travels_on_as_it_is(tmp_path: Path) -> None:
    """Intake cannot open it and need not: it goes to ``contacts`` under the same seal."""
    key = PublicKey.model_validate_json(make_pair(tmp_path)[0].read_bytes())
    sealed = seal(b'{"email":"a@b.id"}', key)
    document = taken(a_record(a_submission(reporter=sealed)))
    (contact,) = (each for each in DERIVE(document) if each.topic.endswith("contacts.v1"))
    assert orjson.loads(contact.body() or b"")["facts"][0]["data"] == {"sealed": sealed}


def test_a_trace_is_taken_over() -> None:
    """A valid traceparent stands in the fact, another is left out."""
    trace = f"00-{'1' * 32}-{'2' * 16}-01"
    record = a_record(headers=headers(ce_traceparent=trace.encode()))
    assert taken(record).facts[0]["trace"] == trace
    assert taken(a_record(headers=headers(ce_traceparent=b"x"))).facts[0]["trace"] is None


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=9,
    ).map(orjson.dumps),
    st.lists(
        st.tuples(
            st.sampled_from([name for name, _ in HEADERS]) | st.text(max_size=9),
            st.none() | st.binary(max_size=40) | st.sampled_from([said for _, said in HEADERS]),
        ),
        max_size=8,
    ),
    st.none() | st.binary(max_size=20),
)
def test_reading_is_total(
    value: bytes, given_headers: list[tuple[str, bytes | None]], key: bytes | None
) -> None:
    """Whatever comes is a draft or is refused in words; nothing is raised."""
    submitted = read(Record(SUBMISSIONS, 0, 0, key, given_headers, value))
    assert (submitted.draft is None) == bool(submitted.errors)
