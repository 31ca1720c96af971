"""Exchanges of urllib3 and requests as a test sees them: what arrived, what came back, and what is left behind."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import requests
import urllib3
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter
from urllib3._collections import HTTPHeaderDict
from urllib3.util import SKIP_HEADER, Retry

from handlesfake.exchange.outcome import Answer, ConnectionEnd, Fault
from handlesfake.intercept.registry import registry
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Response
from tests.intercept.stub import URL, Stub, active

ORIGIN = f"https://{MPSD_HOST}"
Reading = tuple[str, int]
"""A method of a response, and its argument."""


@dataclass(frozen=True)
class Asked:
    """One request of a client, and how its answer is read."""

    method: str
    target: str
    body: Any
    """A function where it can be sent once only."""

    headers: dict[Any, Any] | None
    preload: bool
    readings: tuple[Reading, ...]
    stops: str = ""
    """When the double stops: ``answered`` is before the answer is read."""


@dataclass(frozen=True)
class Case:
    """Some requests over one pool, and what the double makes of them."""

    client: str
    asked: tuple[Asked, ...]
    outcomes: tuple[Any, ...]
    retries: Any


# ---- what may be sent

methods = st.sampled_from(["POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW", "post"])
targets = st.sampled_from(["/handles", "/handles?include=relatedInfo", "/", "/a%20b", "/caf\xe9", "/a b", "//two"])
bodies = st.one_of(
    st.none(),
    st.binary(max_size=20),
    st.text(max_size=20),
    st.sampled_from(
        [
            lambda: io.BytesIO(b"of a file"),
            lambda: io.StringIO("of a text file"),
            lambda: iter([b"in ", b"", b"parts"]),
            lambda: bytearray(b"mutable"),
            lambda: "lone \ud800",
        ]
    ),
)
plain_lines = st.tuples(
    st.sampled_from(["X-Xbl-Contract-Version", "x-xbl-contract-version", "Authorization", "If-Match", "User-Agent"]),
    st.sampled_from(["107", "XBL3.0 x=1;made-up", "*", "two words", "a: b"]),
)
odd_lines = st.sampled_from(
    [
        ("Host", "elsewhere"),
        ("host", MPSD_HOST),
        ("Accept-Encoding", "gzip"),
        ("Accept-Encoding", SKIP_HEADER),
        ("User-Agent", SKIP_HEADER),
        ("X-Skipped", SKIP_HEADER),
        ("Content-Length", "3"),
        ("Content-Length", "0"),
        ("Connection", "close"),
        ("Connection", "keep-alive"),
        ("Expect", "100-continue"),
        ("Transfer-Encoding", "chunked"),
        ("Upgrade", "websocket"),
        ("X-Empty", ""),
        ("X-Spaces", "  around  "),
        ("X-Latin", "caf\xe9"),
        ("X-Greek", "\u03b1"),
        ("X-Split", "one\r\nX-Two: two"),
        ("X-Feed", "one\ntwo"),
        ("X-Folded", "one\r\n two"),
        ("X Spaced", "1"),
        ("X-Colon: 1", "2"),
        ("", "nameless"),
        ("X-Bytes", b"bytes"),
        (b"X-Name", "of bytes"),
        ("X-Number", 7),
        ("X-Nothing", None),
    ]
)
lines = st.lists(plain_lines), st.lists(plain_lines | odd_lines, max_size=4)
headers = st.one_of(
    st.none(), st.just({}), *[each.map(dict) for each in lines], st.lists(plain_lines).map(HTTPHeaderDict)
)
readings = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["read", "read1", "stream"]), st.sampled_from([1, 7, 100_000])),
        st.tuples(
            st.sampled_from(
                ["all", "data", "tell", "isclosed", "readline", "peek", "drain_conn", "release_conn", "close", "json"]
            ),
            st.just(0),
        ),
    ),
    max_size=4,
).map(tuple)
asked = st.builds(
    Asked, methods, targets, bodies, headers, st.booleans(), readings, st.sampled_from(["", "", "", "answered"])
)

# ---- what the double makes of it

answer_lines = st.lists(
    st.sampled_from(
        [
            ("Content-Type", "application/json"),
            ("Content-Type", "multipart/mixed; boundary=x"),
            ("Set-Cookie", "a=1; Path=/"),
            ("Set-Cookie", "b=2; Secure"),
            ("set-cookie", "a=3"),
            ("Location", "/elsewhere"),
            ("Retry-After", "0"),
            ("Connection", "close"),
            ("Connection", "keep-alive"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Length", "1"),
            ("X-Empty", ""),
            ("X-Latin", "caf\xe9"),
            ("X-Spaces", " around "),
            ("X-Comma", "a, b"),
            ("X-Feed", "one\r\n two"),
            ("X Spaced", "1"),
        ]
    ),
    max_size=4,
).map(Headers)
texts = st.sampled_from([b"", b'{"id": "h1"}', b"line\nline\n", bytes(range(256)), b"x" * 7_000, b"x" * 40_000])
reasons = st.sampled_from([None, "", "Two Words", "  around  ", "caf\xe9"])
statuses = st.sampled_from([200, 200, 201, 204, 304, 302, 307, 404, 429, 503, 999])
answers = st.builds(
    lambda status, lines, body, reason: Answer(Response(status, lines, body, reason), "stub"),
    *(statuses, answer_lines, texts, reasons),
)
packed = answers.map(
    lambda answer: Answer(
        Response(
            answer.response.status,
            answer.response.headers.plus([("Content-Encoding", "gzip")]),
            gzip.compress(answer.response.body, mtime=0),
        ),
        "stub",
    )
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
faults = st.builds(
    lambda ending, sent: Fault(ending, "stub", sent=sent),
    st.sampled_from([end for end in ConnectionEnd if end not in (ConnectionEnd.HANG, ConnectionEnd.KEEP)]),
    st.sampled_from([b"", b"HTT", HEAD, HEAD + b"half", b"no HTTP\r\n\r\n"]),
)
errors = st.sampled_from([LookupError("a rule's own"), TimeoutError("timed out"), ConnectionResetError(104, "reset")])
outcomes = st.lists(st.one_of(answers, answers, packed, faults, errors), min_size=1, max_size=4).map(tuple)
retries = st.sampled_from([False, 0, Retry(2, status_forcelist=[503], backoff_factor=0, allowed_methods=None)])
cases = st.builds(
    Case,
    st.sampled_from(["urllib3", "requests"]),
    st.lists(asked, min_size=1, max_size=3).map(tuple),
    outcomes,
    retries,
)


# ---- what is seen of it


def observed(case: Case) -> list[Any]:
    """All that a test could see of ``case``: events in their order, what arrived, and what the pool has counted."""
    double = Stub(*case.outcomes)
    seen: list[Any] = []
    with active(double):
        exchange, end = CLIENTS[case.client](case)
        for one in case.asked:
            attempt(seen, lambda one=one: exchange(seen, one, double))
        seen += end()
    came = [(request, client) for request, client in zip(double.requests, double.clients, strict=True)]
    return [*seen, came, len(double.departed), double.abandoned]


def attempt(seen: list[Any], act: Callable[[], Any]) -> None:
    """Note what ``act`` gives, or the chain of what it raises."""
    try:
        seen.append(act())
    except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
        seen.append(list(chain(error)))


def chain(error: BaseException | None) -> Iterator[tuple[str, str]]:
    """What was raised, and because of what."""
    while error is not None:
        yield type(error).__name__, re.sub("0x[0-9a-f]+", "0x", str(error))
        error = error.__cause__ or error.__context__


def through_urllib3(case: Case) -> tuple[Callable[..., None], Callable[[], list[Any]]]:
    """Through one pool of urllib3 that keeps one connection."""
    pool = urllib3.HTTPSConnectionPool(MPSD_HOST, maxsize=1)

    def exchange(seen: list[Any], one: Asked, double: Stub) -> None:
        response = pool.urlopen(
            one.method, one.target, body_of(one), one.headers, case.retries, preload_content=one.preload
        )
        seen.append(described(response))
        read(seen, response, one, double)

    def end() -> list[Any]:
        assert pool.pool is not None
        return [pool.num_connections, pool.num_requests, pool.pool.qsize()]

    return exchange, end


def through_requests(case: Case) -> tuple[Callable[..., None], Callable[[], list[Any]]]:
    """Through one session of requests."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", HTTPAdapter(max_retries=case.retries if isinstance(case.retries, Retry) else 0))

    def exchange(seen: list[Any], one: Asked, double: Stub) -> None:
        response = session.request(
            one.method, ORIGIN + one.target, data=body_of(one), headers=one.headers, stream=not one.preload
        )
        seen.append([(each.status_code, each.reason, list(each.headers.items())) for each in response.history])
        seen.append((described(response.raw), list(response.headers.items()), response.url, response.encoding))
        read(seen, response.raw, one, double)
        seen.append(sorted((cookie.name, cookie.value or "", cookie.domain) for cookie in session.cookies))

    def end() -> list[Any]:
        pool: Any = session.get_adapter(URL).poolmanager.connection_from_url(URL)  # type: ignore[attr-defined]
        return [pool.num_connections, pool.num_requests, pool.pool.qsize()]

    return exchange, end


CLIENTS = {"urllib3": through_urllib3, "requests": through_requests}


def body_of(one: Asked) -> Any:
    """The body; one that can be sent only once is made again."""
    return one.body() if callable(one.body) else one.body


def described(response: Any) -> tuple[Any, ...]:
    """What a response of urllib3 says before anything more is read of it."""
    own = response._original_response
    return (
        *(response.status, response.reason, response.version, getattr(response, "version_string", "")),
        *(list(response.headers.items()), response.length_remaining, response.tell(), response.isclosed()),
        *(type(own), own.status, own.code, own.reason, own.version, own.length, own.will_close, own.chunked),
        *(
            own.msg.items(),
            own.msg.get_payload(),
            [repr(defect) for defect in own.msg.defects],
            own.msg.get_content_type(),
            own.headers is own.msg,
        ),
        *(own.isclosed(), own.getheaders(), history(response)),
        *(response._connection is None, response.request_url if hasattr(response, "request_url") else ""),
    )


def history(response: Any) -> list[tuple[Any, ...]]:
    """What was tried before; an error is what its chain says."""
    tried = response.retries.history if response.retries else ()
    return [(one.method, one.url, one.status, one.redirect_location, list(chain(one.error))) for one in tried]


def read(seen: list[Any], response: Any, one: Asked, double: Stub) -> None:
    """Read ``response`` as ``one`` says, and what it is like at the end."""
    if one.stops:
        registry.stop(double)
    for how, size in one.readings:
        attempt(seen, lambda how=how, size=size: (how, READERS[how](response, size)))
    seen.append((response.tell(), response.isclosed(), response.closed, response._connection is None))


READERS: dict[str, Callable[[Any, int], Any]] = {
    "read": lambda response, size: response.read(size),
    "read1": lambda response, size: response.read1(size) if hasattr(response, "read1") else b"",
    "stream": lambda response, size: list(response.stream(size)),
    "all": lambda response, _: response.read(),
    "data": lambda response, _: response.data,
    "tell": lambda response, _: response.tell(),
    "isclosed": lambda response, _: response.isclosed(),
    "readline": lambda response, _: response._original_response.readline(),
    "peek": lambda response, _: response._original_response.peek(),
    "drain_conn": lambda response, _: response.drain_conn(),
    "release_conn": lambda response, _: response.release_conn(),
    "close": lambda response, _: response.close(),
    "json": lambda response, _: response.json() if hasattr(response, "json") else None,
}
