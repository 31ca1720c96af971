"""The live page as a tool: what is older or elsewhere is found, handed on, compared, and ended."""

from __future__ import annotations

import json
import shutil
import subprocess
from urllib.parse import urlsplit

import pytest

from handlesfake.double.double import Double
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.server.browser import Browser
from tests.server.page.live_page import activity, arranged, needs_chromium, opened, rows, rows_until
from tests.server.servers import Remote, call, posted

FILTER = "const f = document.getElementById('filter'); f.value = {}; f.dispatchEvent(new Event('input'))"


@pytest.mark.parametrize(
    ("query", "numbers", "fitting"),
    [
        ("text=GUEST+403", [2], 1),
        ("text=%232", [2], 1),
        ("text=lobby-1", [1, 2, 3], 3),
        ("text=lobby-1&newest=2", [2, 3], 3),
        ("before=3&newest=1", [2], 2),
        ("kind=refused", [2], 1),
        ("kind=lost", [], 0),
    ],
)
def test_the_journal_is_searched_where_it_is(remote: Remote, query: str, numbers: list[int], fitting: int) -> None:
    """All words, the kind of outcome, and pages from the newest backwards; how many there are is told."""
    host = arranged(remote)
    remote.post(host, activity())
    remote.post(remote.ask("GET", "/users/guest").json, activity())
    remote.post(host, activity())
    found = remote.ask("GET", f"/journal?{query}").json

    assert (numbers, fitting) == ([one["number"] for one in found["entries"]], found["fitting"])


def test_a_misspelt_kind_is_told(remote: Remote) -> None:
    """A kind that nothing can be would find nothing, and look like an answer."""
    answer = remote.ask("GET", "/journal?kind=refusd")

    assert 422 == answer.status
    assert "did you mean 'refused'?" in answer.text


@needs_chromium
def test_what_is_older_is_reached_and_found(chromium: Browser, remote: Remote) -> None:
    """The page begins with the newest 500; the filter knows them all, and so does who asks for more."""
    host, guest = arranged(remote), remote.ask("GET", "/users/guest").json
    for number in range(1, 521):
        remote.post(guest if number == 6 else host, activity())
    opened(chromium, remote)
    newest = rows_until(chromium, 500)[-1]
    told = chromium.text("#shown")
    chromium.evaluate(FILTER.format("'guest 403'"))
    found = rows_until(chromium, 1)
    chromium.evaluate(FILTER.replace("const f", "window.f").format("''"))
    rows_until(chromium, 500)
    chromium.click("#older")
    rows_until(chromium, 520)
    chromium.evaluate("document.getElementById('scroll').scrollTop = 0")
    chromium.until("document.querySelector('tr.entry').innerText.startsWith('1\\n')")

    assert ("520 ", "6 ") == (newest[:4], found[0][:2])
    assert "the newest 500 of 520" == told
    assert [] == chromium.complaints


@needs_chromium
def test_all_worlds_stand_in_one_timeline(chromium: Browser, remote: Remote) -> None:
    """Each entry says of which world it is; the page of one world mentions the others."""
    world = remote.ask("POST", "/worlds", {"users": ["host"]}).json
    call(remote.connection, "POST", "/handles", json.dumps(activity()), **world["users"]["host"]["headers"])
    opened(chromium, remote)
    chromium.until("document.getElementById('elsewhere').textContent !== ''")
    elsewhere = chromium.text("#elsewhere")
    remote.post(arranged(remote), activity())
    chromium.evaluate("location.hash = '#world=*'")
    rows_until(chromium, 2)
    found = chromium.evaluate("[...document.querySelectorAll('.tag.of')].map(tag => tag.textContent)")

    assert "Other worlds were sent requests: w1: 1." == elsewhere
    assert ["default", "w1"] == sorted(found)  # no clock is common to worlds


@needs_chromium
def test_one_row_is_a_tab_stop_and_arrows_go_on(chromium: Browser, remote: Remote) -> None:
    """Up, Home, Enter and Escape; the row that has the focus is the one that Tab comes back to."""
    host = arranged(remote)
    for _ in range(3):
        remote.post(host, activity())
    opened(chromium, remote)
    rows_until(chromium, 3)

    def pressed(key: str) -> tuple[int, int, bool]:
        chromium.evaluate(
            f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
        )
        return (
            chromium.evaluate("[...document.querySelectorAll('tr.entry')].indexOf(document.activeElement)"),
            chromium.evaluate("document.querySelectorAll('tr.entry[tabindex=\"0\"]').length"),
            chromium.evaluate("document.querySelectorAll('tr.entry[aria-expanded=\"true\"]').length === 1"),
        )

    chromium.evaluate("document.querySelector('tr.entry[tabindex=\"0\"]').focus()")
    found = [pressed(key) for key in ("ArrowUp", "Home", "ArrowUp", "Enter", "Escape", "End")]

    assert [(1, 1, False), (0, 1, False), (0, 1, False), (0, 1, True), (0, 1, False), (2, 1, False)] == found


@needs_chromium
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_an_entry_of_a_world_is_linked_and_sent_again_there(chromium: Browser, remote: Remote) -> None:
    """The link opens it, with headers and duration; its curl has a token of the same world."""
    world = remote.ask("POST", "/worlds", {"users": ["host"]}).json
    for _ in range(2):
        call(remote.connection, "POST", "/handles", json.dumps(activity()), **world["users"]["host"]["headers"])
    opened(chromium, remote)
    chromium.evaluate("location.hash = '#world=w1&entry=1'")
    chromium.until("!!document.querySelector('tr.detail')")
    detail = chromium.text("tr.detail")
    chromium.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.copied = text; }}})"
    )
    chromium.click("tr.detail .tools button")
    command = chromium.until("window.copied")
    subprocess.run(["bash", "-c", command], check=True, capture_output=True)

    assert "x-xbl-contract-version" in detail.lower()
    assert "XBL3.0 (masked)" in detail
    assert " ms" in detail
    assert (3, 0) == (
        remote.ask("GET", "/worlds/w1/journal").json["written"],
        remote.ask("GET", "/journal").json["written"],
    )


@needs_chromium
def test_two_entries_are_compared(chromium: Browser, remote: Remote) -> None:
    """Where they differ, with both values; credentials and equal values are missing."""
    host = arranged(remote)
    remote.post(host, activity())
    remote.post(host, {**activity(), "version": 2})
    opened(chromium, remote)
    rows_until(chromium, 2)
    for row in (0, 1):
        chromium.evaluate(f"document.querySelectorAll('tr.entry')[{row}].click()")
        chromium.click("tr.detail .tools button:last-child")
    chromium.until("document.getElementById('ask').open")
    found = chromium.text("#ask")

    assert "#1 and #2" in found
    assert "body.version\t1\t2" in found
    assert "body.type" not in found


@needs_chromium
def test_what_a_test_has_set_up_is_shown_and_ended(chromium: Browser, remote: Remote) -> None:
    """A rule says whether it fired; to remove it or to reset is asked first."""
    host = arranged(remote)
    remote.ask("POST", "/rules", {"rules": [{"name": "busy", "then": {"refuse": "throttled"}}]})
    remote.ask("POST", "/hold", {"operation": "put_session"})
    remote.post(host, activity())
    opened(chromium, remote)
    rows_until(chromium, 1)
    chromium.until("document.getElementById('holds-count').textContent === '1'")
    rules, holds = chromium.text("#rules"), chromium.text("#holds")
    chromium.click("#rules button")
    chromium.click("#cancel")
    kept = len(remote.ask("GET", "/rules").json)
    chromium.click("#rules button")
    chromium.click("#agree")
    chromium.until("document.getElementById('rules').textContent === 'no rule'")
    chromium.click("#reset")
    chromium.click("#agree")
    chromium.until("!document.getElementById('empty').hidden")

    assert "fired 1" in rules
    assert "put_session" in holds
    assert 1 == kept
    assert ([], []) == (remote.ask("GET", "/rules").json, rows(chromium))


@needs_chromium
def test_a_question_has_the_answer_that_is_given_to_it(chromium: Browser, remote: Remote) -> None:
    """Who cancels and asks again faster than the browser tells the page that the dialog has closed is heard, too."""
    arranged(remote)
    remote.ask("POST", "/rules", {"rules": [{"name": "busy", "then": {"refuse": "throttled"}}]})
    opened(chromium, remote)
    chromium.until("document.querySelector('#rules button') !== null")

    pressed = ";".join(
        f"document.querySelector('{one}').click()" for one in ("#rules button", "#cancel", "#rules button")
    )
    told = "new Promise((told) => document.getElementById('ask').addEventListener('close', told, { once: true }))"
    chromium.evaluate(f"const closed = {told}; {pressed}; closed.then(() => 1)")
    chromium.click("#agree")
    chromium.until("document.getElementById('rules').textContent === 'no rule'")

    assert [] == remote.ask("GET", "/rules").json


@needs_chromium
def test_on_a_phone_it_follows_and_the_state_is_a_tap_away(chromium: Browser, remote: Remote) -> None:
    """Nothing is wider than the screen; the newest row is to be seen, and then what is known."""
    host = arranged(remote)
    for _ in range(40):
        remote.post(host, activity())
    opened(chromium, remote, width=360, height=640)
    rows_until(chromium, 40)
    bottom = chromium.evaluate("[...document.querySelectorAll('tr.entry')].at(-1).getBoundingClientRect().bottom")
    width = chromium.evaluate("document.documentElement.scrollWidth")
    chromium.click("#tabs [data-tab=state]")
    shown = chromium.evaluate("document.querySelector('aside').getBoundingClientRect().top")

    assert bottom <= 641
    assert 360 == width
    assert 0 < shown < 320


@needs_chromium
def test_a_server_that_begins_again_is_met_again(chromium: Browser) -> None:
    """What the first was sent stays readable while no server answers; then what the second was sent is shown."""
    double = Double(Options.of(name="the first"))
    first = Site(double, Address())
    with in_thread(first):
        url = first.places.url
        posted(url)
        chromium.open(f"{url}/_handlesfake/")
        rows_until(chromium, 1)
    chromium.until("!!document.querySelector('.live.off')")
    left = rows(chromium)
    with in_thread(Site(Double(Options.of(name="the second")), Address(port=urlsplit(url).port or 0))):
        posted(url)
        posted(url)
        found = rows_until(chromium, 2)
        chromium.until("!!document.querySelector('.live.on')")

    assert (1, ["1", "2"]) == (len(left), [row.split()[0] for row in found])
