"""Cassettes of each format, and of each released version, stay readable: docs/cassette-format.md promises it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import handlesfake
from handlesfake.cassettes.cassette import Interaction, labelled
from handlesfake.cassettes.format.file_names import is_json
from handlesfake.cassettes.format.json_format import yaml_to_json
from handlesfake.cassettes.format.loading import load_cassette, load_cassette_text
from handlesfake.cassettes.format.reading import FORMAT
from handlesfake.cassettes.format.writing import Head, cassette_text, rendered
from handlesfake.errors import CassetteError
from handlesfake.mpsd.http.message import Headers, Request, Response
from tests.transports import CLIENTS

KEPT = Path(__file__).parent / "kept"
CHANGELOG = Path(__file__).parents[3] / "CHANGELOG.md"
ROLES = {"host": "9000000000000001", "guest": "9000000000000002"}
TESTS = ("tests/test_lobby.py::test_a_night",)
SESSION = "/serviceconfigs/7e570100-1111-4222-8333-444455556666/sessionTemplates/FakeLobby/sessions/lobby-1"
JSON = ("Content-Type", "application/json")
DATE = ("Date", "Tue, 06 Jan 2026 10:00:00 GMT")


def sent(role: str, *more: tuple[str, str]) -> Headers:
    """The headers of a request of ``role``."""
    return Headers([("Authorization", labelled(role)), ("X-Xbl-Contract-Version", "107"), *more])


def exchanges() -> list[tuple[Request, Response]]:
    """What each text file of format 1 holds: every kind of body, header and status."""
    spread = b'{\n  "levels": [\n    1,\n    2\n  ]\n}'
    return [
        (
            Request("PUT", SESSION, sent("host", JSON, ("If-Match", '"aa"')), b'{"members":{"me":{"active":true}}}'),
            Response(201, Headers([DATE, JSON, ("ETag", '"ab"')]), b'{"id":"h1","name":"caf\xc3\xa9"}', "Created"),
        ),
        (Request("GET", f"{SESSION}?a=1&a=2", sent("guest")), Response(204, Headers([DATE]), b"", "No Content")),
        (Request("GET", "/spread", sent("guest")), Response(200, Headers([JSON]), spread, "OK")),
        (Request("GET", "/spaced", sent("guest")), Response(200, Headers([JSON]), b'{"a": 1}\n', "OK")),
        (Request("GET", "/lines", sent("host")), Response(200, Headers(), b"one\r\ntwo\n\n three \n", "OK")),
        (
            Request("GET", "/words", Headers()),
            Response(200, Headers([("X-Word", "no"), ("X-Word", "")]), b"null", "OK"),
        ),
        (
            Request("POST", "/form", Headers(), b"a=1&b=%20"),
            Response(403, Headers(), b"Not: found # here", "Fehlschl\xe4ge"),
        ),
        (Request("GET", "/odd", Headers()), Response(600, Headers(), b"x", "")),
        (Request("HEAD", "/long", Headers()), Response(200, Headers([("Content-Length", "4711")]), b"", "OK")),
        (
            Request("POST", "/xsts/authorize", Headers([JSON]), b'{"Token":"removed"}', "login.live.com"),
            Response(200, Headers([JSON]), b'{"Token":"removed"}', "OK"),
        ),
    ]


BINARY = (
    Request("GET", "/image", Headers()),
    Response(200, Headers([("Content-Type", "image/png")]), b"\x89PNG\xff", "OK"),
)
FILES = {"all.yaml": [*exchanges(), BINARY], "texts.json": exchanges()}


@pytest.mark.parametrize("name", FILES)
def test_format_1_is_read_as_it_was_written(name: str) -> None:
    """Every byte of every exchange."""
    cassette = load_cassette(KEPT / "format-1" / name)

    assert ROLES == cassette.roles
    assert TESTS == cassette.tests
    assert [response for _, response in FILES[name]] == [one.response for one in cassette.interactions]
    # of the JSON of a request everything but its spaces
    assert [as_read(request) for request, _ in FILES[name]] == [as_read(one.request) for one in cassette.interactions]


def as_read(request: Request) -> tuple[Request, object]:
    """The request, and its JSON instead of its body where it has some."""
    document = Interaction(1, request, Response(204)).call.document
    return (request if document is None else replace(request, body=b"")), document


@pytest.mark.parametrize("name", FILES)
def test_format_1_is_still_what_is_written(name: str) -> None:
    """A change of what is written is a new format, or a change that each reader of this one understands."""
    texts = [rendered(Interaction(1, *one)) for one in FILES[name]]
    text = cassette_text(Head(ROLES, tests=TESTS), texts)
    path = KEPT / "format-1" / name

    assert path.read_text(encoding="utf-8") == (yaml_to_json(text) if is_json(path) else text)


@pytest.mark.parametrize("path", sorted(KEPT.glob("*/*.*")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_ever_written_plays(path: Path) -> None:
    """Through a client: each exchange is found, and comes back."""
    cassette = load_cassette(path)
    with handlesfake.replay(path, record_hosts=("login.live.com",)) as mpsd:
        for one in cassette.interactions:
            user = mpsd.user(one.caller).headers if one.caller else {}
            pairs = [pair for pair in one.request.headers.without("Authorization", *user) if pair[1]]
            url = f"https://{one.request.host}{one.request.target}"
            status, _, body = CLIENTS["requests"](one.request.method, url, [*user.items(), *pairs], one.request.body)

            assert (one.response.status, one.response.body) == (status, body)


def test_each_released_version_has_its_files() -> None:
    """And each format: who releases puts them there."""
    released = re.findall(r"^## (\d+\.\d+\.\d+)", CHANGELOG.read_text(encoding="utf-8"), re.M)

    assert {*released, *(f"format-{number + 1}" for number in range(int(FORMAT)))} <= {
        one.name for one in KEPT.iterdir()
    }


def test_a_later_format_is_refused_by_name() -> None:
    """It would be misread: what to do is said."""
    text = (
        (KEPT / "format-1" / "all.yaml")
        .read_text(encoding="utf-8")
        .replace("handlesfake:", "handlesfake:\n  format: 2")
    )
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(text.encode(), Path("lobby.yaml"))

    assert str(caught.value) == (
        "lobby.yaml, line 3, column 11: a newer handlesfake has written this, in format '2'; this one reads format 1: "
        "pip install --upgrade handlesfake"
    )
