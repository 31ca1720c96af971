"""The live page: its routes always, and the page itself where there is a Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from tests.server.browser import Browser
from tests.server.page.live_page import NASTY, activity, arranged, needs_chromium, opened, rows_until
from tests.server.servers import HEADERS, Remote, call, connected, controlled

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


# ---- without a browser


def test_a_browser_gets_the_page_and_everybody_else_the_health() -> None:
    """One address: what is asked for by name is text/html, what is not is JSON."""
    with controlled() as remote:
        page = remote.ask("GET", "/", **PAGE)
        world = remote.ask("POST", "/worlds").json["name"]
        inside = remote.ask("GET", f"/worlds/{world}", **PAGE)
        health = remote.ask("GET", "/")

    assert "text/html; charset=utf-8" == page.headers["Content-Type"] == inside.headers["Content-Type"]
    assert page.text.startswith("<!doctype html>")
    assert "application/json" == health.headers["Content-Type"]


def test_the_page_lets_nothing_run_but_itself() -> None:
    """Its policy names its own style and script by their digests, and allows no address but this server's."""
    with controlled() as remote:
        page = remote.ask("GET", "/", **PAGE)
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    digests = {
        kind: f"'sha256-{b64encode(sha256(found.encode()).digest()).decode()}'"
        for kind in ("style", "script")
        for found in re.findall(f"<{kind}>(.*?)</{kind}>", page.text, re.S)
    }

    assert {"style": policy["style-src"], "script": policy["script-src"]} == digests
    assert ["'none'", "'self'"] == [policy["default-src"], policy["connect-src"]]
    assert [] == re.findall(r"(?:src|href)=[\"'](?!data:|/_handlesfake)", page.text)
    assert "innerHTML" not in page.text


def test_the_state_as_the_page_shows_it() -> None:
    """Users, sessions with members, and handles, by role; no token is in it."""
    with controlled() as remote:
        host = arranged(remote)
        remote.post(host, activity())
        answer = remote.ask("GET", "/overview")
    found = answer.json

    assert {"users": 2, "sessions": 1, "handles": 1, "requests": 1, "in_flight": 0, "waiting": 0} == found["counts"]
    assert ["host", "guest"] == [user["role"] for user in found["users"]]
    assert [("lobby-1", ["host"])] == [
        (session["name"], [member["called"] for member in session["members"]]) for session in found["sessions"]
    ]
    assert [("activity", "host", "lobby-1")] == [
        (handle["type"], handle["owner"], handle["session"]) for handle in found["handles"]
    ]
    assert host["authorization"].partition(";")[2] not in answer.text


def test_an_entry_tells_what_a_failed_test_would() -> None:
    """Who, what came of it and why, in the words of a failed test's section."""
    with controlled() as remote:
        arranged(remote)
        guest = remote.ask("GET", "/users/guest").json
        remote.post(guest, activity())
        entry = remote.ask("GET", "/journal").json["entries"][0]

    assert ["Guest 9000000000000002", "403"] == [entry["who"], entry["outcome"]]
    assert "Guest is not a member of lobby-1" in "\n".join(entry["explained"])


def test_no_other_web_site_may_ask() -> None:
    """Another site's page that a browser has open cannot reset or read what is here."""
    with controlled() as remote:
        own = remote.url.partition("://")[2]
        statuses = [
            call(remote.connection, "POST", "/_handlesfake/reset", Origin=origin, Host=own).status
            for origin in (f"http://{own}", "https://elsewhere.test", "null")
        ]

    assert [204, 403, 403] == statuses


# ---- with one


@needs_chromium
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_an_empty_page_says_how_to_send_the_first_request(chromium: Browser, remote: Remote) -> None:
    """It shows a command; a user who runs it sees the page fill."""
    opened(chromium, remote)
    heading = chromium.text("#empty h3")
    command = chromium.text("#first")
    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)
    found = rows_until(chromium, 1)

    assert "Nothing was sent yet" == heading
    assert "activity" == json.loads(done.stdout)["type"]
    assert "create_handle activity lobby-1 201" in found[0]
    assert chromium.evaluate("document.getElementById('empty').hidden")


@needs_chromium
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_so_does_one_of_a_strict_server(chromium: Browser) -> None:
    """Where nothing is assumed, the command arranges what it needs."""
    with controlled(strict=True) as remote:
        opened(chromium, remote)
        subprocess.run(["bash", "-e", "-c", chromium.text("#first")], check=True, capture_output=True)
        found = rows_until(chromium, 1)

    assert "create_handle activity lobby-1 201" in found[0]


@needs_chromium
def test_the_page_follows_what_is_sent(chromium: Browser, remote: Remote) -> None:
    """Rows, sessions, handles and users appear as they are made; nothing is asked of any other address."""
    opened(chromium, remote)
    host = arranged(remote)
    remote.post(host, activity())
    rows_until(chromium, 1)
    remote.ask("POST", "/rules", {"rules": [{"name": "busy", "then": {"refuse": "throttled"}}]})
    remote.post(host, activity())
    found = rows_until(chromium, 2)
    chromium.until("document.getElementById('users-count').textContent === '2'")

    assert found[0].startswith("1 ")
    assert "host …0001 create_handle activity lobby-1 201" in found[0]
    assert "429throttled" in found[1].replace(" ", "")
    assert "lobby-1" in chromium.text("#sessions")
    assert "activity" in chromium.text("#handles")
    assert [] == chromium.complaints
    assert set() == {url for url in chromium.requested if not url.startswith((remote.url, "data:", "about:"))}


@needs_chromium
def test_a_row_opens_to_what_was_said(chromium: Browser, remote: Remote) -> None:
    """Bodies, reasons and evidence; what looks like markup is text."""
    host = arranged(remote)
    remote.post(host, {**activity(), "type": NASTY})
    remote.post(remote.ask("GET", "/users/guest").json, activity())
    opened(chromium, remote)
    rows_until(chromium, 2)
    chromium.evaluate("document.querySelectorAll('tr.entry')[0].click()")
    first = chromium.text("tr.detail")
    chromium.evaluate("document.querySelectorAll('tr.entry')[1].click()")
    second = chromium.text("tr.detail")
    chromium.click("#sessions summary")
    custom = chromium.text("#sessions pre")
    chromium.evaluate("document.querySelectorAll('tr.entry')[1].click()")

    assert json.dumps(NASTY) in first
    assert "Guest is not a member of lobby-1" in second
    assert "decided by" in second
    assert NASTY in custom
    assert "" == chromium.text("tr.detail")
    assert [] == chromium.complaints


@needs_chromium
def test_what_is_shown_can_be_narrowed(chromium: Browser, remote: Remote) -> None:
    """By words, of which all must fit, and by what came of a request."""
    host = arranged(remote)
    remote.post(host, activity())
    remote.post(remote.ask("GET", "/users/guest").json, activity())
    opened(chromium, remote)
    rows_until(chromium, 2)
    chromium.evaluate(
        "const f = document.getElementById('filter'); f.value = 'GUEST 403'; f.dispatchEvent(new Event('input'))"
    )
    by_words = rows_until(chromium, 1)
    chromium.evaluate("f.value = 'nobody'; f.dispatchEvent(new Event('input'))")
    nothing = chromium.text("#nothing")
    chromium.evaluate("f.value = ''; f.dispatchEvent(new Event('input'))")
    chromium.click("#kinds button:nth-child(2)")
    refused = rows_until(chromium, 1)

    assert ["2", "2"] == [by_words[0].split()[0], refused[0].split()[0]]
    assert "No request is like the filter." == nothing


@needs_chromium
def test_each_world_has_its_page(chromium: Browser, remote: Remote) -> None:
    """Choosing a world shows what was sent there; when it ends, the default one is shown."""
    world = remote.ask("POST", "/worlds", {"users": ["host"]}).json
    opened(chromium, remote)
    chromium.until("document.getElementById('world').options.length === 3")
    chromium.evaluate(
        "const w = document.getElementById('world'); w.value = 'w1'; w.dispatchEvent(new Event('change'))"
    )
    with connected(remote.url) as connection:
        call(connection, "POST", "/handles", json.dumps(activity()), **world["users"]["host"]["headers"])
    there = rows_until(chromium, 1)
    remote.ask("DELETE", "/worlds/w1")
    chromium.until("document.getElementById('world').value === ''")

    assert "create_handle activity lobby-1 201" in there[0]
    assert [] == rows_until(chromium, 0)


@needs_chromium
def test_a_reset_is_seen(chromium: Browser, remote: Remote) -> None:
    """What was forgotten is shown no more, and what comes then is."""
    opened(chromium, remote)
    call(remote.connection, "POST", "/handles", json.dumps(activity()), **HEADERS)
    rows_until(chromium, 1)
    remote.ask("POST", "/reset")
    rows_until(chromium, 0)
    call(remote.connection, "POST", "/handles", json.dumps(activity()), **HEADERS)

    assert rows_until(chromium, 1)[0].startswith("1 ")


@needs_chromium
def test_a_server_that_has_ended_is_told(chromium: Browser, tmp_path: Path) -> None:
    """The page stays, and says that the server does not answer; light and dark are what the system says."""
    with controlled() as remote:
        opened(chromium, remote, dark=True)
        theme = chromium.evaluate("document.documentElement.dataset.theme")
    chromium.until("!!document.querySelector('.live.off')")
    chromium.screenshot(tmp_path / "page.png")

    assert "no connection to the server; it is asked again" == chromium.text("#live")
    assert "dark" == theme
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")
