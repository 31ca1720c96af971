"""What vcrpy of any age writes, and what other tools write: it plays, or it is said whose it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest
import requests
import vcr

import handlesfake
from handlesfake.cassettes.format.loading import load_cassette_text
from handlesfake.errors import CassetteError
from handlesfake.mpsd.http.message import Headers, Response
from tests.cassettes.format.test_formats import ACTIVITY
from tests.cassettes.service import Service

PATH = Path("lobby.yaml")
ANSWER = "response: {status: {code: 200, message: OK}, headers: {}, body: {string: x}}"


def cassette(request: str, answer: str = ANSWER) -> bytes:
    """One exchange, laid out as vcrpy does."""
    return f"interactions:\n- request: {request}\n  {answer}\nversion: 1\n".encode()


@pytest.mark.parametrize("suffix", ["yaml", "json"])
@pytest.mark.parametrize("word", ["json", "data"])
def test_what_vcrpy_records_of_aiohttp_plays_here(word: str, suffix: str, service: Service, tmp_path: Path) -> None:
    """Vcrpy writes the object of ``json=`` and ``data=``; an object apart is not found."""
    path, url = tmp_path / f"theirs.{suffix}", f"http://{service.authority}/handles"
    given = ACTIVITY if word == "json" else {"version": "1", "type": "activity", "n": 7}

    async def send(body: object) -> int:
        async with aiohttp.ClientSession() as session, session.post(url, **{word: body}) as answer:
            return answer.status

    with vcr.use_cassette(str(path), serializer=suffix):
        real = asyncio.run(send(given))
    with handlesfake.replay(path, hosts=(service.authority,)) as mpsd:
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded):
            asyncio.run(send(dict(given) | {"version": "2"}))
        played = asyncio.run(send(given))
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded):
            asyncio.run(send(given))

    assert (1, real) == (len(service.requests), played)


def test_an_object_without_a_content_type_is_one_exchange_in_two_spellings() -> None:
    """As JSON or as a form; where the header says which, only so."""
    kinds = ["{}", "{Content-Type: [application/json]}", "{Content-Type: application/x-www-form-urlencoded}"]
    texts = [f"{{method: POST, uri: 'https://a.test/', body: {{a: 1, b: '1'}}, headers: {kind}}}" for kind in kinds]
    found = [load_cassette_text(cassette(text), PATH).interactions[0] for text in texts]

    as_json, as_form = b'{"a": 1, "b": "1"}', b"a=1&b=1"
    assert [as_json, as_json, as_form] == [one.request.body for one in found]
    assert [as_form, None, None] == [one.also and one.also.body for one in found]


def test_a_list_of_pairs_is_a_form() -> None:
    """As aiohttp takes it, a name may come twice."""
    text = "{method: POST, uri: 'https://a.test/', body: [[a, '1'], !!python/tuple [a, 2]], headers: null}"
    found = load_cassette_text(cassette(text), PATH).interactions[0]

    assert found.also is not None
    assert (b'[["a", "1"], ["a", 2]]', b"a=1&a=2") == (found.request.body, found.also.body)


def test_the_layout_of_httpx_in_vcrpy_4_and_5() -> None:
    """``content`` and ``status_code``; the content was unpacked, whatever the header says."""
    text = cassette(
        "{method: GET, uri: 'https://a.test/', body: '', headers: {a: [b]}}",
        "response: {content: '{\"a\":1}', http_version: HTTP/1.1, headers: {content-encoding: [gzip]}, status_code: 201}",
    )

    assert Response(201, Headers(), b'{"a":1}') == load_cassette_text(text, PATH).interactions[0].response


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_text_under_a_content_coding_was_unpacked(coding: str) -> None:
    """The header goes, as no client could undo the coding."""
    text = cassette(
        "{method: GET, uri: 'https://a.test/', body: null, headers: {}}",
        f"response: {{status: {{code: 200, message: OK}}, headers: {{Content-Encoding: [{coding}]}}, body: {{string: x}}}}",
    )

    assert Response(200, Headers(), b"x", "OK") == load_cassette_text(text, PATH).interactions[0].response


def test_bytes_that_do_not_begin_as_their_coding_does_were_unpacked() -> None:
    """An answer in UTF-16, or a picture, that a client has unpacked before vcrpy saw it, is what it is."""
    text = cassette(
        "{method: GET, uri: 'https://a.test/', body: null, headers: {}}",
        "response: {status: {code: 200, message: OK}, headers: {Content-Encoding: [gzip]},"
        " body: {string: !!binary '//57AH0A'}}",
    )

    assert (
        Response(200, Headers(), b"\xff\xfe{\0}\0", "OK") == load_cassette_text(text, PATH).interactions[0].response
    )


def test_what_only_a_strict_reader_would_mind() -> None:
    """No headers at all, a status without a name, and a header in UTF-8 as aiohttp reads it."""
    text = cassette(
        "{method: GET, uri: 'https://a.test/', body: null, headers: null}",
        'response: {status: {code: 999, message: Odd}, headers: {X-A: ["\\u2603"]}, body: {string: x}}',
    )
    found = load_cassette_text(text, PATH).interactions[0]

    assert Headers() == found.request.headers
    assert Response(999, Headers([("X-A", "\xe2\x98\x83")]), b"x", "Odd") == found.response


AGAIN = "vcrpy's layout is read here: record again, with handlesfake or vcrpy"
MIGRATION = "vcrpy wrote this before its version 1.0: python -m vcr.migration PATH makes a new one of it"
OF_OTHERS = {
    "http_interactions: []\nrecorded_with: betamax/0.9": (
        f"this looks like a recording of betamax or of VCR for Ruby: {AGAIN}"
    ),
    '{"log": {"version": "1.2", "entries": []}}': (
        "this is a HAR file: handlesfake import FILE --to cassettes/NAME.yaml makes a cassette of it"
    ),
    '{"data": {"pairs": []}, "meta": {}}': f"this looks like a simulation of hoverfly: {AGAIN}",
    "responses:\n- response: {}": (
        "this looks like a file of the recorder of responses: it plays as rules, @pytest.mark.mpsd(rules=[PATH])"
    ),
    '{"mappings": []}': f"this looks like a file of WireMock: {AGAIN}",
    "version: 2\ninteractions:\n- request: {url: 'https://a.test/', method: GET}": (
        f"this looks like a cassette of go-vcr: {AGAIN}"
    ),
    "version: 1\ninteractions:\n- request: {uri: 'https://a.test/', body: {type: json, content: {}}}": (
        f"this looks like a cassette of cassetter: {AGAIN}"
    ),
    '[{"scope": "https://a.test:443", "method": "GET", "path": "/"}]': f"this looks like a recording of nock: {AGAIN}",
    "- request: !!python/object:vcr.request.Request {method: GET}": MIGRATION,
    "- request: {headers: !!python/object/apply:__builtin__.frozenset [[!!python/tuple [A, b]]]}": MIGRATION,
    '[{"request": {}, "response": {}}]': MIGRATION,
}


@pytest.mark.parametrize("text", OF_OTHERS)
def test_a_file_of_another_tool_is_named(text: str) -> None:
    """With the way from there, and nothing about a file that is cut short."""
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(text.encode(), PATH)

    assert f"lobby.yaml: {OF_OTHERS[text]}" == str(caught.value)


IMPORT = "handlesfake import FILE --to cassettes/NAME.yaml makes a cassette of it"
NO_TEXTS = {
    b"PK\x03\x04\x14": f"this is a zip archive. If it is a SAZ of Fiddler, or a HAR of Playwright: {IMPORT}",
    b"3752:9:websocket;0:~8:response;483:\xff": f"this looks like a flow file of mitmproxy: {IMPORT}",
    b"\x1f\x8b\x08\x00": "this is packed by gzip: unpack it first",
    "interactions: []".encode("utf-16"): "this is a text in UTF-16: save it as UTF-8",
}


@pytest.mark.parametrize("raw", NO_TEXTS)
def test_a_file_that_is_no_text_is_named(raw: bytes) -> None:
    """The error for a capture given as a cassette shows the way, and not which of its bytes is not UTF-8."""
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(raw, PATH)

    assert f"lobby.yaml: {NO_TEXTS[raw]}" == str(caught.value)


def test_a_file_that_is_no_recording_is_told_by_its_keys() -> None:
    """It is not cut short: it is another file."""
    with pytest.raises(CassetteError) as caught:
        load_cassette_text(b"name: lobby\nrules: []\n", PATH)

    assert (
        "lobby.yaml, line 1, column 1: this is not a cassette: it has 'name', 'rules', and neither interactions nor version"
        == str(caught.value)
    )


def test_the_fields_of_a_form_have_no_order(tmp_path: Path) -> None:
    """Vcrpy sorts the names of what aiohttp was given; two values of one name keep theirs."""
    path = tmp_path / "form.yaml"
    path.write_bytes(cassette("{method: POST, uri: 'https://a.test/', body: 'a=1&b=2&b=3', headers: {}}"))

    with handlesfake.replay(path, hosts=("a.test",)) as mpsd:
        with mpsd.expect_unanswered(), pytest.raises(handlesfake.NotRecorded):
            requests.post("https://a.test/", data="b=3&b=2&a=1", timeout=5)
        answer = requests.post("https://a.test/", data="b=2&b=3&a=1", timeout=5)

    assert 200 == answer.status_code
