"""A server that plays a second service: clients reach it by its own host, and by that of its certificate."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import pytest

import handlesfake
from handlesfake.cli import main
from tests.patience import PATIENCE

MPA = "multiplayeractivity.xboxlive.com"
INVITE = json.dumps({"invitedUsers": ["3210"]})


def ask(server: Any, host: str, method: str, target: str, body: str, headers: dict[str, str]) -> int:
    """The status of a request by a client that looks for ``host`` behind TLS, and is led to the server."""
    place = urlsplit(server.url)
    context = ssl.create_default_context(cafile=server.ca_file)
    raw = socket.create_connection((place.hostname, place.port), timeout=PATIENCE)
    connection = http.client.HTTPConnection(host)
    connection.sock = context.wrap_socket(raw, server_hostname=host)
    try:
        connection.request(method, target, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_by_name_and_certificate() -> None:
    """The certificate is good for the host of each service that is played, and the header says which is asked."""
    with handlesfake.fake(services=["mpa"]) as mpsd, handlesfake.serve(mpsd) as server:
        host = mpsd.user("host")
        lobby = mpsd.session("lobby-1", members=[host])
        by_mpa = ask(server, MPA, "POST", "/titles/1/invites", INVITE, dict(host.headers))
        upper = ask(server, MPA.upper(), "POST", "/titles/1/invites", INVITE, dict(host.headers))
        by_mpsd = ask(server, "sessiondirectory.xboxlive.com", "GET", lobby.path, "", dict(host.headers))

        mpsd.assert_invited("3210", service="mpa", times=2)

    assert [204, 204, 200] == [by_mpa, upper, by_mpsd]
    assert ["mpa", "mpa", "mpsd"] == [entry.service for entry in mpsd.journal]


@pytest.mark.filterwarnings("ignore::handlesfake.errors.UnroutedWarning")
def test_not_without_asking() -> None:
    """A server that plays MPSD alone has no certificate for another host."""
    wrong = pytest.raises(ssl.SSLCertVerificationError)
    with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server, wrong:
        ask(server, MPA, "POST", "/titles/1/invites", INVITE, {})


def test_an_unknown_service(capsys: pytest.CaptureFixture[str]) -> None:
    """The command names those that there are."""
    status = main(["serve", "--service", "mpx"])

    assert 2 == status
    assert "services 'mpx' is not known; did you mean 'mpa'? Known: mpa, sign_in." in capsys.readouterr().err
