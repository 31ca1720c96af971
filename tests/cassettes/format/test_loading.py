"""Cassette files, ours and vcrpy's: read whole, or refused with their place."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import vcr
from hypothesis import given
from hypothesis import strategies as st
from vcr.cassette import Cassette as VcrCassette
from vcr.request import Request as VcrRequest

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.loading import load_cassette, load_cassette_text
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.errors import CassetteError
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response

PATH = Path("lobby.yaml")
REQUEST = "request: {method: GET, uri: 'https://a.test/b?c=d', body: null, headers: {}}"
RESPONSE = "response: {status: {code: 200, message: OK}, headers: {}, body: {string: x}}"


def whole(*, request: str = REQUEST, response: str = RESPONSE, version: str = "1") -> str:
    """A cassette with one interaction, as vcrpy lays it out."""
    return f"interactions:\n- {request}\n  {response}\nversion: {version}\n"


def test_vcrpys_surprises_are_texts() -> None:
    """What YAML 1.1 would make a boolean, an octal, a time or a date of stays a text."""
    text = whole(
        request="request: {method: PUT, uri: 'http://a.test:81/b', body: 012, headers: {A: NO, B: [1:30, 2026-1-6]}}",
        response="response: {status: {code: 204, message: NO}, headers: {C: []}, body: {string: null}}",
    )
    found = load_cassette_text(text.encode(), PATH).interactions[0]

    headers = Headers([("A", "NO"), ("B", "1:30"), ("B", "2026-1-6")])
    assert Request("PUT", "/b", headers, b"012", "a.test:81") == found.request
    assert Response(204, Headers(), b"", "NO") == found.response


TAGGED = {
    "!!python/unicode 'x'": b"x",
    "!!python/str x": b"x",
    "!!str 1": b"1",
    "!!binary //79": b"\xff\xfe\xfd",
    "!!python/object/new:_io.BytesIO {state: !!python/tuple [!!binary eA==, 0, null]}": b"x",
    "!!python/object/apply:builtins.iter {args: [[a, !!binary Yg==]]}": b"ab",
}


@pytest.mark.parametrize("tagged", TAGGED)
def test_vcrpys_own_tags_are_read(tagged: str) -> None:
    """The tags that vcrpy writes of itself become bytes; nothing is called."""
    text = whole(request=f"request: {{method: PUT, uri: 'https://a.test/', body: {tagged}, headers: {{}}}}")

    assert TAGGED[tagged] == load_cassette_text(text.encode(), PATH).interactions[0].request.body


WRONG = {
    "": "lobby.yaml: the cassette is empty: restore it, or delete it and record again",
    "# nothing\n": "lobby.yaml: the cassette is empty: restore it, or delete it and record again",
    "- request: {}": (
        "lobby.yaml: vcrpy wrote this before its version 1.0: python -m vcr.migration PATH makes a new one of it"
    ),
    "version: 1\ninteractions: []\n": (
        "lobby.yaml, line 2, column 15: the cassette holds no interaction: restore it, or delete it and record again"
    ),
    "version: 1\n": "lobby.yaml, line 1, column 1: a cassette has no interactions; the file may be cut short",
    "interactions:\n- request:\n    method: GET\n": (
        "lobby.yaml, line 1, column 1: a cassette has no version; the file may be cut short"
    ),
    whole(version="2"): "lobby.yaml, line 4, column 10: version must be 1, and is '2'",
    whole(
        response="x: {}"
    ): "lobby.yaml, line 2, column 3: an interaction has no response; the file may be cut short",
    whole(request="request: x"): "lobby.yaml, line 2, column 12: request must be a mapping",
    whole(response="response: {status: {code: 99, message: OK}, headers: {}, body: {string: x}}"): (
        "lobby.yaml, line 3, column 29: code must be a status from 100 to 999, and is '99'"
    ),
    whole(request="request: {method: GET, uri: 'ftp://a', body: null, headers: {}}"): (
        "lobby.yaml, line 2, column 31: uri must begin with https:// and a host, and is 'ftp://a'"
    ),
    whole(request='request: {method: GET, uri: "https://a/", body: null, headers: {A: "b\\nc"}}'): (
        "lobby.yaml, line 2, column 70: the header 'A' must be a list of single lines of text"
    ),
    whole(request="request: {method: GET, uri: 'https://a/', body: [], headers: {}}"): (
        "lobby.yaml, line 2, column 51: body must be a text or !!binary"
    ),
    whole(request="request: {method: GET, method: PUT, uri: 'https://a/', body: '', headers: {}}"): (
        "lobby.yaml, line 2, column 26: the key 'method' is here a second time; it is already in line 2 already"
    ),
    whole(request="request: !!python/object/apply:os.getenv [HOME]"): (
        "lobby.yaml, line 2, column 12: the tag !!python/object/apply:os.getenv is not read"
    ),
    "version: 1\nhandlesfake: {roles: {host: x}}\ninteractions: []\n...\n": (
        "lobby.yaml, line 2, column 29: the xuid of 'host' must be decimal, and is 'x'"
    ),
    "version: 1\nhandlesfake: {roles: {host: '1', guest: '1'}}\ninteractions: []\n...\n": (
        "lobby.yaml, line 2, column 41: 'guest' has the xuid 1, which is host's already"
    ),
    whole(version="9" * 5000): f"lobby.yaml, line 4, column 10: version must be 1, and is '{'9' * 77}...'",
    "a: &a [x]\nb: " + "[" + "*a, " * 1001 + "]": "lobby.yaml, line 2, column 4005: more than 1000 aliases",
    "[" * 100: "lobby.yaml, line 1, column 61: nested deeper than 60 levels",
    "a: {<<: {b: c}}": "lobby.yaml, line 1, column 5: merge keys (<<) are not read: write the keys out",
    "a: b\n--- \nc: d": "lobby.yaml, line 2, column 1: a second document begins here; one is read",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_not_wholly_understood_is_refused(text: str) -> None:
    """Never an empty cassette: an error with file, line and column."""
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(text.encode(), PATH)

    assert WRONG[text] == str(caught.value)


def test_bytes_that_are_no_utf8_have_a_place() -> None:
    """Line and column of the first wrong byte."""
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(b"version: 1\na: \xff", PATH)

    assert "lobby.yaml, line 2, column 4: byte 14 is not UTF-8" == str(caught.value)


def test_an_alias_bomb_is_defused() -> None:
    """Nine levels of nine aliases each are ten lines of text and half a milliard of values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    with pytest.raises(CassetteError, match=r"^lobby\.yaml, line 7, column \d+: more than 5000000 values$"):
        load_cassette_text("\n".join(lines).encode(), PATH)


def ours() -> list[Interaction]:
    """Two interactions, with all that a body can be."""
    json_request = Request(
        "POST", "/handles", Headers([("Content-Type", "application/json")]), b'{"a": [1, "\xc3\xa9"]}'
    )
    created = Response(
        201, Headers([("X-A", "1"), ("X-A", "2")]), b'{"id":"h1","n":[1.0,"\xc3\xa9",null]}', "Created"
    )
    return [
        Interaction(1, json_request, created),
        Interaction(
            2, Request("GET", "/handles/h1?a=b", Headers(), b"\xff\x00"), Response(404, Headers(), b"No.\r\n")
        ),
    ]


def test_what_we_write_we_read() -> None:
    """Every byte of a response, the JSON of a request, header lines, roles."""
    cassette = load_cassette_text(dump_cassette(ours(), {"host": "9000000000000001"}).encode(), PATH)
    first, second = cassette.interactions

    assert {"host": "9000000000000001"} == cassette.roles
    assert [one.response.body for one in ours()] == [first.response.body, second.response.body]
    assert {"a": [1, "é"]} == first.call.document
    assert b"\xff\x00" == second.request.body
    assert (ours()[0].response.headers, "/handles/h1?a=b") == (first.response.headers, second.request.target)


@pytest.mark.parametrize("cut", range(20, 100, 3))
def test_ours_cut_short_anywhere_is_an_error(cut: int) -> None:
    """Also at the end of an interaction, where the rest is good YAML."""
    text = dump_cassette(ours(), {})

    with pytest.raises(CassetteError):
        load_cassette_text(text[: len(text) * cut // 100].encode(), PATH)


def test_ours_plays_under_plain_vcrpy(tmp_path: Path) -> None:
    """Plain vcrpy reads the same requests and responses."""
    path = tmp_path / "lobby.yaml"
    path.write_text(dump_cassette(ours(), {"host": "9000000000000001"}))
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        requests, responses = list(cassette.requests), list(cassette.responses)

    assert [("POST", f"https://{MPSD_HOST}/handles"), ("GET", f"https://{MPSD_HOST}/handles/h1?a=b")] == [
        (request.method, request.uri) for request in requests
    ]
    assert ({"code": 201, "message": "Created"}, ["1", "2"]) == (
        responses[0]["status"],
        responses[0]["headers"]["X-A"],
    )
    assert b"\xff\x00" == requests[1].body


def test_vcrpys_plays_here(tmp_path: Path) -> None:
    """A cassette that vcrpy wrote, with texts, bytes and an open file as bodies."""
    path = tmp_path / "theirs.yaml"
    theirs = VcrCassette(str(path))
    answer = {"status": {"code": 200, "message": "OK"}, "headers": {"A": ["b"]}, "body": {"string": b"\xff"}}
    for body in (b'{"type":"activity"}', b"\xfe", io.BytesIO(b"file"), iter([b"a", b"b"])):
        theirs.append(VcrRequest("POST", f"https://{MPSD_HOST}/handles", body, {"X-A": "b"}), answer)
    theirs._save(force=True)

    found = load_cassette(path).interactions
    assert [b'{"type":"activity"}', b"\xfe", b"file", b"ab"] == [one.request.body for one in found]
    assert [("create_handle", "activity"), ("create_handle", "")] == [
        (one.call.operation, one.call.type) for one in found[:2]
    ]
    assert Response(200, Headers([("A", "b")]), b"\xff", "OK") == found[0].response


def test_ours_that_vcrpy_wrote_again_still_plays(tmp_path: Path) -> None:
    """As one of vcrpy's: who the roles are stands no longer in it, every exchange does."""
    path = tmp_path / "lobby.yaml"
    path.write_text(dump_cassette(ours(), {"host": "9000000000000001"}))
    theirs = VcrCassette(str(path))
    theirs._load()
    theirs._save(force=True)
    cassette = load_cassette(path)

    assert (2, {}) == (len(cassette.interactions), cassette.roles)


PIECES = st.sampled_from(
    [
        "version: 1\n",
        "interactions:\n",
        "- request:\n",
        "    method: GET\n",
        "    uri: https://a.test/\n",
        "    body: ",
        "null\n",
        "    headers: {}\n",
        "  response:\n",
        "    status: {code: 200, message: OK}\n",
        "    body: {string: x}\n",
        "handlesfake: {roles: {}}\n",
        "...\n",
        "&a ",
        "*a",
        "!!binary ",
        "!!python/tuple ",
        "!!str ",
        "[",
        "]",
        "{",
        "}",
        "'",
        '"',
        "\t",
        "? ",
        "|\n",
        ">\n",
        ": ",
        "- ",
        "\x00",
        "é",
        "%YAML 1.1\n",
        "!!python/object/new:_io.BytesIO ",
        "!!python/object/apply:builtins.iter ",
        "{args: [[",
        "{state: [",
        "\ud800",
        "\\ud800",
        "\ufeff",
        "\n",
        "  ",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_gives_a_cassette_or_a_cassette_error(text: str) -> None:
    """Only our own error comes out, whatever goes in."""
    try:
        load_cassette_text(text.encode("utf-8", "surrogatepass"), PATH)
    except CassetteError as error:
        assert str(error).startswith("lobby.yaml")  # noqa: PT017 - the message is what is asserted


@given(st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 40))
def test_any_damage_gives_a_cassette_or_a_cassette_error(start: int, put: bytes, lost: int) -> None:
    """A file of ours with some bytes replaced."""
    raw = dump_cassette(ours(), {"host": "9000000000000001"}).encode()
    start %= len(raw)
    try:
        load_cassette_text(raw[:start] + put + raw[start + lost :], PATH)
    except CassetteError as error:
        assert str(error).startswith("lobby.yaml")  # noqa: PT017 - the message is what is asserted


TEXTS = st.text(max_size=30)


@given(TEXTS | st.binary(max_size=30), TEXTS | st.binary(max_size=30))
def test_any_body_comes_back(sent: str | bytes, came: str | bytes) -> None:
    """Control characters, quotes, line ends, bytes: what was written is what is read."""
    bodies = [one.encode("utf-8", "surrogatepass") if isinstance(one, str) else one for one in (sent, came)]
    request, response = Request("PUT", "/x", Headers(), bodies[0]), Response(200, Headers(), bodies[1])
    found = load_cassette_text(dump_cassette([Interaction(1, request, response)], {}).encode(), PATH).interactions[0]

    assert bodies[1] == found.response.body
    assert found.call.document == Interaction(1, request, response).call.document
