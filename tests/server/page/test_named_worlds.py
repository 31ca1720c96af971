"""The live page and worlds that have a name and end by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.browser import Browser
from tests.server.page.live_page import needs_chromium, opened, rows_until
from tests.server.worlds.lived import Lived, lived

NAME = "größte lobby: joins (2/3)"


@pytest.fixture
def server() -> Iterator[Lived]:
    """A server whose worlds grow older only as a test says."""
    with lived() as made:
        yield made


@needs_chromium
def test_a_world_is_shown_by_its_name(chromium: Browser, server: Lived) -> None:
    """In the choice, beside its entries, in what an entry says, and where other worlds show it."""
    server.show(server.world(NAME, 60))
    opened(chromium, server)
    chromium.until("document.getElementById('elsewhere').textContent !== ''")
    elsewhere = chromium.text("#elsewhere")
    choices = chromium.evaluate("[...document.getElementById('world').options].map((one) => one.textContent)")
    chromium.evaluate("location.hash = '#world=*'")
    rows_until(chromium, 1)
    tag = chromium.text(".tag.of")
    chromium.click("tr.entry")
    detail = chromium.until("document.querySelector('tr.detail')?.innerText")

    assert f"Other worlds were sent requests: {NAME}: 1." == elsewhere
    assert ["default", "all worlds (1)", f"{NAME} (1)"] == choices
    assert NAME == tag
    assert NAME in detail
    assert [] == chromium.complaints


@needs_chromium
@pytest.mark.parametrize("said", ["w1", "gr%C3%B6%C3%9Fte+lobby%3A+joins+%282%2F3%29"])
def test_a_link_may_say_the_id_or_the_name(chromium: Browser, server: Lived, said: str) -> None:
    """It opens the world, and the choice shows which."""
    server.show(server.world(NAME, 60))
    opened(chromium, server)
    chromium.evaluate(f"location.hash = '#world={said}'")
    there = rows_until(chromium, 1)
    chosen = chromium.evaluate("document.getElementById('world').selectedOptions[0].textContent")

    assert "create_handle activity lobby-1 201" in there[0]
    assert f"{NAME} (1)" == chosen


@needs_chromium
def test_who_looks_on_sees_a_world_end(chromium: Browser, server: Lived) -> None:
    """The page says how long it stays without use, does not count as a use, and goes on with the default world."""
    server.show(server.world(NAME, 60))
    opened(chromium, server)
    chromium.evaluate("location.hash = '#world=w1'")
    rows_until(chromium, 1)
    server.machine.now += 59
    chromium.until("document.getElementById('switches').textContent.includes('ends in 1 s without use')")
    server.machine.now += 1
    chromium.until("document.getElementById('world').value === ''")

    assert [] == rows_until(chromium, 0)
    assert [] == server.ids()
