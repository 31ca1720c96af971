"""niquests, and what uses urllib3-future beside it: tox -e niquests, since it replaces urllib3."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import requests
import urllib3

from handlesfake.errors import Escaped
from handlesfake.exchange.outcome import Answer, Forward
from handlesfake.intercept.registry import registry
from tests.intercept.loopback import Loopback
from tests.intercept.stub import URL, Stub
from tests.patience import PATIENCE

niquests = pytest.importorskip("niquests", reason="it takes the place of urllib3: tox -e niquests")

Ask = Callable[..., Any]


def blocking(url: str, session: dict[str, Any] | None = None, **words: Any) -> Any:
    """A POST with the blocking client."""
    with niquests.Session(**session or {}) as client:
        return client.post(url, data=b"{}", timeout=PATIENCE, **words)


def in_a_task(url: str, session: dict[str, Any] | None = None, **words: Any) -> Any:
    """The same with the client for tasks."""

    async def main() -> Any:
        async with niquests.AsyncSession(**session or {}) as client:
            return await client.post(url, data=b"{}", timeout=PATIENCE, **words)

    return asyncio.run(main())


@pytest.fixture(params=[blocking, in_a_task])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Each client of niquests."""
    given: Ask = request.param
    return given


@pytest.mark.parametrize("first", ["urllib3", "requests", "niquests", "urllib3_future"])
def test_it_is_imported_after_the_double_has_started(first: str) -> None:
    """Its import brings that of http.client, whose seam is in the module that is just being imported for it."""
    script = f"""
import sys
import handlesfake
with handlesfake.fake() as mpsd:
    import {first}
    import niquests, requests
    for client in (niquests, requests):
        assert 404 == client.get("https://sessiondirectory.xboxlive.com/handles/1", headers=mpsd.user("host").headers).status_code
    assert 2 == len(mpsd.journal)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


def test_requests_and_urllib3_stand_on_it_too(double: Stub) -> None:
    """They use what niquests brings: their requests are intercepted as usual."""
    assert hasattr(urllib3, "AsyncPoolManager")
    with requests.Session() as session, urllib3.PoolManager() as pool:
        got = [session.post(URL, data=b"x").status_code, pool.request("POST", URL, body=b"x").status]

    assert [200, 200] == got
    assert ["urllib3", "urllib3"] == double.clients


@pytest.mark.parametrize(
    "session",
    [{}, {"disable_http1": True}, {"multiplexed": True}, {"resolver": "doh+cloudflare://"}],
    ids=lambda words: "-".join(words) or "plain",
)
def test_it_speaks_http1_and_asks_no_resolver(ask: Ask, session: dict[str, Any], double: Stub) -> None:
    """Whatever versions and names the session was given, nothing leaves the machine."""
    response = ask(URL, session)

    assert (200, 11) == (response.status_code, response.http_version)
    assert 1 == len(double.requests)


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "https://127.0.0.1:9"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_changes_nothing(ask: Ask, proxy: str, scheme: str, double: Stub) -> None:
    """No proxy is connected to, be it for a tunnel or for a whole address."""
    url = URL.replace("https", scheme)

    assert 200 == ask(url, proxies={scheme: proxy}).status_code


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("proxies", [{}, {"http": "http://proxy.invalid:1", "https": "http://proxy.invalid:1"}])
def test_it_races_no_addresses(ask: Ask, scheme: str, proxies: dict[str, str], double: Stub) -> None:
    """``happy_eyeballs=True`` looks a host up before it connects; there is nothing to look up, with a proxy neither."""
    url = URL.replace("https", scheme)

    assert 200 == ask(url, {"happy_eyeballs": True}, proxies=proxies).status_code


def test_what_its_response_tells_of_the_connection_is_there(ask: Ask, double: Stub) -> None:
    """A version and latencies, from the first request on, and no certificate."""
    told = ask(URL).conn_info

    assert "HTTP/1.1" == told.http_version.value
    assert 0 == told.established_latency.total_seconds()
    assert told.certificate_der is None


def test_a_kept_connection_leads_where_it_should(start: Callable[..., Stub]) -> None:
    """From one double to the next, and back, over one session."""

    async def main() -> list[int]:
        async with niquests.AsyncSession() as session:
            counts = []
            for _ in range(2):
                double = start()
                for _ in range(2):
                    await session.get(URL)
                counts.append(len(double.requests))
                registry.stop(double)
            return counts

    assert [2, 2] == asyncio.run(main())


def test_without_a_double_it_is_refused(ask: Ask, double: Stub) -> None:
    """As every client: the real MPSD is not asked."""
    registry.stop(double)

    with pytest.raises(Escaped, match="a request for sessiondirectory.xboxlive.com was refused"):
        ask(URL)


def test_another_host_is_left_alone(ask: Ask, double: Stub, server: Loopback) -> None:
    """Its own connections, over its own HTTP."""
    assert 203 == ask(f"http://{server.authority}/handles").status_code
    assert [] == double.requests


def test_a_double_that_forwards_sends_the_very_bytes(ask: Ask, start: Callable[..., Stub], server: Loopback) -> None:
    """Over a connection of the client's own; the answer reaches double and client."""
    double = start(lambda request: Forward(lambda real: Answer(real, "real service")), hosts=(server.authority,))
    response = ask(f"http://{server.authority}/handles")

    assert (203, {"real": True}) == (response.status_code, response.json())
    assert ([b"{}"], 1) == (server.bodies, len(double.departed))
