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


_ROOM = """
[...document.querySelectorAll('#rows > tr')].reduce((sum, row) => {
  if (row.className === 'gap') return sum + Math.round(row.offsetHeight / document.querySelector('tr.entry').offsetHeight);
  return sum + row.classList.contains('entry');
}, 0)
"""
"""How many rows the timeline has, those included for which it only has room."""


def rows(chromium: Browser) -> list[str]:
    """What the rows of the timeline say that are in the document: those that are seen, and some beside them."""
    found = chromium.evaluate("[...document.querySelectorAll('tr.entry')].map(row => row.innerText)")
    return [" ".join(row.split()) for row in found]


def rows_until(chromium: Browser, count: int) -> list[str]:
    """The same, once there are so many rows, seen or not."""
    chromium.until(f"{_ROOM} === {count}")
    return rows(chromium)
