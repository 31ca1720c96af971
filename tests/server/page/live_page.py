"""What the tests of the live page share: a page that is open, its rows, and what there is to see."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.server.browser import CHROMIUM, Browser
from tests.server.servers import REF, Remote

NASTY = "<img src=x onerror=alert(1)></script><b>"


def activity() -> dict[str, Any]:
    """The body of an activity."""
    return {"type": "activity", "version": 1, "sessionRef": REF}


def arranged(remote: Remote) -> dict[str, Any]:
    """A host in lobby-1, and a guest; the host."""
    lobby = {"name": "lobby-1", "members": ["host"], "custom": {"worldName": NASTY}}
    remote.ask("POST", "/state", {"users": [{"role": "host"}, {"role": "guest"}], "sessions": [lobby]})
    found: dict[str, Any] = remote.ask("GET", "/users/host").json
    return found


# tox -e browser fails without one, and does not pass over it
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and "HANDLESFAKE_BROWSER" not in os.environ, reason="there is no Chromium here"
)


def opened(chromium: Browser, remote: Remote, **words: Any) -> None:
    """Open the page of ``remote``, and see it live."""
    chromium.open(f"{remote.url}/_handlesfake/", **words)
    chromium.until("!!document.querySelector('.live.on')")


def rows(chromium: Browser) -> list[str]:
    """What the rows of the timeline say that are to be seen."""
    script = "[...document.querySelectorAll('tr.entry')].filter(row => !row.hidden).map(row => row.innerText)"
    found = chromium.evaluate(script)
    return [" ".join(row.split()) for row in found]


def rows_until(chromium: Browser, count: int) -> list[str]:
    """The rows once there are so many to be seen."""
    chromium.until(f"[...document.querySelectorAll('tr.entry')].filter(row => !row.hidden).length === {count}")
    return rows(chromium)
