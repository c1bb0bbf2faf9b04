"""Logs: lines of JSON, without people and without secrets."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.runtime import logs
from shared.runtime.logs import LIBRARIES, configure_logs
from shared.runtime.masking import LONGEST_TEXT, MASK, masked, masked_text, personal

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Configure logs into memory, give what was written, and put everything back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    kept = {name: logging.getLogger(name).level for name in LIBRARIES}
    out = io.BytesIO()
    configure_logs(service="intake", node="8171", level="INFO", stream=out)
    structlog.configure(cache_logger_on_first_use=False)
    yield lambda: [orjson.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in kept.items():
        logging.getLogger(name).setLevel(before)


def test_line(lines: Lines) -> None:
    """An event is one line of JSON with its time, service, node and level."""
    structlog.get_logger().info("batch_heard", topic="kentongan.8171.cases.v1", records=3, ms=1.5)
    structlog.get_logger().debug("detail_noted")
    (line,) = lines()
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "event": "batch_heard",
        "service": "intake",
        "node": "8171",
        "level": "info",
        "topic": "kentongan.8171.cases.v1",
        "records": 3,
        "ms": 1.5,
    }


@pytest.mark.parametrize(
    "field",
    [
        "name", "email", "phone", "nik", "text", "title", "address", "authorization", "pin",
        "token",
        "reporter_name", "REPORTER-EMAIL", "reporterPhone", "access_token", "password", "cookie",
        "contact", "body", "nama", "alamat", "isi",
    ],
)  # fmt: skip
def test_personal_fields(lines: Lines, field: str) -> None:
    """A field that is a person's is masked at any depth, whatever is in it."""
    log = structlog.get_logger()
    log.info("stroke_heard", **{field: "Budi"})
    log.info("stroke_heard", deep=[{"more": ({field: {"inner": ["Budi"]}},)}])
    log.info("stroke_heard", **{field: 81710123})
    assert b"Budi" not in orjson.dumps(lines())
    assert b"81710123" not in orjson.dumps(lines())
    assert lines()[1]["deep"] == [{"more": [{field: MASK}]}]


@pytest.mark.parametrize(
    "field", ["event", "topic", "partition", "complaint_id", "reason", "status", "hostname"]
)
def test_plain_fields(field: str) -> None:
    """A field that tells what happened is kept."""
    assert not personal(field)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("connect mongodb://kentongan:s3cr3t@store:27017/intake failed", "s3cr3t"),
        ("connect kafka://u:p@ss@broker", "p@ss"),
        ("redis://:s3cr3t@cache", "s3cr3t"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
        ("GET /track?number=8171&pin=123456 200", "123456"),
        ("client_secret=very-secret&x=1", "very-secret"),
        ("token eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln wrong", "eyJzdWIiOiJ4In0"),
        ("from budi.santoso@example.org", "budi.santoso"),
        ("call 0812-3456-7890 now", "3456"),
        ("call +62 812 3456 7890 now", "3456"),
        ("NIK 8171012345678901", "8171012345678901"),
    ],
)
def test_secrets_in_texts(lines: Lines, said: str, secret: str) -> None:
    """Passwords, tokens and what tells a person are masked also within a text."""
    structlog.get_logger().info("thing_said", reason=said)
    structlog.get_logger().info(said)
    logging.getLogger("aiokafka.client").error("it said %s", said)
    assert len(lines()) == 3
    assert secret.encode() not in orjson.dumps(lines())


@pytest.mark.parametrize(
    "said",
    [
        "kentongan.8171.complaints.v1",
        "01931d2c-7f3a-7abc-8def-0123456789ab",
        "8171-7K3M-9QXT-2",
        "2026-11-21T22:02:00.123456+00:00",
        "offset 17320000000000 of partition 3",
        "http://127.0.0.1:8000/api/v1/complaints",
    ],
)
def test_kept_texts(said: str) -> None:
    """What tells where something happened is not taken for a secret."""
    assert masked_text(said) == said


def test_bounded(lines: Lines) -> None:
    """Long texts, long lists and deep nesting are cut; bytes are only counted."""
    deep: Any = "end"
    for _ in range(30):
        deep = [deep]
    structlog.get_logger().info(
        "much_logged", a="x" * 100_000, b=list(range(1000)), c=deep, d=b"raw", e={"k" * 500: 1}
    )
    (line,) = lines()
    assert len(line["a"]) < LONGEST_TEXT + 20
    assert line["a"].endswith(f"(+{100_000 - LONGEST_TEXT})")
    assert len(line["b"]) == 50
    assert "end" not in str(line["c"])
    assert line["d"] == "3 bytes"
    assert len(next(iter(line["e"]))) == 80


def test_exception(lines: Lines) -> None:
    """An exception tells its kind, text, places and cause, and nothing of its locals."""

    def fail() -> None:
        hidden = "Budi"
        try:
            int(f"{hidden}!"[:0])
        except ValueError as error:
            raise RuntimeError("cannot reach mongodb://u:s3cr3t@h") from error

    try:
        fail()
    except RuntimeError:
        structlog.get_logger().exception("request_failed")
        logging.getLogger("shared.sample").exception("task_failed", extra={"task": "relay"})
    for line in lines():
        error = line["error"]
        assert error["type"] == "RuntimeError"
        assert error["reason"] == "cannot reach mongodb://u:***@h"
        assert error["where"][-1].endswith(" fail")
        assert error["because"]["type"] == "ValueError"
        assert "Budi" not in str(line)
    assert [line["event"] for line in lines()] == ["request_failed", "task_failed"]


def test_validation_error(lines: Lines) -> None:
    """What pydantic found wrong is told by place and kind, without what was sent."""

    class Sent(BaseModel):
        count: int

    try:
        Sent.model_validate({"count": "Budi"})
    except ValidationError:
        structlog.get_logger().exception("record_refused")
    (line,) = lines()
    assert line["error"]["reason"] == "count: int_parsing"


def test_libraries(lines: Lines) -> None:
    """What libraries say comes in the same lines, and only from a warning on."""
    logging.getLogger("aiokafka.consumer").warning("Heartbeat failed for group %s", "g")
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "x"})
    logging.getLogger("mail.log").info("('127.0.0.1', 40000) >> b'QUIT'")
    logging.getLogger("shared.runtime.process").info("bus_joined", extra={"incarnation": "a1"})
    first, second = lines()
    assert first["event"] == "library_spoke"
    assert first["detail"] == "Heartbeat failed for group g"
    assert first["logger"] == "aiokafka.consumer"
    assert (second["event"], second["incarnation"]) == ("bus_joined", "a1")
    assert "color_message" not in second
    assert second["service"] == "intake"


def test_context(lines: Lines) -> None:
    """What is bound to a context stands in the lines of both kinds of loggers."""
    with structlog.contextvars.bound_contextvars(complaint_id="c1"):
        structlog.get_logger().info("complaint_routed")
        logging.getLogger("shared.sample").info("complaint_told")
    assert [line["complaint_id"] for line in lines()] == ["c1", "c1"]


class Mute:
    """Something without a text."""

    def __str__(self) -> str:
        raise RuntimeError("mute")


def test_unwritable(lines: Lines) -> None:
    """What cannot be written as JSON does not stop whoever logs."""
    structlog.get_logger().info("thing_said", a=Mute(), b=2**80, c="\ud800", d=float("nan"), e={1})
    ours = next(one for one in logging.getLogger().handlers if one.__module__ == logs.__name__)
    ours.handle(logging.makeLogRecord({"msg": "%s %s", "args": ("one too few",)}))
    assert lines()[1]["detail"] == "%s %s"
    assert lines()[0]["b"] == str(2**80)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_anything_masked(event: dict[str, Any]) -> None:
    """Whatever is logged can be written."""
    assert orjson.loads(orjson.dumps(masked(event))) is not None
