"""The replacement of the sign-in of Xbox Live: it answers what the Python packages ask, and says who has asked what.

``python -m tests.real_clients.sign_in FOLDER`` listens on port 443 of 127.0.0.2, with a certificate of the authority in FOLDER.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any
from urllib.parse import parse_qs

import trustme

HOSTS = ("login.live.com", "user.auth.xboxlive.com", "xsts.auth.xboxlive.com")
XUID = "9000000000000071"
REFRESH, ACCESS, USER, XSTS = "made-up-refresh", "made-up-access", "made-up-user", "made-up-xsts"


def answer(host: str, body: bytes) -> dict[str, Any]:
    """What ``host`` says; an error where the one before was not asked first."""
    if host == "login.live.com":
        assert [REFRESH] == parse_qs(body.decode())["refresh_token"]
        return {
            "token_type": "bearer",
            "expires_in": 3600,
            "scope": "",
            "access_token": ACCESS,
            "refresh_token": REFRESH,
            "user_id": "made-up",
        }
    properties = json.loads(body)["Properties"]
    if host == "user.auth.xboxlive.com":
        assert f"d={ACCESS}" == properties["RpsTicket"]
        return token(USER, {"uhs": f"uhs-{XUID}"})
    assert [USER] == properties["UserTokens"]
    return token(XSTS, {"uhs": f"uhs-{XUID}", "xid": XUID, "gtg": "MadeUp"})


def token(text: str, claims: dict[str, str]) -> dict[str, Any]:
    """A token that is good for a day."""
    now = datetime.now(UTC)
    until = now + timedelta(days=1)
    return {
        "IssueInstant": now.isoformat(),
        "NotAfter": until.isoformat(),
        "Token": text,
        "DisplayClaims": {"xui": [claims]},
    }


class SignIn(BaseHTTPRequestHandler):
    """One request."""

    def do_POST(self) -> None:
        """Answer it."""
        host = self.headers["Host"]
        raw = json.dumps(answer(host, self.rfile.read(int(self.headers["Content-Length"])))).encode()
        print(host, flush=True)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing else."""


def main(folder: Path) -> None:
    """Serve until it is ended."""
    authority = trustme.CA.from_pem((folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes())
    context = SSLContext(PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    server = HTTPServer(("127.0.0.2", 443), SignIn)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
