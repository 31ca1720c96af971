"""What httpx could not have written does not arrive, and all else does as it is: h11, which writes it, says which."""

from __future__ import annotations

import asyncio
from types import ModuleType
from typing import Any

import h11
import httpx
import httpx2
import pytest
import trio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.intercept.stub import URL, Stub

NAMES = st.sampled_from(
    [b"X-A", b"x-a", b"Host", b"Content-Length", b"Transfer-Encoding", b"X B", b"X:", b"", b"X\xe9", b"If-Match"]
)
VALUES = st.sampled_from(
    [b"", b"0", b"4", b"04", b"chunked", b"gzip", b"localhost", b" x", b"a  b", b"a\tb", b"\xe9"]
)
TEXTS = st.binary(max_size=6)
LINES = st.lists(st.tuples(NAMES | TEXTS, VALUES | TEXTS), max_size=4)
Lines = list[tuple[bytes, bytes]]


def _said(request: Any, body: bytes) -> str | None:
    """What h11 says against it."""
    writer = h11.Connection(h11.CLIENT)
    try:
        writer.send(h11.Request(method=request.method, target=request.url.raw_path, headers=request.headers.raw))
        writer.send(h11.Data(data=body))
        writer.send(h11.EndOfMessage())
    except h11.LocalProtocolError as error:
        return str(error)
    return None


def _send(client: ModuleType, loop: str, request: Any) -> str | None:
    """What the client says against it."""
    try:
        if loop == "sync":
            with client.HTTPTransport(verify=False) as transport:
                transport.handle_request(request).read()
        else:
            _run(loop, client, request)
    except client.LocalProtocolError as error:
        return str(error)
    return None


def _run(loop: str, client: ModuleType, request: Any) -> None:
    async def main() -> None:
        async with client.AsyncHTTPTransport(verify=False) as transport:
            await (await transport.handle_async_request(request)).aread()

    if loop == "trio":
        trio.run(main)
    else:
        asyncio.run(main())


@pytest.mark.parametrize("loop", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("client", [httpx, httpx2], ids=["httpx", "httpx2"])
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "x-y", "A B"]), lines=LINES, body=st.sampled_from([b"", b"1234"])
)
@example(method="POST", lines=[(b"Host", b"localhost"), (b"Transfer-Encoding", b"gzip")], body=b"1234")
@example(method="POST", lines=[(b"Host", b"localhost"), (b"Host", b"localhost")], body=b"")
@example(method="POST", lines=[(b"Host", b"localhost")], body=b"1234")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_what_the_client_can_write_arrives(
    double: Stub, client: ModuleType, loop: str, method: str, lines: Lines, body: bytes
) -> None:
    """A length that is not true, a coding that it does not know, two hosts, or a wrong line: it says so."""
    request = client.Request(method, URL, content=body)
    request.headers = client.Headers(lines)
    before = len(double.requests)

    expected = _said(request, body)

    assert expected == _send(client, loop, request)
    arrived = [[*one.headers] for one in double.requests[before:]]
    assert ([] if expected else [[tuple(text.decode("latin-1") for text in line) for line in lines]]) == arrived
    assert ([] if expected else [body]) == [one.body for one in double.requests[before:]]
