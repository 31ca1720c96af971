"""The live page with more rows than are seen: few are in the document, and nothing that a reader does shows it."""

from __future__ import annotations

import pytest

from tests.server.browser import Browser
from tests.server.page.live_page import activity, arranged, needs_chromium, opened, rows_until
from tests.server.servers import Remote

COUNT = 400
FOCUSED = "document.activeElement.closest('tr.entry')?.querySelector('td.number').innerText ?? ''"
PRESS = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{}', bubbles: true}}))"

pytestmark = needs_chromium


@pytest.fixture
def page(chromium: Browser, remote: Remote) -> Browser:
    """The page of a server that was sent 400 requests."""
    host = arranged(remote)
    for _ in range(COUNT):
        remote.post(host, activity())
    opened(chromium, remote)
    rows_until(chromium, COUNT)
    return chromium


def seen(chromium: Browser) -> list[int]:
    """The numbers of the rows that are to be seen between the headings and the lower edge."""
    found: list[int] = chromium.evaluate("""
        (() => {
          const from = document.querySelector('#timeline thead').getBoundingClientRect().bottom;
          const to = document.getElementById('scroll').getBoundingClientRect().bottom;
          return [...document.querySelectorAll('tr.entry')]
            .filter(row => row.getBoundingClientRect().top >= from - 1 && row.getBoundingClientRect().bottom <= to + 1)
            .map(row => Number(row.querySelector('td.number').innerText));
        })()""")
    return found


def scroll_to(chromium: Browser, number: int) -> None:
    """Have the row of that number about in the middle, and wait until it is there."""
    chromium.evaluate(f"""
        (() => {{
          const scroll = document.getElementById('scroll');
          const height = document.querySelector('tr.entry').offsetHeight;
          scroll.scrollTop = {number} * height - scroll.clientHeight / 2;
        }})()""")
    chromium.until(f"[...document.querySelectorAll('td.number')].some(cell => cell.innerText === '{number}')")


def test_few_rows_are_in_the_document_wherever_one_is(page: Browser) -> None:
    """What is seen is there, without a gap, at the end, in the middle and at the beginning."""
    found = []
    for number in (COUNT, 200, 1):
        scroll_to(page, number)
        there = seen(page)
        found.append((number in there, there == list(range(there[0], there[-1] + 1)), len(there) > 10))
    count = page.evaluate("document.querySelectorAll('tr.entry').length")

    assert [(True, True, True)] * 3 == found
    assert count < 120
    assert [] == page.complaints


def test_a_screen_reader_is_told_of_all_rows(page: Browser) -> None:
    """How many there are with the headings, and which of them each is."""
    scroll_to(page, 200)
    told = page.evaluate("document.getElementById('timeline').getAttribute('aria-rowcount')")
    places = page.evaluate("""
        [...document.querySelectorAll('tr.entry')].map(row =>
          [Number(row.querySelector('td.number').innerText), Number(row.getAttribute('aria-rowindex'))])""")
    hidden = page.evaluate("[...document.querySelectorAll('tr.gap')].every(row => row.ariaHidden === 'true')")

    assert str(COUNT + 1) == told
    assert [] == [(number, place) for number, place in places if place != number + 1]
    assert hidden


def test_arrows_reach_rows_that_were_not_there(page: Browser) -> None:
    """Home, End and the arrows go from the first row to the last, and what has the focus is seen."""
    page.evaluate("document.querySelector('tr.entry[tabindex=\"0\"]').focus()")
    found = []
    for key in ("Home", "ArrowDown", "End", "ArrowUp", "PageUp"):
        page.evaluate(PRESS.format(key))
        number = page.evaluate(FOCUSED)
        found.append((number, int(number) in seen(page)))

    assert [("1", True), ("2", True), ("400", True), ("399", True), ("389", True)] == found


def test_who_scrolls_away_keeps_the_place(page: Browser) -> None:
    """The row with the focus stays the one tab stop, and what is open stays open, however far away."""
    page.evaluate("document.querySelector('tr.entry[tabindex=\"0\"]').focus()")
    for key in ("Home", "Enter"):
        page.evaluate(PRESS.format(key))
    scroll_to(page, 390)
    away = (page.evaluate(FOCUSED), page.evaluate("document.querySelectorAll('tr[tabindex=\"0\"]').length"))
    page.evaluate(PRESS.format("ArrowDown"))
    detail = page.text("tr.detail")

    assert ("1", 1) == away
    assert "2" == page.evaluate(FOCUSED)
    assert 2 in seen(page)
    assert "POST /handles" in detail


def test_what_is_looked_at_stays_when_older_ones_come(chromium: Browser, remote: Remote) -> None:
    """The same rows are seen before and after."""
    host = arranged(remote)
    for _ in range(700):
        remote.post(host, activity())
    opened(chromium, remote)
    rows_until(chromium, 500)
    chromium.evaluate("document.getElementById('scroll').scrollTop = 0")
    chromium.until("[...document.querySelectorAll('td.number')].some(cell => cell.innerText === '201')")
    before = seen(chromium)
    chromium.click("#older")
    rows_until(chromium, 700)

    assert 201 == before[0]
    assert set(before[2:-2]) <= set(seen(chromium))


def test_a_narrow_window_has_rows_of_its_own_height(page: Browser) -> None:
    """After the window has changed, places are where they should be, and nothing is wider than it."""
    page.evaluate("document.querySelector('tr.entry').click()")
    page.resize(360, 640)
    page.until("document.querySelectorAll('#timeline th')[1].offsetWidth === 0")
    scroll_to(page, 200)
    there = seen(page)

    assert there == list(range(there[0], there[-1] + 1))
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
    assert page.evaluate("document.getElementById('timeline').offsetWidth") <= 360
