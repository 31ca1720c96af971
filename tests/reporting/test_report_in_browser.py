"""The report in a Chromium: what a person sees, reads and reaches; left out where there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.reporting.pages import page_of, part_of, scope
from tests.sending import a_double, activity, invite
from tests.server.browser import CHROMIUM, Browser, browser

# tox -e browser fails without one, and does not pass over it
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and "HANDLESFAKE_BROWSER" not in os.environ, reason="there is no Chromium here"
)

NASTY = "</script><img src=x onerror=alert(1)>"
CLAIM = """AssertionError: 9000000000000012 was not invited to lobby-1.
  nearest of 2 invites: #3, by Host, 201   party.py:6 in send
      invitedXuid   wanted '9000000000000012'   sent '9000000000000002'
  others: #2 9000000000000002 429"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests: it takes a second to start."""
    with browser(tmp_path_factory.mktemp("profile")) as made:
        yield made


def evening() -> dict[str, Any]:
    """What a double saw: an activity, a throttled invite, one that went through, and a refusal."""
    double = a_double()
    host, guest = double.user("host"), double.user("guest")
    double.session("lobby-1", members=[host])
    activity(double, host)
    double.refuse("throttled", times=1)
    invite(double, host, guest.xuid)
    invite(double, host, guest.xuid)
    activity(double, guest)
    return part_of(double)


def red_run() -> str:
    """A run in which the second of three tests has failed."""
    failure = {"when": "call", "message": CLAIM, "text": f"def test_it():\nE   {CLAIM}"}
    return page_of(
        scope("test_party.py::test_green", evening()),
        scope("test_party.py::test_red[a-b]", evening(), outcome="failed", failures=[failure]),
        scope(f"test_party.py::test_nasty[{NASTY}]", evening()),
        unused_rules=["rules/busy.yaml, line 2, column 3: rule 'busy'"],
    )


def opened(chromium: Browser, folder: Path, page: str, fragment: str = "", **words: Any) -> None:
    """Open ``page`` as a file, as a user does who downloads it from a run."""
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    chromium.open(f"{path.as_uri()}{fragment}", **words)
    chromium.until("document.querySelectorAll('#kinds button').length > 0")


def texts(chromium: Browser, selector: str) -> list[str]:
    """What is to be read at each element that is shown."""
    # what is far off the screen is not rendered, and has no innerText
    shown = f"[...document.querySelectorAll({selector!r})].filter(one => one.checkVisibility())"
    script = f"{shown}.map(one => one.innerText.trim() || one.textContent)"
    return [" ".join(text.split()) for text in chromium.evaluate(script)]


def press(chromium: Browser, key: str) -> None:
    """Press a key where the focus is."""
    event = f"new KeyboardEvent('keydown', {{key: {key!r}, bubbles: true, cancelable: true}})"
    chromium.evaluate(f"(document.activeElement ?? document.body).dispatchEvent({event})")


def test_the_first_screen_says_what_failed_and_why(chromium: Browser, tmp_path: Path) -> None:
    """The failed test first and open, with the claim, what differs and its diagram; all others folded."""
    opened(chromium, tmp_path, red_run())

    assert "1 of 3 tests failed" == chromium.text("h1")
    assert ["Failed 1", "Passed 2", "Rules that never acted 1"] == texts(chromium, "h2")
    assert ["9000000000000012 was not invited to lobby-1."] == texts(chromium, ".claim")
    assert ["Field Wanted Sent", "invitedXuid '9000000000000012' '9000000000000002'"] == texts(
        chromium, ".differs tr"
    )
    assert ["Host …0001", "Guest …0002", "MPSD"] == texts(chromium, ".lane")
    assert [
        "#1 Host create_handle activity lobby-1 ✓ 201",
        "#2 Host create_handle invite lobby-1 → Guest ✕ 429 throttled by refuse('throttled', times=1)",
        "#3 Host create_handle invite lobby-1 → Guest ✓ 201",
        "#4 Guest create_handle activity lobby-1 ✕ 403 not_a_member",
    ] == texts(chromium, ".message > summary")
    assert [True, False, False] == chromium.evaluate("[...document.querySelectorAll('.scope')].map(one => one.open)")
    assert [] == chromium.complaints
    assert [(tmp_path / "report.html").as_uri()] == chromium.requested


def test_a_claim_leads_to_its_request(chromium: Browser, tmp_path: Path) -> None:
    """The number in a failure opens the request: headers without credentials, bodies, reason, evidence, curl."""
    opened(chromium, tmp_path, red_run())
    chromium.evaluate("[...document.querySelectorAll('.failure .link')].find(one => one.innerText === '#2').click()")
    detail = chromium.text(".message[open] .detail")
    chromium.evaluate("window.copied = []; document.execCommand = () => copied.push(getSelection().toString()) > 0")
    chromium.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => copied.push(text)}})"
    )
    chromium.click(".message[open] .actions button")
    (curl,) = chromium.until("window.copied.length ? window.copied : null")

    assert "XBL3.0 (masked)" in detail
    assert '"invitedXuid": "9000000000000002"' in detail
    assert "refuse('throttled', times=1)" in detail
    assert "documented" in detail
    assert "In production: wait that long" in detail
    assert curl.startswith("curl -i -X 'POST' \"$MPSD_URL\"'/handles' \\\n  -H \"Authorization: $AUTHORIZATION\"")
    assert curl.count('--data-raw \'{"type":"invite"') == 1


def test_a_claim_leads_to_the_request_of_its_own_double(chromium: Browser, tmp_path: Path) -> None:
    """Each double counts from 1. Of an earlier attempt nothing is shown, and where the double is unknown, nothing is linked."""
    parts = [{**part, "double": number} for number, part in enumerate([evening(), evening()])]
    failures = [
        {"message": "AssertionError: not invited. nearest: #1", "text": "", "when": "call", **more}
        for more in ({"double": 1}, {"double": 1, "attempt": 1}, {})
    ]
    opened(chromium, tmp_path, page_of(scope("t.py::test", *parts, outcome="failed", failures=failures)))

    assert 1 == chromium.evaluate("document.querySelectorAll('.failure .link').length")
    chromium.click(".failure .link")
    assert "test=t.py%3A%3Atest&request=1.1" == chromium.evaluate(
        "document.querySelector('.message[open]').dataset.place"
    )


def test_curl_sends_no_other_bytes(chromium: Browser, tmp_path: Path) -> None:
    """A body that is not text, or that is cut, is left out, with a note; one that was packed is sent plain."""
    part = evening()
    for entry, body in zip(part["entries"], ("\ufffdbinary", "long... (20001 characters)", {"a": 1}), strict=False):
        entry.pop("body", None)
        entry |= {"body" if isinstance(body, dict) else "body_text": body, "headers": [["Content-Encoding", "gzip"]]}
    opened(chromium, tmp_path, page_of(scope("t.py::test", part, outcome="failed")))
    chromium.evaluate("document.querySelectorAll('.message > summary').forEach((one) => one.click())")
    chromium.until("document.querySelectorAll('.message[open] .actions').length > 2")
    chromium.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.copied = text; }}})"
    )
    copied = []
    for number in range(3):
        chromium.evaluate(f"document.querySelectorAll('.message[open] .actions')[{number}].firstChild.click()")
        copied.append(chromium.until("window.copied"))
        chromium.evaluate("window.copied = ''")

    head = "curl -i -X 'POST' \"$MPSD_URL\"'/handles'"
    said = f"# without its body, which is not shown whole here\n{head} \\\n  -H 'Content-Encoding: gzip'"
    assert [said, said, f"{head} \\\n  --data-raw '{{\"a\":1}}'"] == copied


def test_markup_in_what_was_sent_is_text(chromium: Browser, tmp_path: Path) -> None:
    """A name that looks like markup is read as it is written, and nothing of it runs."""
    opened(chromium, tmp_path, red_run())

    assert f"test_nasty[{NASTY}] test_party.py" in " ".join(texts(chromium, ".title"))
    assert 0 == chromium.evaluate("document.querySelectorAll('main img').length")
    assert [] == chromium.complaints


def test_the_search_finds_requests_and_tests(chromium: Browser, tmp_path: Path) -> None:
    """A request or its test must have all words; buttons narrow to the outcome of a request."""
    opened(chromium, tmp_path, red_run())
    fill = "const f = document.getElementById('filter'); f.value = {!r}; f.dispatchEvent(new Event('input'))"
    chromium.evaluate("{" + fill.format("TEST_RED guest 403") + "}")
    both = (texts(chromium, ".name"), texts(chromium, ".message .no"), chromium.text("#shown"))
    chromium.evaluate("{" + fill.format("nobody") + "}")
    nothing = (texts(chromium, ".name"), chromium.text("#nothing"))
    press(chromium, "Escape")
    chromium.click("#kinds button[data-kind=refused]")
    refused = (len(texts(chromium, ".name")), texts(chromium, ".message .no"))

    assert (["test_red[a-b]"], ["#4"], "1 test, 1 request") == both
    assert ([], "Nothing is like the search.") == nothing
    assert (3, ["#2", "#4"]) == refused


def test_a_diagram_is_one_stop_of_the_keyboard(chromium: Browser, tmp_path: Path) -> None:
    """Arrow keys go from message to message, and a slash to the search."""
    opened(chromium, tmp_path, red_run())
    stops = chromium.evaluate(
        "[...document.querySelectorAll('.message > summary')].filter(one => one.tabIndex === 0).length"
    )
    chromium.evaluate("document.querySelector('.message > summary').focus()")
    press(chromium, "ArrowDown")
    second = chromium.evaluate("document.activeElement.querySelector('.no').innerText")
    press(chromium, "End")
    last = chromium.evaluate("document.activeElement.querySelector('.no').innerText")
    press(chromium, "/")

    assert (1, "#2", "#4") == (stops, second, last)
    assert "filter" == chromium.evaluate("document.activeElement.id")


def test_an_address_leads_to_a_test_and_a_request(chromium: Browser, tmp_path: Path) -> None:
    """As a link in a CI log does; a test that passed is opened for it."""
    opened(chromium, tmp_path, red_run(), "#test=test_party.py%3A%3Atest_green&request=0.3")
    found = chromium.until("document.activeElement.closest('.message')?.dataset.place")
    linked = chromium.evaluate("document.activeElement.closest('.scope').dataset.place")

    assert ("test=test_party.py%3A%3Atest_green&request=0.3", "test=test_party.py%3A%3Atest_green") == (found, linked)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_it_without_sideways_scrolling(chromium: Browser, tmp_path: Path, *, dark: bool) -> None:
    """With a request open; colours are those of the system, until the button says otherwise."""
    opened(chromium, tmp_path, red_run(), width=375, height=800, dark=dark)
    chromium.click(".message > summary")
    chromium.until("!!document.querySelector('.detail')")
    theme = chromium.evaluate("document.documentElement.dataset.theme")
    chromium.click("#theme")
    other = chromium.evaluate("document.documentElement.dataset.theme")
    chromium.evaluate("localStorage.clear()")

    assert 0 == chromium.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert ["dark", "light"] if dark else ["light", "dark"] == [theme, other]


def test_five_thousand_requests_are_made_as_they_come_near(chromium: Browser, tmp_path: Path) -> None:
    """Few are there at first; the search looks at all, and a claim leads to the last."""
    part = evening()
    entries = [{**part["entries"][number % 4], "number": number} for number in range(1, 5001)]
    failure = {"when": "call", "message": "AssertionError: it was not\n  nearest: #5000", "text": ""}
    big = scope("test_it", {**part, "entries": entries}, outcome="failed", failures=[failure])
    opened(chromium, tmp_path, page_of(big))
    first = chromium.evaluate("document.querySelectorAll('.message').length")
    chromium.click(".failure .link")
    reached = chromium.text(".message[open] .no")
    chromium.evaluate(
        "const g = document.getElementById('filter'); g.value = 'guest 403'; g.dispatchEvent(new Event('input'))"
    )

    assert first <= 300
    assert ("#5000", "1 test, 1,250 requests") == (reached, chromium.text("#shown"))


def test_on_paper_each_lane_has_its_line(chromium: Browser, tmp_path: Path) -> None:
    """Printers leave backgrounds out: as long as it is printed, the lines of a strip are elements."""
    opened(chromium, tmp_path, red_run())
    count = "document.querySelectorAll('.life').length"
    strips = chromium.evaluate("document.querySelectorAll('.strip').length")
    before = chromium.evaluate(count)
    chromium.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = chromium.evaluate(count)
    chromium.evaluate("dispatchEvent(new Event('afterprint'))")

    assert 4 == strips
    assert (0, 3 * strips, 0) == (before, printed, chromium.evaluate(count))
