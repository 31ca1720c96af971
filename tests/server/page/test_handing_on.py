"""The live page with a push channel, with files that leave it, and with names that would turn the text around them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlesfake.captures.reading import read_capture
from tests.server.browser import Browser
from tests.server.page.live_page import activity, arranged, needs_chromium, opened, rows_until
from tests.server.rta import rta
from tests.server.servers import REF, Remote, call

PATH = f"/serviceconfigs/{REF['scid']}/sessionTemplates/{REF['templateName']}/sessions/{REF['name']}"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"

pytestmark = needs_chromium


def saved(chromium: Browser) -> str:
    """What the button for HAR hands to the browser as a file."""
    chromium.evaluate("URL.createObjectURL = (file) => { window.file = file; return 'data:,'; }; window.file = null")
    chromium.click("#har")
    chromium.until("window.file !== null")
    text: str = chromium.evaluate("window.file.text()")
    return text


def put(remote: Remote, user: dict[str, Any], body: dict[str, Any]) -> None:
    """Write the session as ``user``."""
    assert call(remote.connection, "PUT", PATH, json.dumps(body), **user["headers"]).status in (200, 201)


def listening(remote: Remote, user: dict[str, Any], connection: str) -> None:
    """Have a member hear of everything over a connection."""
    subscription = {"id": "s1", "changeTypes": ["everything"]}
    system = {"active": True, "connection": connection, "subscription": subscription}
    put(remote, user, {"members": {"me": {"properties": {"system": system}}}})


def test_what_is_saved_is_a_har(chromium: Browser, remote: Remote) -> None:
    """Another reader finds each request with its bodies and status, in order, texts included; no token is in it."""
    host = arranged(remote)
    remote.post(host, activity())
    denied = remote.post(remote.ask("GET", "/users/guest").json, activity())
    opened(chromium, remote)
    rows_until(chromium, 2)
    text = saved(chromium)
    found = read_capture(text.encode())
    sent = [one.request for one in found.exchanges]

    assert "1.2" == json.loads(text)["log"]["version"]
    assert [("POST", "/handles", activity())] * 2 == [(one.method, one.target, json.loads(one.body)) for one in sent]
    assert [201, 403] == [one.response.status for one in found.exchanges]
    assert "activity" == json.loads(found.exchanges[0].response.body)["type"]
    assert denied.text == found.exchanges[1].response.body.decode()
    assert () == found.left_out
    assert host["authorization"].partition(";")[2] not in text


def test_only_what_the_filter_finds_is_saved(chromium: Browser, remote: Remote) -> None:
    """Who has narrowed the list down saves that, whether or not it is all shown."""
    host = arranged(remote)
    remote.post(host, activity())
    remote.post(remote.ask("GET", "/users/guest").json, activity())
    opened(chromium, remote)
    rows_until(chromium, 2)
    chromium.click("#kinds button:nth-child(2)")
    rows_until(chromium, 1)

    assert [403] == [one["response"]["status"] for one in json.loads(saved(chromium))["log"]["entries"]]


@pytest.mark.parametrize("agreed", [True, False])
def test_a_connection_is_dropped_once_that_is_agreed_to(chromium: Browser, remote: Remote, agreed: bool) -> None:
    """Its client gets nothing more, as when the network fails; cancelling does nothing."""
    host = arranged(remote)
    with rta(remote.url, host["authorization"]) as client:
        client.subscribe()
        opened(chromium, remote)
        chromium.until("document.getElementById('connections-count').textContent === '1'")
        shown = chromium.text("#connections")
        chromium.click("#connections button")
        chromium.until("document.getElementById('ask').open")
        question = chromium.text("#question")
        chromium.click("#agree" if agreed else "#cancel")
        if agreed:
            chromium.until("document.getElementById('connections').textContent === 'no client is connected'")
            heard = client.hear(), client.code
        else:
            heard = len(remote.ask("GET", "/connections").json), client.code

    assert shown.startswith("host")
    assert "Drop the connection of host, as the network would?" == question
    assert ((None, 1006) if agreed else (1, 0)) == heard


def test_taps_are_shown_to_who_opens_them(chromium: Browser, remote: Remote) -> None:
    """The user of each push, the session, and what had changed; until then nothing is asked for."""
    host = arranged(remote)
    with rta(remote.url, host["authorization"]) as client:
        listening(remote, host, client.subscribe())
        put(remote, host, {"properties": {"custom": {"map": "dust"}}})
        pushed = client.hear()[2]["shoulderTaps"][0]["changeNumber"]
        opened(chromium, remote)
        before = [url for url in chromium.requested if url.endswith("/taps")]
        chromium.evaluate("document.getElementById('taps').closest('details').open = true")
        chromium.until("document.getElementById('taps-count').textContent !== ''")
        chromium.until(f"document.getElementById('taps').textContent.includes('change {pushed}')")
        shown = chromium.text("#taps")

    assert [] == before
    assert "host" in shown
    assert "lobby-1" in shown
    assert [] == chromium.complaints


def test_a_name_that_turns_text_turns_its_own_alone(chromium: Browser, remote: Remote) -> None:
    """A session and a gamertag with an override to the left: the text beside them reads as usual."""
    remote.ask(
        "POST",
        "/state",
        {
            "users": [{"role": "host", "gamertag": f"{OVERRIDE}evil"}],
            "sessions": [{"name": f"{OVERRIDE}lobby", "members": ["host"]}],
        },
    )
    remote.post(
        remote.ask("GET", "/users/host").json, {**activity(), "sessionRef": {**REF, "name": f"{OVERRIDE}lobby"}}
    )
    opened(chromium, remote)
    rows_until(chromium, 1)
    chromium.click("tr.entry")
    outside = chromium.evaluate(f"""
        (() => {{
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (texts.nextNode()) {{
            const within = texts.currentNode.parentElement;
            const isApart = within.closest('bdi, script, style, pre, td.mono');
            if (texts.currentNode.data.includes({json.dumps(OVERRIDE)}) && !isApart) found.push(within.outerHTML);
          }}
          return found;
        }})()""")
    order = chromium.evaluate("""
        (() => {
          const about = document.querySelector('td.asked .about').getBoundingClientRect();
          const kind = document.querySelector('td.asked .tag').getBoundingClientRect();
          return kind.right <= about.left;
        })()""")

    assert [] == outside
    assert order
    assert [] == chromium.complaints
