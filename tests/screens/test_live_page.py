"""The live page, as people see it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.desk import Clock
from tests.metrics.doubles import AMBON, Room
from tests.screens.browser import Served, open_browser, playwright

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AGENCIES = ("dinas-pekerjaan-umum", "dinas-kesehatan", "dinas-lingkungan-hidup")
WIDTHS = (320, 1280)
PATIENCE = 60_000

browser = pytest.fixture(open_browser, scope="module", name="browser")


def count(room: Room) -> None:
    """Let figures be counted; in a thread, for the browser keeps a loop in this one."""
    counting = threading.Thread(target=lambda: asyncio.run(room.count()))
    counting.start()
    counting.join()


def busy() -> Room:
    """Give a day in which things have happened."""
    room = Room(Clock())
    for number in range(40):
        complaint = f"complaint-{number}"
        agency = AGENCIES[number % 5 % 3]
        room.receive(complaint, confidential=number % 7 == 6)
        room.clock.pass_by(timedelta(minutes=number % 11, seconds=number))
        if number % 8 != 7:
            room.route(complaint, agency)
        if number % 3 == 0:
            room.answer(complaint, agency)
            room.notify(complaint)
        if number % 6 == 0:
            room.resolve(complaint, agency)
        if number % 9 == 4:
            room.miss(complaint, agency)
    room.seen = {
        stream: room.clock.now - timedelta(minutes=1, seconds=7)
        for stream in ("complaints", "dispositions", "cases")
    }
    count(room)
    return room


@pytest.fixture
def room() -> Room:
    """Give a metrics service with a busy day."""
    return busy()


@pytest.fixture
def served(room: Room) -> Iterator[Served]:
    """Serve it."""
    served = Served.of(room.door())
    yield served
    served.stop()


playwright.expect.set_options(timeout=PATIENCE)


def _page(browser: Any, **wanted: Any) -> Any:
    context = browser.new_context(
        **{"locale": "id-ID", "viewport": {"width": 1280, "height": 900}, **wanted}
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_everybody_can_use_it(browser: Any, served: Served, width: int, language: str) -> None:
    """No accessibility fault, no sideways scroll, and nothing asked of any other host."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe: install the group `screens`"
    )
    page = _page(browser, viewport={"width": width, "height": 800})
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{served.address}/?lang={language}")
    page.wait_for_selector("[data-now=on]")
    page.get_by_text("tabel" if language == "id" else "table").click()
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.violations_count == 0, found.generate_report()
    unsure = [
        node["target"]
        for rule in found.response["incomplete"]
        if rule["id"] == "color-contrast"
        for node in rule["nodes"]
        if node["any"][0]["data"].get("messageKey") == "equalRatio"
    ]
    assert not unsure
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == language
    assert all(url.startswith(served.address) for url in asked), asked
    assert not faults


def test_it_moves_by_itself(browser: Any, room: Room, served: Served) -> None:
    """What is counted later appears without loading the page again; paused, it stands still."""
    page = _page(browser)
    page.goto(served.address)
    page.wait_for_selector("[data-now=on]")
    number = page.locator("[data-k=received]")
    before = int(number.inner_text())
    room.receive("new-one")
    count(room)
    playwright.expect(number).to_have_text(str(before + 1))
    assert "…" in page.locator("#feed li").first.inner_text()
    page.get_by_role("button", name="Jeda").click()
    room.receive("new-two")
    count(room)
    playwright.expect(page.get_by_role("status")).to_have_text("Dijeda, angka tidak bergerak")
    playwright.expect(number).to_have_text(str(before + 1))
    page.get_by_role("button", name="Lanjutkan").click()
    playwright.expect(number).to_have_text(str(before + 2))


def test_tables_move_with_the_cards(browser: Any, room: Room, served: Served) -> None:
    """What is counted later comes to stand in the tables, too: all of the page is of one moment."""
    page = _page(browser)
    page.goto(served.address)
    page.wait_for_selector("[data-now=on]")
    routed = int(page.locator("[data-k=routed]").inner_text())
    hour = page.locator("#hours-rows td").nth(room.clock.now.astimezone(AMBON).hour)
    received = int(hour.text_content())
    room.receive("new-one")
    room.route("new-one", AGENCIES[0])
    count(room)
    playwright.expect(page.locator("[data-k=routed]")).to_have_text(str(routed + 1))
    playwright.expect(page.locator("[data-k='all routed']")).to_have_text(str(routed + 1))
    playwright.expect(hour).to_have_text(str(received + 1))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("width", [320, 400, 700, 1000, 1280])
def test_no_table_is_cut(browser: Any, served: Served, width: int, language: str) -> None:
    """Every cell stands on the screen, however narrow; nobody has to scroll to the side."""
    page = _page(browser, viewport={"width": width, "height": 800})
    page.goto(f"{served.address}/?lang={language}")
    page.locator("summary").click()
    cut = "([...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth))"
    assert page.evaluate(f"{cut}.length") == 0
    right = page.locator("th, td").evaluate_all(
        "cells => Math.max(...cells.map(each => each.getBoundingClientRect().right))"
    )
    assert right <= width


def test_it_works_without_javascript(browser: Any, room: Room, served: Served) -> None:
    """Loaded again, the page shows the same numbers that would have come by themselves."""
    page = _page(browser, java_script_enabled=False)
    page.goto(served.address)
    before = int(page.locator("[data-k=received]").inner_text())
    assert before == 40
    assert not page.get_by_role("button").is_visible()
    room.receive("new-one")
    count(room)
    page.reload()
    assert page.locator("[data-k=received]").inner_text() == str(before + 1)
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "Citizens' reports today"


def test_it_works_by_keyboard(browser: Any, served: Served) -> None:
    """The first stop leads to the content, every stop can be seen, Enter pauses."""
    page = _page(browser)
    page.goto(served.address)
    page.wait_for_selector("[data-now=on]")
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 16)"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", stops
    assert stops[:4] == ["Langsung ke isi", "Indonesia", "English", "Jeda"]
    page.get_by_role("button").focus()
    page.keyboard.press("Enter")
    playwright.expect(page.get_by_role("button")).to_have_text("Lanjutkan")


def test_nothing_of_a_confidential_complaint_is_shown(
    browser: Any, room: Room, served: Served
) -> None:
    """It is counted, and neither its number nor what it says nor that it moved can be read."""
    page = _page(browser, java_script_enabled=False)
    page.goto(served.address)
    shown = page.content()
    secret = [each.state for each in room.timelines.kept.values() if not each.state.public]
    assert secret
    assert not [each.ending for each in secret if each.ending and each.ending in shown]
    assert "Jalan" not in page.locator("#agencies").inner_text()
    assert "berlubang" not in shown


def test_a_server_that_stops_ends_its_streams(browser: Any, room: Room) -> None:
    """A page that listens does not keep the server: it is gone within a second."""
    served = Served.of(room.door())
    page = _page(browser)
    page.goto(served.address)
    page.wait_for_selector("[data-now=on]")
    assert served.stop() < 5  # a loaded machine is slow; without the end it would be 20
    page.wait_for_selector("[data-now=off]")
