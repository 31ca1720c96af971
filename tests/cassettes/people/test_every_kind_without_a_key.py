"""A request with people of any kind plays back without the key of its recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

import handlesfake
from handlesfake.cassettes.people.pseudonym_key import VARIABLE
from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.service import Service, serving
from tests.transports import by_requests

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PEOPLE = {
    "friendXuid": str((9 << 48) + 4711),
    "gamertag": "Velvet Otter 41",
    "nickname": "Velvet Otter#4711",
    "deviceId": "85B40569-7CB3-45C6-B167-48536A6E2174",
    "ipAddress": "81.2.69.160",
    "ipv6": "2a02:8070:1::7",
    "avatar": "https://images.example/1.png",
    "email": "otter.holt@mail.example",
    "phone": "+1 202-555-0143",
    "birthday": "1991-04-17",
    "dob": "04/17/1991",
    "macAddress": "A4:83:E7:12:9F:0B",
    "machineName": "HOLT-LAPTOP",
    "loginName": "otter.holt",
    "street": "12/3 Holt Street",
    "location": "51.100020,-1.600030",
    "cardNumber": "5105 1051 0510 5100",
    "iban": "DE89 3704 0044 0532 0130 00",
    "chat": "see you on Friday",
    "owner": "S-1-5-21-3623811015-3361044348-30300820-1013",
    "ssid": "Otter Holt 5G",
}


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """A host that answers everybody; on a machine without a key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    with serving() as running:
        monkeypatch.setattr(running, "serve", lambda _: Response(200, Headers([("Content-Type", JSON)]), b"{}"))
        yield running


@pytest.mark.parametrize("kind", [JSON, FORM])
@pytest.mark.parametrize("name", PEOPLE)
def test_a_request_plays_back(
    name: str, kind: str, other: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As JSON and as a form."""
    sent = {name: PEOPLE[name], "seat": "2"}
    body, path = (json.dumps(sent) if kind == JSON else urlencode(sent)).encode(), tmp_path / "lobby.yaml"

    def ask() -> int:
        return by_requests("POST", f"http://{other.authority}/people", [("Content-Type", kind)], body)[0]

    monkeypatch.setenv(VARIABLE, "a key of whoever has recorded")
    with handlesfake.record(path, credentials=CREDENTIALS, record_hosts=(other.authority,)):
        ask()
    monkeypatch.delenv(VARIABLE)
    with handlesfake.replay(path, record_hosts=(other.authority,)):
        again = ask()

    assert 200 == again
    assert PEOPLE[name] not in path.read_text()
