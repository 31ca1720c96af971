"""What holds for any bytes: an answer, never an exception; a refusal changes nothing; one activity per player and scid."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from dataclasses import replace
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlesfake.intercept.wire.http1 import RequestReader, response_bytes
from handlesfake.intercept.wire.parsing import ResponseReader
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.mpsd.operations import OPERATIONS
from handlesfake.mpsd.service import Reply, answer
from handlesfake.mpsd.settings import DEFAULT_SCID, Settings
from handlesfake.mpsd.state.directory import Directory

QUICK = settings(derandomize=True, max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
PROFILE = LONG if os.environ.get("HYPOTHESIS_PROFILE") == "long" else QUICK
"""``HYPOTHESIS_PROFILE=long`` looks further, and elsewhere in each run."""

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOW = 17_676_936_000_000_000

# ---- what may be sent

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
xuids = st.sampled_from([f"900000000000000{last}" for last in range(1, 4)])
session_refs = st.fixed_dictionaries(
    {
        "scid": st.sampled_from([DEFAULT_SCID, DEFAULT_SCID.upper(), "7e570100-2222-4222-8333-444455556666"]),
        "templateName": st.sampled_from(["FakeLobby", "fakelobby"]),
    },
    optional={"name": st.sampled_from(["lobby-1", "LOBBY-1", "arena-2", None])},
)
handles = st.fixed_dictionaries(
    {"type": st.sampled_from(["activity", "invite"]), "sessionRef": session_refs},
    optional={
        "version": st.sampled_from([1, None]),
        "invitedXuid": xuids,
        "inviteAttributes": st.fixed_dictionaries({"titleId": st.sampled_from(["1234567890", 1])}),
        "id": st.text(max_size=4),
    },
).flatmap(lambda document: st.permutations(list(document.items())).map(dict))


@st.composite
def half_valid(draw: st.DrawFn) -> Any:
    """A handle with one of its parts, however deep, replaced by any JSON value or taken away."""
    document = json.loads(json.dumps(draw(handles)))
    part = document
    while True:
        key = draw(st.sampled_from(sorted(part)))
        if not (isinstance(part[key], dict) and part[key] and draw(st.booleans())):
            break
        part = part[key]
    if draw(st.booleans()):
        part[key] = draw(json_values)
    else:
        del part[key]
    return document


def as_json(document: Any) -> bytes:
    """``document`` as a client may write it, lone surrogates and NaN included."""
    return json.dumps(document, ensure_ascii=True).encode()


bombs = st.sampled_from(
    [
        b"[" * 1_000_000,
        b"[" * 150 + b"]" * 150,
        b'{"a":' * 990 + b"1" + b"}" * 990,
        b'{"type":"activity","version":1,"sessionRef":{"scid":"a","templateName":"b","name":"c","x":'
        + b"[" * 300
        + b"]" * 300
        + b"}}",
        b'{"version":' + b"9" * 5000 + b"}",
        b'{"version":1e400}',
        b'{"type":"\\ud800"}',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        gzip.compress(b" " * 20_000_000, mtime=0),
        gzip.compress(b"{}", mtime=0)[:-4],
    ]
)
bodies = (
    st.binary(max_size=200)
    | json_values.map(as_json)
    | half_valid().map(as_json)
    | handles.map(as_json)
    | half_valid().map(lambda document: gzip.compress(as_json(document)))
    | bombs
)

ids = st.sampled_from(["lobby-1", "00000000-0000-0000-0000-000000000000", "%ff", "%0d%0a", "query", "é", "a" * 200])
templates = st.sampled_from([operation.template for operation in OPERATIONS])


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """An address of the table with anything instead of its parameters, or anything at all."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.text(max_size=60))
    target = re.sub(r"\{\w+\}", lambda _: draw(ids), draw(templates))
    return target + draw(
        st.sampled_from(["", "?", "?include=relatedInfo,customProperties", "?take=x&xuid=1", "?%ff"])
    )


def named(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    """A header line."""
    return st.tuples(st.just(name), values | st.text(max_size=40))


header_lines = st.lists(
    named("Authorization", st.sampled_from(["XBL3.0 x=1;t", "XBL3.0 x=uhs-9000000000000001;t", "XBL3.0 x=-;t"]))
    | named("X-Xbl-Contract-Version", st.sampled_from(["107", "105", "0", "9" * 5000, "٣٤"]))
    | named("Content-Encoding", st.sampled_from(["gzip", "identity", "br"]))
    | named("Content-Type", st.just("application/json"))
    | named("Signature", st.sampled_from(["é", "AAAA", "A" * 100 + "AA=="]))
    | named("X-Xbl-OnBehalfOf-Title", st.sampled_from(["1234567890", "²"]))
    | named("X-Xbl-OnBehalfOf-Users", st.sampled_from(["9000000000000001;priv=multiplayer,9000000000000002", ";,;"]))
    | named("X-Xbl-Deny-Scope", st.just("Multiplayer.Manage"))
    | named("If-Match", st.sampled_from(["*", '"x"']))
    | named("If-None-Match", st.sampled_from(["*", '"x"']))
    | st.tuples(st.text(max_size=10), st.text(max_size=10)),
    max_size=8,
).map(Headers)
good_headers = Headers([("X-Xbl-Contract-Version", "107"), ("Authorization", "XBL3.0 x=1;t")])
all_settings = st.sampled_from(
    [
        Settings(),
        Settings(dialect="documented"),
        Settings(strict=True),
        Settings(choices=Choices(signature_checked=True, content_type_checked=True, unknown_fields=400)),
        Settings(choices=Choices(missing_session=201, invite_requires_membership=False, activity_scope="session")),
    ]
)
requests = st.builds(
    Request,
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]) | st.text(max_size=10),
    addresses(),
    header_lines | header_lines.map(lambda lines: Headers((*good_headers, *lines))),
    bodies,
)
posts = st.builds(Request, st.just("POST"), st.just("/handles"), st.just(good_headers), bodies)


class Service:
    """The service with ids that count, so that two of them give the same."""

    def __init__(self, given: Settings = Settings()) -> None:
        self.settings, self.directory = given, Directory()
        self._numbers = count(0xFEDCBA98_0000_4000_8000_000000000000)
        self.now = NOW

    def new_id(self) -> str:
        return str(UUID(int=next(self._numbers)))

    def __call__(self, request: Request) -> Reply:
        self.now += 1
        reply = answer(self.directory, request, self.now, self.new_id, self.settings)
        if reply.provenance.refusal is not None:
            assert reply.directory is self.directory, "because a refusal changes nothing"
        self.directory = reply.directory
        return reply


# ---- what must hold


@PROFILE
@given(st.lists(requests | posts, min_size=1, max_size=3), all_settings)
def test_any_bytes_give_a_response(sent: list[Request], given_settings: Settings) -> None:
    """Whatever is sent, the service answers; a refusal leaves the directory the very same object."""
    service = Service(given_settings)
    for request in sent:
        reply = service(request)

        assert 200 <= reply.response.status < 600
        assert all("\r" not in value and "\n" not in value for _, value in reply.response.headers)
        assert (reply.provenance.refusal is None) == (reply.response.status < 400)


@PROFILE
@given(requests)
def test_an_answer_survives_the_wire(request: Request) -> None:
    """Whatever is answered, a client reads the same status, headers and body from the bytes."""
    response = Service()(request).response
    reader = ResponseReader(request.method if request.method == "HEAD" else "GET")
    reader.feed(response_bytes(response, request.method))
    reader.eof()
    read = reader.next()

    assert read is not None
    # the answer to HEAD says how long that to GET would be
    assert (response.status, response.headers) == (read.status, read.headers.without("Content-Length"))
    assert read.body == (b"" if request.method == "HEAD" else response.body)


@PROFILE
@given(half_valid() | handles)
def test_the_same_request_gives_the_same_reply(document: Any) -> None:
    """The service is a function of its arguments: no clock, no chance, nothing kept."""
    request = Request("POST", "/handles", good_headers, as_json(document))

    assert Service()(request).response == Service()(request).response


@PROFILE
@given(half_valid() | handles)
def test_a_packed_body_is_answered_like_a_plain_one(document: Any) -> None:
    """Gzip makes no difference to what is answered."""
    plain = Request("POST", "/handles", good_headers, as_json(document))
    packed = replace(
        plain, headers=good_headers.plus([("Content-Encoding", "gzip")]), body=gzip.compress(plain.body, mtime=0)
    )

    assert Service()(plain).response == Service()(packed).response


@PROFILE
@given(handles)
def test_an_echo_keeps_the_order_of_the_request(document: Any) -> None:
    """The answer begins with the request's own fields, in the request's order, values as they came."""
    reply = Service()(Request("POST", "/handles", good_headers, as_json(document)))
    if reply.response.status != 201:
        return
    created = json.loads(reply.response.body)
    known = ["type", "version", "sessionRef"] + ["invitedXuid", "inviteAttributes"] * (document["type"] == "invite")
    echoed = [key for key in document if key in known and (key, document[key]) != ("version", None)]

    assert echoed == [key for key in created if key in echoed]
    assert echoed == list(created)[: len(echoed)]
    assert [document[key] for key in echoed if key != "sessionRef"] == [
        created[key] for key in echoed if key != "sessionRef"
    ]
    assert document.get("id") != created["id"]


calls = st.lists(
    st.tuples(st.sampled_from(["XBL3.0 x=1;t", "XBL3.0 x=2;t", "XBL3.0 x=uhs-9000000000000009;t"]), handles),
    max_size=12,
)


@PROFILE
@given(calls, st.sampled_from(["observed", "documented"]))
def test_one_activity_per_player_and_service_configuration(sent: list[tuple[str, Any]], dialect: Any) -> None:
    """Whatever was sent in whatever order, no user shows two sessions of one service configuration; ids are GUIDs."""
    service = Service(Settings(dialect=dialect))
    accepted: Counter[str] = Counter()
    for authorization, document in sent:
        headers = Headers([("X-Xbl-Contract-Version", "107"), ("Authorization", authorization)])
        reply = service(Request("POST", "/handles", headers, as_json(document)))
        accepted[document["type"]] += reply.provenance.created is not None
    known = service.directory.handles.values()
    places = Counter((each.owner_xuid, each.session_ref.scid.lower()) for each in known if each.type == "activity")

    assert all(number == 1 for number in places.values())
    assert bool(places) == bool(accepted["activity"])
    assert accepted["invite"] == sum(each.type == "invite" for each in known)
    assert all(GUID.fullmatch(each) for each in service.directory.handles)
    assert {each.id: each for each in known} == dict(service.directory.handles)


tokens = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True)
texts = st.from_regex(r"[!-~]([ -~]{0,30}[!-~])?", fullmatch=True)
carried = st.lists(st.tuples(tokens, texts), max_size=6).map(
    lambda lines: [(n, v) for n, v in lines if n.lower() not in ("connection", "content-length", "host", "te", "trailer",
                                                                 "transfer-encoding", "upgrade", "expect", "keep-alive")]
)  # fmt: skip


@PROFILE
@given(st.from_regex(r"[A-Z]{1,8}", fullmatch=True), st.from_regex(r"/[!-~]{0,40}", fullmatch=True), carried, bodies)
def test_a_request_comes_back_from_the_wire(method: str, target: str, lines: list[Any], body: bytes) -> None:
    """A request written as HTTP/1.1 is read as it was."""
    if method == "CONNECT":
        return
    headers = [("Host", "sessiondirectory.xboxlive.com"), *lines, ("Content-Length", str(len(body)))]
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)])
    reader = RequestReader()
    reader.feed(head.encode() + b"\r\n\r\n" + body)

    assert Request(method, target, Headers(headers), body) == reader.next()


@PROFILE
@given(st.integers(200, 599), carried, st.binary(max_size=100))
def test_a_response_comes_back_from_the_wire(status: int, lines: list[Any], body: bytes) -> None:
    """A response written as HTTP/1.1 is read as it was."""
    response = Response(status, Headers(lines), b"" if status in (204, 304) else body)
    reader = ResponseReader("POST")
    reader.feed(response_bytes(response, "POST"))
    read = reader.next()

    assert read is not None
    assert (status, response.headers, response.body) == (read.status, read.headers, read.body)


def test_no_nesting_is_too_deep_for_an_answer() -> None:
    """At every depth up to and past what Python can parse, the body is either accepted whole or refused."""
    statuses = set()
    for depth in [*range(1, 12), *range(190, 210), *range(900, 1100, 7), 100_000]:
        nested = b"[" * depth + b"]" * depth
        body = (
            b'{"type":"activity","version":1,"sessionRef":{"scid":"a","templateName":"b","name":"c","x":%b}}' % nested
        )
        statuses.add((depth <= 198, Service()(Request("POST", "/handles", good_headers, body)).response.status))

    assert {(True, 201), (False, 400)} == statuses


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: b=c", "lobby é ☃", "\ud800"])
def test_no_name_gets_into_the_headers(name: str) -> None:
    """A session's name with line ends or beyond ASCII cannot break the head of an answer."""
    body = as_json({"type": "activity", "version": 1, "sessionRef": {"scid": "a", "templateName": "b", "name": name}})
    service = Service()
    handle = service(Request("POST", "/handles", good_headers, body))
    read = service(Request("GET", f"/handles/{handle.provenance.created['id']}/session", good_headers))  # type: ignore[index]  # it was created

    assert 201 == handle.response.status
    assert 200 == read.response.status
    for _, value in (*handle.response.headers, *read.response.headers):
        assert re.fullmatch(r"[ -~]*", value)
