"""A person that only a later exchange shows is found again in the request before it."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.people.pseudonym_key import VARIABLE
from tests.cassettes.accounts import CREDENTIALS, by_http_client
from tests.cassettes.scrubbing.planted_secrets import Exchange
from tests.cassettes.scrubbing.secret_search import answering

JSON = [("Content-Type", "application/json")]
TAG = "SleepyWombat4711"


def note(url: str, authorization: str, tag: str = TAG) -> int:
    """A note for a person; its status."""
    body = f'{{"note": "for {tag}"}}'.encode()
    return by_http_client("POST", f"{url}/handles", [("Authorization", authorization), *JSON], body)[0]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cassette whose first request has a person that its second answer names."""
    monkeypatch.setenv(VARIABLE, "a key of the tests")
    exchanges = [
        Exchange("POST", "/handles", [], b"", 201, JSON, b"{}"),
        Exchange("POST", "/handles", [], b"", 201, JSON, f'{{"gamertag":"{TAG}"}}'.encode()),
    ]
    found = tmp_path / "lobby.yaml"
    with (
        answering(exchanges) as service,
        handlesfake.record(found, credentials=CREDENTIALS, hosts=[service.authority]),
    ):
        url, authorization = f"http://{service.authority}", CREDENTIALS["host"]["authorization"]
        note(url, authorization)
        by_http_client("POST", f"{url}/handles", [("Authorization", authorization), *JSON], b'{"type": "invite"}')
    return found


@pytest.mark.parametrize("key", ["a key of the tests", "another key of the tests"])
def test_with_the_key_and_without(key: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the pseudonym that is made for that one, and without the key by its place."""
    monkeypatch.setenv(VARIABLE, key)

    assert TAG not in path.read_text()
    with handlesfake.replay(path) as mpsd:
        assert 201 == note("https://sessiondirectory.xboxlive.com", mpsd.user("host").authorization)


def test_somebody_else_is_somebody_else(path: Path) -> None:
    """With the key, a pseudonym matches no other person."""
    with handlesfake.replay(path) as mpsd, mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded):
        note("https://sessiondirectory.xboxlive.com", mpsd.user("host").authorization, "AnotherWombat12")
