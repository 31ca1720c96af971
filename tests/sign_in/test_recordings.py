"""A recorded sign-in: none of its secrets is in the file, and it is replayed to a client that has others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

import handlesfake
from handlesfake.cli import main
from tests.services import har

LIVE = "https://login.live.com"
REAL, HASH = "2533274999999991", "9876543210123456789"
SECRETS = {
    name: f"{name}Q7x{number}vT2kR9mW4zB8nL1cY6pD3hF5jG0sA"
    for number, name in enumerate(
        [
            *("deviceCode", "access", "refresh", "authorization", "verifier", "clientSecret", "device", "title"),
            *("user", "xsts", "proofX", "proofY", "signature", "session", "state", "cookie", "nextRefresh"),
        ]
    )
}
USER_CODE, OF_MICROSOFT, DEVICE_ID = "QX7K9RTV", "00037ffea1b2c3d4", "F50CDD8781FF4476"
PAGE = f"{LIVE}/oauth20_authorize.srf?" + urlencode(
    {"client_id": "1", "response_type": "code", "redirect_uri": "http://localhost/back", "state": SECRETS["state"]}
)


def token(name: str, claims: Any) -> dict[str, Any]:
    """A token of Xbox Live."""
    return {
        "IssueInstant": "2026-01-06T10:00:00.1234567Z",
        "NotAfter": "2026-01-20T10:00:00.1234567Z",
        "Token": SECRETS[name],
        "DisplayClaims": claims,
    }


USER = token("user", {"xui": [{"uhs": HASH}]})
XSTS = token("xsts", {"xui": [{"gtg": "RealTag", "xid": REAL, "uhs": HASH, "agg": "Adult", "usr": "", "prv": "254"}]})
TITLE = token("title", {"xti": {"tid": "1234567890"}})
KEY = {"use": "sig", "alg": "ES256", "kty": "EC", "crv": "P-256", "x": SECRETS["proofX"], "y": SECRETS["proofY"]}
OAUTH = {
    "token_type": "bearer",
    "expires_in": 86400,
    "scope": "service::user.auth.xboxlive.com::MBI_SSL",
    "access_token": SECRETS["access"],
    "refresh_token": SECRETS["refresh"],
    "user_id": OF_MICROSOFT,
}
POLL = {"client_id": "1", "grant_type": "device_code", "device_code": SECRETS["deviceCode"]}


def properties(**words: Any) -> dict[str, Any]:
    """A request for a token."""
    return {"RelyingParty": "http://auth.xboxlive.com", "TokenType": "JWT", "Properties": words}


def entry(
    url: str, body: Any, answer: Any, *, form: bool = False, headers: dict[str, str] | None = None, status: int = 200
) -> dict[str, Any]:
    """An exchange as a browser writes it; a GET where there is no body."""
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    text = "" if answer is None else json.dumps(answer)
    answered = {"Set-Cookie": f"s={SECRETS['cookie']}", **(headers or {})}
    answered |= {"Content-Type": "application/json"} if text else {}
    secret = [("Signature", SECRETS["signature"]), ("Cookie", f"s={SECRETS['cookie']}")]
    if body is None:
        return har.exchange("GET", url, headers=secret, status=status, answered=answered.items(), text=text)
    sent = urlencode(body) if form else json.dumps(body)
    said = [("Content-Type", kind), *secret]
    return har.exchange(
        "POST", url, headers=said, sent=sent, kind=kind, status=status, answered=answered.items(), text=text
    )


ENTRIES = [
    entry(
        f"{LIVE}/oauth20_connect.srf",
        {"client_id": "1", "scope": "s"},
        {
            "user_code": USER_CODE,
            "device_code": SECRETS["deviceCode"],
            "verification_uri": "https://www.microsoft.com/link",
            "expires_in": 900,
            "interval": 5,
        },
        form=True,
    ),
    entry(f"{LIVE}/oauth20_token.srf", POLL, OAUTH, form=True),
    entry(
        f"{LIVE}/oauth20_token.srf",
        {"client_id": "1", "grant_type": "refresh_token", "refresh_token": SECRETS["refresh"]},
        {**OAUTH, "refresh_token": SECRETS["nextRefresh"]},
        form=True,
    ),
    entry(
        PAGE,
        None,
        None,
        headers={
            "Content-Length": "0",
            "Location": f"http://localhost/back?code={SECRETS['authorization']}&state={SECRETS['state']}",
        },
        status=302,
    ),
    entry(
        f"{LIVE}/oauth20_token.srf",
        {
            "client_id": "1",
            "grant_type": "authorization_code",
            "code": SECRETS["authorization"],
            "code_verifier": SECRETS["verifier"],
            "client_secret": SECRETS["clientSecret"],
        },
        OAUTH,
        form=True,
    ),
    entry(
        "https://device.auth.xboxlive.com/device/authenticate",
        properties(AuthMethod="ProofOfPossession", Id="{made-up}", DeviceType="Android", ProofKey=KEY),
        token("device", {"xdi": {"did": DEVICE_ID, "dcs": "0"}}),
    ),
    entry(
        "https://title.auth.xboxlive.com/title/authenticate",
        properties(AuthMethod="RPS", DeviceToken=SECRETS["device"], RpsTicket=f"t={SECRETS['access']}"),
        TITLE,
    ),
    entry(
        "https://user.auth.xboxlive.com/user/authenticate",
        properties(AuthMethod="RPS", SiteName="user.auth.xboxlive.com", RpsTicket=f"t={SECRETS['access']}"),
        USER,
    ),
    entry(
        "https://xsts.auth.xboxlive.com/xsts/authorize",
        properties(
            UserTokens=[SECRETS["user"]],
            DeviceToken=SECRETS["device"],
            TitleToken=SECRETS["title"],
            ProofKey=KEY,
            SandboxId="RETAIL",
        ),
        XSTS,
    ),
    entry(
        "https://sisu.xboxlive.com/authenticate",
        {"AppId": "1", "DeviceToken": SECRETS["device"], "Query": {"state": SECRETS["state"]}},
        {"MsaOauthRedirect": PAGE, "MsaRequestParameters": {}},
        headers={"X-SessionId": SECRETS["session"]},
    ),
    entry(
        "https://sisu.xboxlive.com/authorize",
        {
            "AccessToken": f"t={SECRETS['access']}",
            "DeviceToken": SECRETS["device"],
            "SessionId": SECRETS["session"],
            "ProofKey": KEY,
        },
        {"DeviceToken": SECRETS["device"], "TitleToken": TITLE, "UserToken": USER, "AuthorizationToken": XSTS},
    ),
    entry(
        "https://title.mgt.xboxlive.com/titles/current/endpoints",
        None,
        {"EndPoints": [{"Protocol": one, "Host": "*", "HostType": "wildcard"} for one in ("http", "https")]},
    ),
]
HOSTS = (
    *("login.live.com", "device.auth.xboxlive.com", "title.auth.xboxlive.com", "user.auth.xboxlive.com"),
    *("xsts.auth.xboxlive.com", "sisu.xboxlive.com", "title.mgt.xboxlive.com"),
)


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """The capture as a cassette."""
    capture, path = tmp_path / "a.har", tmp_path / "sign_in.yaml"
    har.write(capture, ENTRIES)
    hosts = [word for host in HOSTS for word in ("--host", host)]
    words = ["--to", str(path), "--role", f"host={REAL}", *hosts, "--pseudonym-key", str(tmp_path / "key")]

    assert 0 == main(["import", str(capture), *words])
    return path


def test_its_secrets_are_gone(cassette: Path) -> None:
    """Codes, tokens, keys, the signature, the session and the people are not in the file, in no part of it."""
    text = cassette.read_text(encoding="utf-8")
    people = {"xuid": REAL, "hash": HASH, "gamertag": "RealTag", "code": USER_CODE, "account": OF_MICROSOFT}
    people["device"] = DEVICE_ID

    assert [] == [name for name, secret in {**SECRETS, **people}.items() if secret in text]


def test_the_scan_finds_nothing(cassette: Path) -> None:
    """The independent search agrees."""
    assert 0 == main(["scan", str(cassette)])


def test_it_is_replayed_to_a_client_with_other_secrets(cassette: Path) -> None:
    """A client that signs in again is led through the recording, and its tokens are placeholders."""
    with handlesfake.replay(cassette, services=["sign_in"]) as mpsd, httpx.Client() as http:
        code = http.post(f"{LIVE}/oauth20_connect.srf", data={"client_id": "1", "scope": "s"}).json()
        poll = {**POLL, "device_code": code["device_code"]}
        oauth = http.post(f"{LIVE}/oauth20_token.srf", data=poll).json()
        body = properties(AuthMethod="RPS", SiteName="user.auth.xboxlive.com", RpsTicket=f"t={oauth['access_token']}")
        user = http.post("https://user.auth.xboxlive.com/user/authenticate", json=body)

    assert (200, 86400) == (user.status_code, oauth["expires_in"])
    assert ["request_device_code", "request_token", "user_authenticate"] == [one.operation for one in mpsd.journal]


def test_a_device_token_is_new_in_each_run(cassette: Path) -> None:
    """Recorded as an id or as a secret: what a client sends that has signed in again is what was recorded."""
    base = "https://{}.xboxlive.com/{}".format
    new, key = {"DeviceToken": "a-new-device"}, {**KEY, "x": "new", "y": "new"}
    asked = {
        base("title.auth", "title/authenticate"): properties(AuthMethod="RPS", RpsTicket="t=new", **new),
        base("xsts.auth", "xsts/authorize"): properties(
            UserTokens=["new"], TitleToken="new", ProofKey=key, SandboxId="RETAIL", **new
        ),
        base("sisu", "authenticate"): {"AppId": "1", "Query": {"state": "kq3Zp0VvT8sXw2Lr9BnYtQ"}, **new},
        base("sisu", "authorize"): {
            "AccessToken": "t=new",
            "SessionId": "Yc7Jm1dQfR5uHs0KxWgE4z",
            "ProofKey": key,
            **new,
        },
    }
    with handlesfake.replay(cassette, services=["sign_in"]):
        statuses = [httpx.post(url, json=body).status_code for url, body in asked.items()]

    assert [200] * 4 == statuses


def test_the_fake_is_not_held_against_what_no_recording_has(
    cassette: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Codes and tokens are not in the recording: only the list of endpoints is compared."""
    status = main(["verify", str(cassette)])

    assert 0 == status
    assert "1 of 1 exchanges agree" in capsys.readouterr().out
