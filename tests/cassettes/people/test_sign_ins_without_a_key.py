"""A sign-in has a person and a secret in one body: it plays back where the key of its recording is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.people.pseudonym_key import VARIABLE
from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.accounts import CREDENTIALS
from tests.cassettes.service import Service, serving
from tests.transports import by_requests

XML, JSON, FORM = "application/soap+xml", "application/json", "application/x-www-form-urlencoded"


def decimal(text: str) -> str:
    """Each character as a decimal entity."""
    return "".join(f"&#{ord(char)};" for char in text)


def hexadecimal(text: str) -> str:
    """Each character as a hexadecimal entity."""
    return "".join(f"&#x{ord(char):x};" for char in text)


def escaped(text: str) -> str:
    """Each character as an escape of JSON."""
    return "".join(f"\\u{ord(char):04x}" for char in text)


def percent(text: str) -> str:
    """Each character as a percent escape."""
    return "".join(f"%{ord(char):02X}" for char in text)


SOAP = "<s:E xmlns:s='urn:s'><Username>{user}</Username><Password>{password}</Password></s:E>"
TYPED, QUERY = '{{"username": "{user}", "password": "{password}"}}', "username={user}&password={password}&seat=2"
BODIES = {
    "XML": (XML, SOAP, str),
    "XML in decimal entities": (XML, SOAP, decimal),
    "XML in hexadecimal entities": (XML, SOAP, hexadecimal),
    "JSON": (JSON, TYPED, str),
    "JSON in escapes": (JSON, TYPED, escaped),
    "form": (FORM, QUERY, str),
    "form in percent escapes": (FORM, QUERY, percent),
}


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """A host that lets everybody in; on a machine without a key."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    with serving() as running:
        monkeypatch.setattr(running, "serve", lambda _: Response(200, Headers([("Content-Type", JSON)]), b"{}"))
        yield running


@pytest.mark.parametrize("spelling", BODIES)
def test_a_sign_in_plays_back(spelling: str, other: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However its body is written; a second person in the same place is a miss, as elsewhere."""
    kind, body, written = BODIES[spelling]
    path, url = tmp_path / "lobby.yaml", f"http://{other.authority}/login"

    def sign_in(user: str, password: str) -> int:
        sent = body.format(user=written(user), password=written(password)).encode()
        return by_requests("POST", url, [("Content-Type", kind)], sent)[0]

    monkeypatch.setenv(VARIABLE, "a key of whoever has recorded")
    with handlesfake.record(path, credentials=CREDENTIALS, record_hosts=(other.authority,)):
        before = [sign_in("otter", "tulip-7-fern"), sign_in("otter", "tulip-7-fern")]
    monkeypatch.delenv(VARIABLE)
    with handlesfake.replay(path, record_hosts=(other.authority,)):
        again = [sign_in("otter", "tulip-7-fern"), sign_in("otter", "another-7-fern")]

    assert [200, 200] == before == again
    assert "tulip-7-fern" not in path.read_text()
    with pytest.raises(handlesfake.NotRecorded), handlesfake.replay(path, record_hosts=(other.authority,)):
        sign_in("otter", "tulip-7-fern")
        sign_in("badger", "tulip-7-fern")
