"""What pages of other web sites attempt in a real Chromium; nothing of it reaches the control interface."""

from __future__ import annotations

import http.server
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from handlesfake.double.double import Double
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.server.browser import CHROMIUM, Browser, browser

# tox -e browser fails without one, and does not pass over it
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and "HANDLESFAKE_BROWSER" not in os.environ, reason="there is no Chromium here"
)

EVIL = "evil.example"
"""A made-up host that the browser is told to find at 127.0.0.1, as a resolver of the attacker would tell it."""

TOLD = "mpsd.test"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests, for which the made-up names lead to this machine."""
    rules = f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP {TOLD} 127.0.0.1"
    with browser(tmp_path_factory.mktemp("profile"), rules) as made:
        yield made


@pytest.fixture
def site() -> Iterator[Site]:
    """A server with one known name, with a user whose token is worth stealing."""
    double = Double(Options.of(name="a test of what pages attempt"))
    double.user("host")
    made = Site(double, Address(names=(TOLD,)))
    double.user("guest")  # a reset would forget it
    with in_thread(made):
        yield made


class Blank(http.server.BaseHTTPRequestHandler):
    """A page of another site."""

    def do_GET(self) -> None:
        """An empty document."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>blank</title>")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def other_site() -> Iterator[int]:
    """The port of another server of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Blank)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def port_of(site: Site) -> int:
    """Where it listens."""
    return int(site.places.url.rpartition(":")[2])


def state_of(site: Site) -> list[Any]:
    """What an attack would change."""
    core = site.worlds.core("")
    return [site.worlds[""].double.dump(), core.world.roles, core.rules.counts(), [one.id for one in site.worlds]]


ATTEMPTS = """(async () => {
  const control = %s;
  const ask = async (path, init) => {
    try {
      const answer = await fetch(control + path, init);
      return `${answer.type} ${answer.status} ${await answer.text()}`;
    } catch (error) { return "blocked"; }
  };
  const text = { "Content-Type": "text/plain" };
  const rule = JSON.stringify({ rules: [{ then: { refuse: "throttled" } }] });
  const heard = [];
  for (const mode of ["cors", "no-cors"]) {
    heard.push(await ask("/users", { mode }), await ask("/users/made", { mode }), await ask("/state", { mode }));
    heard.push(await ask("/users", { mode, method: "POST", headers: text, body: '{"role": "made"}' }));
    heard.push(await ask("/rules", { mode, method: "POST", headers: text, body: rule }));
    heard.push(await ask("/reset", { mode, method: "POST" }));
  }
  heard.push(await ask("/users/made", { method: "PUT" }), await ask("/rules", { method: "DELETE" }));
  navigator.sendBeacon(control + "/users", '{"role": "made"}');
  const loaded = (tag, path) => new Promise((resolve) => {
    const element = document.createElement(tag);
    element.onload = () => resolve(tag + " loaded");
    element.onerror = () => resolve(tag + " failed");
    element.src = control + path;
    document.body.append(element);
  });
  heard.push(await loaded("img", "/users/made"), await loaded("script", "/users"));
  await loaded("iframe", "/");
  heard.push(await new Promise((resolve) => {
    const socket = new WebSocket(control.replace("http", "ws") + "/users");
    socket.onopen = () => resolve("socket open");
    socket.onerror = () => resolve("socket failed");
  }));
  return heard;
})()"""

READABLE = """(async () => {
  const answer = await fetch("/_handlesfake/users");
  return [answer.status, await answer.text()];
})()"""


@pytest.mark.parametrize("host", [EVIL, "127.0.0.1"])
def test_a_page_of_another_origin_reaches_nothing(chromium: Browser, site: Site, host: str) -> None:
    """Of another site, and of another port of this machine: each attempt is 403 or never sent, and nothing is read."""
    before, token = state_of(site), site.worlds[""].double.user("host").authorization
    with other_site() as port:
        chromium.open(f"http://{host}:{port}/")
        chromium.until("document.title === 'blank'")
        heard = chromium.evaluate(ATTEMPTS % json.dumps(site.places.control))
    answered = {status for url, status in chromium.answered if url.startswith(site.places.control)}

    assert {"blocked", "opaque 0 ", "img failed", "script failed", "socket failed"} == set(heard)
    assert {403} == answered - {404}, chromium.answered
    assert before == state_of(site)
    assert token not in json.dumps(heard)


def test_a_page_that_rebinds_its_name_reaches_nothing(chromium: Browser, site: Site) -> None:
    """By its name the page is of the server's own origin: every request is sent, can be read, and is 403."""
    before = state_of(site)
    chromium.open(f"http://{EVIL}:{port_of(site)}/nothing")  # the service answers to any name: a document of evil's
    chromium.until(f"location.hostname === '{EVIL}' && document.readyState === 'complete'")
    heard = chromium.evaluate(ATTEMPTS % '"/_handlesfake"')
    status, text = chromium.evaluate(READABLE)

    assert [403, True] == [status, f"--name {EVIL}" in text]
    assert set() == {one for one in heard if " 200 " in one or one in ("img loaded", "socket open")}
    assert before == state_of(site)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "page.localhost", TOLD])
def test_the_live_page_by_a_name_that_was_told(chromium: Browser, site: Site, host: str) -> None:
    """The same fetch is answered there: what refuses the others is their names, and no other hurdle."""
    chromium.open(f"http://{host}:{port_of(site)}/_handlesfake/")
    chromium.until("!!document.querySelector('.live.on')")
    status, text = chromium.evaluate(READABLE)

    assert [200, "host"] == [status, json.loads(text)[0]["role"]]
