"""Hosts other than MPSD that the code under test calls on its way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette
from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.conftest import call
from tests.cassettes.service import Service, serving
from tests.transports import CLIENTS, Client, by_requests


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A service that hands out tokens."""
    with serving() as running:
        answer = json.dumps({"Token": "made-up-token-of-sign-in", "DisplayClaims": {"xui": [{"uhs": "1234567890"}]}})
        headers = Headers([("Content-Type", "application/json")])
        monkeypatch.setattr(running, "serve", lambda _: Response(200, headers, answer.encode()))
        yield running


def evening(mpsd: handlesfake.Double, send: Client, hosts: tuple[str, str]) -> list[int]:
    """Sign in, then ask MPSD."""
    form = {"grant_type": "refresh_token", "refresh_token": "made-up-refresh-token"}
    return [
        call(send, "POST", f"http://{hosts[0]}/xsts/authorize", {}, form)[0],
        call(send, "GET", f"http://{hosts[1]}/handles/x", mpsd.user("host").headers, None)[0],
    ]


@pytest.mark.parametrize(
    "send", [by_requests, CLIENTS["httpx"], CLIENTS["aiohttp"]], ids=["requests", "httpx", "aiohttp"]
)
def test_a_sign_in_is_recorded_and_replayed(send: Client, sign_in: Service, service: Service, tmp_path: Path) -> None:
    """With its own host in the file, and without its tokens."""
    path, mpsd_host, other = tmp_path / "lobby.yaml", "localhost:" + service.authority.split(":")[1], "127.0.0.1"
    hosts = (sign_in.authority, mpsd_host)
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(mpsd_host,), record_hosts=(other,)) as mpsd:
        before = evening(mpsd, send, hosts)
    with handlesfake.replay(path, hosts=(mpsd_host,), record_hosts=(other,)) as mpsd:
        after = evening(mpsd, send, hosts)

    assert [200, 404] == before == after
    assert [other, "sessiondirectory.xboxlive.com"] == [one.request.host for one in load_cassette(path).interactions]
    assert 1 == len(service.requests)
    assert [] == [
        secret for secret in ("made-up-token", "made-up-refresh", "1234567890") if secret in path.read_text()
    ]


def test_a_host_that_is_not_named_is_left_alone(sign_in: Service, service: Service, tmp_path: Path) -> None:
    """It is asked for real, not recorded, and told in the report."""
    path, mpsd_host = tmp_path / "lobby.yaml", "localhost:" + service.authority.split(":")[1]
    with handlesfake.record(path, credentials=CREDENTIALS, hosts=(mpsd_host,)) as mpsd:
        evening(mpsd, by_requests, (sign_in.authority, mpsd_host))
    recording = mpsd.recording

    assert 1 == len(load_cassette(path).interactions)
    assert recording is not None
    assert "  not kept   requests to login.live.com" == recording.lines(["login.live.com"])[-2]
