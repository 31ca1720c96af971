"""An evening's traffic, sent through a capturing tool to a server that replaces MPSD: made-up people only.

``python -m tests.captures.evening HOST:PORT CA`` sends it over TLS to HOST:PORT as if that were MPSD.
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import ssl
import sys

HOST = "sessiondirectory.xboxlive.com"
XUIDS = {"host": "9000000000000071", "guest": "9000000000000072"}
"""Made up, as all xuids of the tests are."""

SCID = "7e570100-1111-4222-8333-444455556666"
SESSION = f"/serviceconfigs/{SCID}/sessionTemplates/duel/sessions/night-7"
REF = {"scid": SCID, "templateName": "duel", "name": "night-7"}


def join(role: str) -> dict[str, object]:
    """A member that joins."""
    system = {"xuid": XUIDS[role], "initialize": True}
    return {"members": {"me": {"constants": {"system": system}, "properties": {"system": {"active": True}}}}}


def requests() -> list[tuple[str, str, str, object]]:
    """Role, method, target and body of each request."""
    activity = {"version": 1, "type": "activity", "sessionRef": REF}
    invite = {"version": 1, "type": "invite", "sessionRef": REF, "invitedXuid": XUIDS["guest"]}
    return [
        ("host", "PUT", SESSION, {**join("host"), "properties": {"custom": {"map": "Château"}}}),
        ("host", "POST", "/handles", activity),
        ("host", "POST", "/handles", {**invite, "inviteAttributes": {"titleId": "1234567890"}}),
        ("guest", "PUT", SESSION, join("guest")),
        ("guest", "GET", SESSION.replace("night-7", "nowhere"), None),
    ]


def headers_of(role: str) -> dict[str, str]:
    """What the client of ``role`` sends, less what is about the body."""
    return {
        "Authorization": f"XBL3.0 x={'31415926' if role == 'host' else '27182818'};made-up-token-of-{role}-0123456789",
        "x-xbl-contract-version": "107",
        "User-Agent": "made-up-game/1",
    }


class _Rerouted(http.client.HTTPSConnection):
    """A connection to ``HOST`` that leads elsewhere."""

    def __init__(self, there: tuple[str, int], context: ssl.SSLContext) -> None:
        super().__init__(HOST, context=context, timeout=60)
        self._there, self._ssl = there, context

    def connect(self) -> None:
        """Connect there, and ask for ``HOST``."""
        self.sock = self._ssl.wrap_socket(socket.create_connection(self._there, timeout=60), server_hostname=HOST)


def send(authority: str, ca: str, *, packed: bool = False) -> list[int]:
    """Send it all over TLS; the statuses.

    :param ca: the file of the authority that is trusted.
    :param packed: request bodies are sent as gzip.
    """
    host, _, port = authority.rpartition(":")
    connection = _Rerouted((host, int(port)), ssl.create_default_context(cafile=ca))
    statuses = []
    for role, method, target, document in requests():
        body = json.dumps(document, ensure_ascii=False).encode() if document is not None else None
        headers = headers_of(role) | ({"Content-Type": "application/json"} if body else {})
        if packed and body:
            body, headers = gzip.compress(body, mtime=0), {**headers, "Content-Encoding": "gzip"}
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


if __name__ == "__main__":
    print(*send(sys.argv[1], sys.argv[2]))
