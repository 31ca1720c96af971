"""A server that plays sign-in: clients reach each of its hosts by name and certificate, and say who signs in."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from typing import Any
from urllib.parse import urlencode, urlsplit

import handlesfake
from tests.patience import PATIENCE


def ask(server: Any, address: str, body: str, headers: dict[str, str] | None = None) -> Any:
    """The JSON that a client gets that looks for the host of ``address`` behind TLS, and is led to the server."""
    place, (host, _, path) = urlsplit(server.url), address.partition("/")
    context = ssl.create_default_context(cafile=server.ca_file)
    raw = socket.create_connection((place.hostname, place.port), timeout=PATIENCE)
    connection = http.client.HTTPConnection(host)
    connection.sock = context.wrap_socket(raw, server_hostname=host)
    try:
        connection.request("POST", f"/{path}", body, headers or {})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_a_sign_in_by_name_and_certificate() -> None:
    """From a device code to MPSD, over five hosts with one certificate."""
    with handlesfake.fake(services=["sign_in"]) as mpsd, handlesfake.serve(mpsd) as server:
        mpsd.user("host")
        guest = mpsd.user("guest", signs_in=True)
        lobby = mpsd.session("lobby-1", members=[guest])
        code = ask(server, "login.live.com/oauth20_connect.srf", "client_id=1")["device_code"]
        poll = urlencode({"client_id": "1", "grant_type": "device_code", "device_code": code})
        access = ask(server, "login.live.com/oauth20_token.srf", poll)["access_token"]
        ticket = json.dumps({"Properties": {"RpsTicket": f"t={access}"}})
        user = ask(server, "user.auth.xboxlive.com/user/authenticate", ticket)["Token"]
        wanted = json.dumps({"RelyingParty": "http://xboxlive.com", "Properties": {"UserTokens": [user]}})
        xsts = ask(server, "xsts.auth.xboxlive.com/xsts/authorize", wanted)
        token = f"XBL3.0 x={xsts['DisplayClaims']['xui'][0]['uhs']};{xsts['Token']}"
        activity = json.dumps({"type": "activity", "version": 1, "sessionRef": lobby.ref})
        headers = {"Authorization": token, "X-Xbl-Contract-Version": "107", "Content-Type": "application/json"}
        ask(server, "sessiondirectory.xboxlive.com/handles", activity, headers)

        mpsd.assert_activity("guest", session=lobby)

    assert ["sign_in"] * 4 + ["mpsd"] == [entry.service for entry in mpsd.journal]
