"""Metrics' page for everybody: complaints moving through the five services, live."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.metrics.handlers import Board, Boards
from services.metrics.pages.categories import Categories
from services.metrics.pages.words import WORDS
from shared.contracts.register import AgencyEdition
from shared.runtime.ports import Away
from shared.ui import LANGUAGES, Live, Site, Speech, event

__all__ = ["Categories", "Pages"]

PARTS = ("day", "lane", "feed", "agencies", "agencies-all", "hours", "hours-rows")
"""What moves, each a template and the id of an element."""
SERVICES: Mapping[str, tuple[str, str]] = {
    "intake": ("complaints", "received"),
    "routing": ("dispositions", "routed"),
    "followup": ("cases", "answered"),
    "notification": ("notices", "notified"),
    "metrics": ("", "counted"),
}
"""By service, the stream it is heard on and the measure shown first."""


class Pages:
    """The live page, and the stream that moves it."""

    def __init__(
        self,
        boards: Boards,
        agencies: Mapping[str, AgencyEdition],
        categories: Categories,
        zone: ZoneInfo,
        place: str,
    ) -> None:
        """Show what is on the boards, with agencies by the names that the register tells."""
        self._boards, self._agencies, self._categories = boards, agencies, categories
        self.site = Site.of(Path(__file__).parent / "templates", WORDS, zone, place)
        self._live = {
            language: Live(partial(self._parts, speech), _swap)
            for language, speech in self.site.speeches.items()
        }

    def close(self) -> None:
        """End the streams."""
        for live in self._live.values():
            live.close()

    def routes(self) -> APIRouter:
        """Build the routes."""
        router = APIRouter(include_in_schema=False)

        @router.get("/")
        async def show(request: Request) -> Response:
            try:
                board = await self._boards.live()
            except Away:
                return self.site.page(request, "away.html", {}, 503)
            values = self._values(board, self.site.speech(request))
            return self.site.page(request, "live.html", values)

        @router.get("/stream")
        async def stream(lang: str = LANGUAGES[0]) -> Response:
            return self._live.get(lang, self._live[LANGUAGES[0]]).response()

        return router

    async def _parts(self, speech: Speech) -> dict[str, str]:
        values = self._values(await self._boards.live(), speech)
        return {part: self.site.render(f"{part}.html", speech, values) for part in PARTS}

    def _values(self, board: Board, speech: Speech) -> dict[str, object]:
        return {
            **_values(board, speech),
            "agency_named": self._agency_named,
            "category_named": lambda code: (
                self._categories.named(code, speech.language) or _named(code)
            ),
        }

    def _agency_named(self, code: str) -> str:
        """Name an agency as the register does; its code while that says nothing of it."""
        edition = self._agencies.get(code)
        return edition.name if edition else _named(code)


def _swap(parts: Mapping[str, Any], _first: bool) -> bytes:  # noqa: FBT001
    # Rows of a table can stand in a template of their own, not behind something else.
    return event("swap", "\n".join(f"<template>{part}</template>" for part in parts.values()))


def _values(board: Board, speech: Speech) -> dict[str, object]:
    busiest = max(range(24), key=lambda hour: board.hours[hour])
    counts = {**board.counts, "counted": sum(board.counts.values())}

    def total(measure: str) -> str:
        if measure in board.hidden:
            return speech("agencies.hidden")
        return speech.number(counts.get(measure, 0))

    return {
        "board": board,
        "services": SERVICES,
        "counts": counts,
        "total": total,
        "agencies": [each for each in board.agencies if each.hidden or any(each.counts.values())],
        "hours": [f"{hour:02}" for hour in range(24)],
        "hours_title": speech(
            "hours.chart",
            total=speech.number(sum(board.hours)),
            most=speech.number(board.hours[busiest]),
            hour=f"{busiest:02}",
        ),
        "as_of": lambda stream: _as_of(board.views.get(stream), speech),
    }


def _as_of(through: datetime | None, speech: Speech) -> str:
    if through is None:
        return speech("asof.unknown")
    local = through.astimezone(speech.zone)
    return speech("asof", time=speech.clock(local), zone=speech.zone_name)


def _named(code: str) -> str:
    """Make a code readable where no name is known."""
    return code.replace("-", " ").capitalize()
