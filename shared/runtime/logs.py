"""Structured logs: one JSON object a line, without personal data and without secrets.

An event is named in snake_case, past tense: ``log.info("batch_heard", topic=…, records=…)``.
Loggers of structlog and of the standard library, ours and those of libraries, end in the same
lines; what a library says in a sentence stands in ``detail`` of ``library_spoke``.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, BinaryIO

import orjson
import structlog
from pydantic import ValidationError
from structlog.typing import EventDict, Processor, WrappedLogger

from shared.runtime.masking import masked, masked_text, plain

MOST_FRAMES, MOST_CAUSES = 20, 3
LIBRARIES = (
    "aiokafka",
    "asyncio",
    "faststream",
    "httpcore",
    "httpx",
    "mail",  # aiosmtpd
    "motor",
    "pymongo",
    "uvicorn",
)
"""They say only what is a warning or worse."""
_EVENT = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


def configure_logs(
    *, service: str, node: str, level: str = "INFO", stream: BinaryIO | None = None
) -> None:
    """Send what is logged in this process to one stream, standard output by default."""
    out = stream or sys.stdout.buffer
    lowest = logging.getLevelNamesMapping()[level]
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        *_line(service, node),
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.BytesLoggerFactory(out),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Handler(out, _line(service, node))]
    root.setLevel(lowest)
    for name in LIBRARIES:
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(max(lowest, logging.WARNING))


def _line(service: str, node: str) -> list[Processor]:
    """Give the steps from an event to its line."""

    def place(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        return {"at": now, "service": service, "node": node, **event}

    return [place, _mask, _explain, _render]


def _mask(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    clean = masked(event)
    return clean | {"exc_info": error} if error else clean


def _explain(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put an exception into words: its kind, its text, its places; never its locals."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = _error(error)
    return event


def _render(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    return orjson.dumps(event)


def _error(error: BaseException, depth: int = 0) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    told: dict[str, Any] = {
        "type": type(error).__name__,
        "reason": _said(error),
        "where": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and depth < MOST_CAUSES:
        told["because"] = _error(cause, depth + 1)
    return told


def _said(error: BaseException) -> str:
    """Give an exception's text; pydantic's repeats what was sent, so only its places."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False, include_context=False)[:10]
        places = [f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in found]
        return masked_text("; ".join(places))
    return masked_text(plain(error))


def _short(filename: str) -> str:
    return "/".join(PurePath(filename).parts[-3:])


class _Handler(logging.Handler):
    """Writes records of the standard library as lines."""

    def __init__(self, out: BinaryIO, line: list[Processor]) -> None:
        super().__init__()
        self._out, self._line = out, line

    def emit(self, record: logging.LogRecord) -> None:
        try:
            event: Any = _event(record)
            for step in self._line:
                event = step(None, record.levelname.lower(), event)
            self._out.write(event + b"\n")
            self._out.flush()
        except Exception:  # noqa: BLE001 - as logging does: never fail whoever logs
            self.handleError(record)


def _event(record: logging.LogRecord) -> EventDict:
    fields: dict[str, Any] = {
        key: value for key, value in vars(record).items() if key not in _RECORD
    }
    fields |= {"logger": record.name, "level": record.levelname.lower()}
    if record.exc_info:
        fields["exc_info"] = record.exc_info
    if not record.args and isinstance(record.msg, str) and _EVENT.fullmatch(record.msg):
        return {"event": record.msg, **structlog.contextvars.get_contextvars(), **fields}
    try:
        detail = record.getMessage()
    except (TypeError, ValueError, KeyError):
        detail = plain(record.msg)  # its arguments do not fit
    return {"event": "library_spoke", "detail": detail, **fields}
