"""The second net, below every seam: MPSD is not looked up."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable

import httpx
import pytest
import requests

from handlesfake.errors import Escaped
from handlesfake.intercept import clients
from handlesfake.intercept.install import SEAMS
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST
from tests.intercept.stub import Stub


@pytest.mark.parametrize("name", [MPSD_HOST, MPSD_HOST.upper(), MPSD_HOST.encode(), MPSD_HOST + "."])
def test_a_look_up_of_mpsd_is_refused(double: Stub, name: str | bytes) -> None:
    """What comes by no road of ours ends at the look-up, and the registry remembers it."""
    with pytest.raises(Escaped) as raised:
        socket.create_connection((name, 443))

    assert [raised.value] == registry.escapes


def test_the_refusal_of_a_look_up_says_what_to_do(double: Stub) -> None:
    """The message names the double, the thread and the other road."""
    with pytest.raises(Escaped) as raised:
        socket.getaddrinfo(MPSD_HOST, "https")

    assert (
        "a look-up of sessiondirectory.xboxlive.com was refused: requests for it go to the double of "
        "a_test, never to the network.\n"
        "  asked by thread 'MainThread', on a road that handlesfake does not carry\n"
        "  it carries http.client, urllib, urllib3, requests, botocore, httpx, aiohttp and niquests; for any other\n"
        "  client use a real port: the fixture mpsd_server, or    handlesfake serve"
    ) == str(raised.value)


KIN = {"httpx2": "httpx", "urllib3_future": "niquests"}
"""Modules that the message means by the name of another."""


def test_each_client_with_a_seam_is_named(double: Stub) -> None:
    """A client more is one more in the message."""
    met = {name for name, (module, _) in SEAMS.items() if module.startswith(clients.__name__)}
    with pytest.raises(Escaped) as raised:
        socket.getaddrinfo(MPSD_HOST, "https")
    named = str(raised.value).partition("it carries ")[2].partition(";")[0]

    assert {"http.client", "aiohttp"} <= met
    assert set() == {KIN.get(name, name) for name in met} - {*re.split(r", | and ", named)}


def test_a_seam_that_another_tool_took_away_is_named(double: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that had begun before the first double, and ends within it, leaves the client without a seam."""
    own = httpx.HTTPTransport.handle_request.__wrapped__  # type: ignore[attr-defined]  # it has our seam
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", own)
    with pytest.raises(Escaped) as raised:
        httpx.get(f"https://{MPSD_HOST}/handles/1")

    assert (
        "a look-up of sessiondirectory.xboxlive.com was refused: requests for it go to the double of "
        "a_test, never to the network.\n"
        "  asked by thread 'MainThread', on a road that handlesfake carries no more: HTTPTransport.handle_request is "
        "the client's own again\n"
        "  another tool, which had begun before the first double, has ended and put it back\n"
        "  let the double end before it, or begin before it"
    ) == str(raised.value)


def test_other_names_are_looked_up(double: Stub) -> None:
    """Names of other hosts, and no name at all, are looked up as usual."""
    assert socket.getaddrinfo("127.0.0.1", 80)
    assert socket.getaddrinfo(None, 80)
    assert [] == registry.escapes


def test_the_real_mpsd_is_guarded_whatever_a_double_takes_for_it(start: Callable[..., Stub]) -> None:
    """A double of another host leaves the real one guarded, at the look-up and on every road above it."""
    start(hosts=("mpsd.test", "localhost:9"), name="a_test")
    message = (
        "a request for sessiondirectory.xboxlive.com was refused: "
        "the double of a_test answers for mpsd.test, localhost:9 alone.\n"
        "  let it answer here too, in the ini file or in Python:\n"
        "      mpsd_hosts = mpsd.test localhost:9 sessiondirectory.xboxlive.com\n"
        "      handlesfake.fake(hosts=('mpsd.test', 'localhost:9', 'sessiondirectory.xboxlive.com'))\n"
        '  or let real traffic through:    pytest --mpsd-allow-real    or    @pytest.mark.mpsd(mode="real")'
    )

    for ask in (
        lambda: socket.getaddrinfo(MPSD_HOST, 443),
        lambda: requests.get(f"https://{MPSD_HOST}/handles/1"),
        lambda: httpx.get(f"https://{MPSD_HOST}/handles/1"),
    ):
        with pytest.raises(Escaped) as raised:
            ask()

        assert message == str(raised.value)


def test_the_real_mpsd_stays_guarded_after_a_double_of_another_host(start: Callable[..., Stub]) -> None:
    """Once the double has stopped, the real one is as guarded as its own; with real traffic allowed, neither is."""
    registry.stop(start(hosts=("mpsd.test",), name="a_test"))

    with pytest.raises(Escaped, match="the double of a_test has stopped"):
        registry.double_for(MPSD_HOST, 443)
    with registry.lifted():
        assert registry.double_for(MPSD_HOST, 443) is None
