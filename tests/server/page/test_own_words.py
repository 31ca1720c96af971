"""The live page uses control's own words: its reader may not know Python."""

from __future__ import annotations

import json

from tests.server.browser import Browser
from tests.server.control.test_own_words import PYTHON_WORDS
from tests.server.page.live_page import activity, arranged, needs_chromium, opened, rows_until
from tests.server.servers import ACTIVITY, HEADERS, Remote, call

OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"


@needs_chromium
def test_nothing_on_the_page_is_python(chromium: Browser, remote: Remote) -> None:
    """Before anything was sent, and with refusals, assumptions, notes, rules that fired, holds and their buttons."""
    opened(chromium, remote)
    chromium.until("document.getElementById('first').textContent !== ''")
    empty = chromium.evaluate("document.body.innerText")
    host = arranged(remote)
    busy = {"name": "busy", "when": {"type": "invite"}, "then": {"refuse": "throttled", "retry_after": 5}}

    assert 201 == remote.ask("POST", "/rules", {"rules": [busy]}).status

    remote.ask("POST", "/hold", {"operation": "delete_handle"})
    invite = {**json.loads(ACTIVITY), "type": "invite", "invitedXuid": "3210"}
    form = {**host["headers"], "Content-Type": "application/x-www-form-urlencoded"}
    for body, headers in (
        (json.dumps(activity()), host["headers"]),
        (json.dumps(invite), host["headers"]),
        (json.dumps(invite), host["headers"]),
        ("type=activity", form),
        (ACTIVITY, {**HEADERS, "Authorization": "XBL3.0 x=8;made-up"}),
        (ACTIVITY, {**HEADERS, "Authorization": ""}),
    ):
        call(remote.connection, "POST", "/handles", body, **headers)
    rows_until(chromium, 6)
    chromium.evaluate(OPEN)
    chromium.until("document.body.innerText.includes('busy')")
    full = chromium.evaluate("document.body.innerText")
    for place in range(6):
        chromium.evaluate(f"document.querySelectorAll('tr.entry')[{place}].click()")
        full += chromium.until("document.querySelector('tr.detail')?.innerText")
        chromium.evaluate(f"document.querySelectorAll('tr.entry')[{place}].click()")
        chromium.until("!document.querySelector('tr.detail')")
    titles = chromium.evaluate(
        "[...document.querySelectorAll('[title], [aria-label]')].map((one) => one.title + one.ariaLabel)"
    )

    assert [] == [found[0] for text in (empty, full, *titles) if (found := PYTHON_WORDS.search(text))]
    assert "too early: #" in full
    assert [] == chromium.complaints
