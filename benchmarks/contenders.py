"""Who answers a call in the benchmark of speed: handlesfake, its peers, and what no double can go below."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Modules of peers and of handlesfake are imported only inside the function that needs them. Each contender runs in a
# separate process, in which no other has patched anything.

URL = "https://sessiondirectory.xboxlive.com/handles"
REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
BODY = {"type": "activity", "version": 1, "sessionRef": REF}
HEADERS = {"Authorization": "XBL3.0 x=9000000000000001;made-up", "X-Xbl-Contract-Version": "107"}
ANSWER = {
    **BODY,
    "titleId": "1234567890",
    "ownerXuid": "9000000000000001",
    "id": "5bd09a8f-1111-4222-8333-444455556666",
    "inviteProtocol": "game",
    "gameTypes": {"uwp-desktop": {"titleId": "1234567890"}, "era": {"titleId": "1234567890"}},
    "createTime": "2026-01-06T10:00:00.1234567Z",
}
ANSWER_HEADERS = {
    "Cache-Control": "no-cache, no-store",
    "Content-Location": f"/handles/{ANSWER['id']}",
    "Location": f"/handles/{ANSWER['id']}",
    "X-Content-Type-Options": "nosniff",
    "Date": "Tue, 06 Jan 2026 10:00:00 GMT",
}
WIRE = json.dumps(ANSWER).encode()


@dataclass(frozen=True)
class Ready:
    """What is sent, and the receiver."""

    url: str = URL
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)
    adapter: Any = None
    """For requests: what takes the place of its HTTPAdapter."""

    transport: Any = None
    """The same for httpx."""


Contender = Callable[[], AbstractContextManager[Ready]]


@contextmanager
def ours() -> Iterator[Ready]:
    """A fake with state, journal and rules: the handle is created, and the one before it is gone."""
    import handlesfake

    with handlesfake.fake() as mpsd:
        host = mpsd.user("host")
        mpsd.session("lobby-1", members=[host])
        yield Ready(headers=host.headers)
        assert {201} >= {entry.status for entry in mpsd.journal}


class _Constant:
    """A double that knows one answer, and nothing else."""

    may_fail_to_connect = False

    def __init__(self, answer: Any) -> None:
        self.name = "constant"
        self.hosts: tuple[str, ...] = ("sessiondirectory.xboxlive.com",)
        self._answer = answer

    def arrive(self, request: Any, client: str, patience: Any = None) -> None:
        """Nothing is kept of it."""

    def abandon(self, exchange: None) -> None:
        """Nothing is kept of it."""

    def fails_to_connect(self, request: Any) -> bool:  # noqa: ARG002 - the protocol of the seams
        """Never."""
        return False

    def resume(self, exchange: None, forward: Any, response: Any) -> Any:  # noqa: ARG002 - as above
        """It never forwards."""
        return self._answer

    def before_decision(self, exchange: None) -> tuple[()]:  # noqa: ARG002 - as above
        """No steps."""
        return ()

    def before_answer(self, exchange: None, final: Any) -> tuple[()]:  # noqa: ARG002 - as above
        """No steps."""
        return ()

    def decide(self, exchange: None) -> Any:  # noqa: ARG002 - as above
        """The same each time."""
        return self._answer

    def depart(self, exchange: None, final: Any) -> None:
        """Nothing is kept of it."""


@contextmanager
def seam() -> Iterator[Ready]:
    """Our seams alone: the client formats its request and reads its answer, and there is no service."""
    from handlesfake.exchange.outcome import Answer
    from handlesfake.intercept.install import install
    from handlesfake.intercept.registry import registry
    from handlesfake.mpsd.http.message import Headers, Response

    lines = Headers([*ANSWER_HEADERS.items(), ("Content-Type", "application/json")])
    double = _Constant(Answer(Response(201, lines, WIRE), "constant"))
    install()
    registry.start(double)
    try:
        yield Ready()
    finally:
        registry.stop(double)


@contextmanager
def adapter() -> Iterator[Ready]:
    """The floor of requests: an adapter that has nothing to do."""
    from requests.adapters import BaseAdapter
    from requests.models import CaseInsensitiveDict, Response

    class Canned(BaseAdapter):
        def send(self, request: Any, *_args: Any, **_words: Any) -> Response:
            response = Response()
            response.status_code, response.url, response.request = 201, request.url, request
            response.headers = CaseInsensitiveDict(ANSWER_HEADERS)
            response._content = WIRE
            return response

        def close(self) -> None:
            """Nothing is open."""

    yield Ready(adapter=Canned())


@contextmanager
def mock_transport() -> Iterator[Ready]:
    """The floor of httpx."""
    import httpx

    yield Ready(transport=httpx.MockTransport(lambda _: httpx.Response(201, json=ANSWER, headers=ANSWER_HEADERS)))


@contextmanager
def with_responses() -> Iterator[Ready]:
    """A static answer of responses."""
    import responses

    with responses.RequestsMock() as mock:
        mock.post(URL, json=ANSWER, status=201, headers=ANSWER_HEADERS)
        yield Ready()


@contextmanager
def with_requests_mock() -> Iterator[Ready]:
    """A static answer of requests-mock."""
    import requests_mock

    with requests_mock.Mocker() as mock:
        mock.post(URL, json=ANSWER, status_code=201, headers=ANSWER_HEADERS)
        yield Ready()


@contextmanager
def with_respx() -> Iterator[Ready]:
    """A static answer of respx."""
    import respx

    with respx.mock(assert_all_called=False) as mock:
        mock.post(URL).respond(201, json=ANSWER, headers=ANSWER_HEADERS)
        yield Ready()


@contextmanager
def with_pytest_httpx() -> Iterator[Ready]:
    """A static answer of pytest-httpx, by what its fixture does."""
    import httpx
    import pytest
    import pytest_httpx

    # its only public door is the fixture: what is private here is what that does
    mock = pytest_httpx.HTTPXMock(pytest_httpx._HTTPXMockOptions())
    mock.add_response(method="POST", url=URL, status_code=201, json=ANSWER, headers=ANSWER_HEADERS, is_reusable=True)
    with pytest.MonkeyPatch.context() as patch:
        sync, asyn = mock._handle_request, mock._handle_async_request

        def handle_request(transport: Any, asked: Any) -> Any:
            return sync(transport, asked)

        async def handle_async_request(transport: Any, asked: Any) -> Any:
            return await asyn(transport, asked)

        patch.setattr(httpx.HTTPTransport, "handle_request", handle_request)
        patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle_async_request)
        yield Ready()


@contextmanager
def _recording() -> Iterator[Path]:
    """A cassette of one call, which vcrpy and cassetter read."""
    headers = {name: [value] for name, value in {**ANSWER_HEADERS, "Content-Type": "application/json"}.items()}
    asked = {"method": "POST", "uri": URL, "body": json.dumps(BODY), "headers": {}}
    answered = {"status": {"code": 201, "message": "Created"}, "headers": headers, "body": {"string": WIRE.decode()}}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speed.yaml"
        path.write_text(
            json.dumps({"version": 1, "interactions": [{"request": asked, "response": answered}]}), encoding="utf-8"
        )
        yield path


@contextmanager
def with_vcrpy() -> Iterator[Ready]:
    """A replay of vcrpy, which compares method and address."""
    import vcr

    with (
        _recording() as path,
        vcr.use_cassette(str(path), record_mode="none", allow_playback_repeats=True),
    ):
        yield Ready()


@contextmanager
def with_cassetter() -> Iterator[Ready]:
    """A replay of cassetter, which compares method and address."""
    import cassetter

    with _recording() as path, cassetter.use_cassette(path, record_mode="none"):
        yield Ready()


@contextmanager
def with_httpserver() -> Iterator[Ready]:
    """A static answer of pytest-httpserver, over a socket of loopback; its thread counts, too."""
    from pytest_httpserver import HTTPServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with HTTPServer() as server:
        server.expect_request("/handles", method="POST").respond_with_json(ANSWER, 201, ANSWER_HEADERS)
        yield Ready(server.url_for("/handles"))


CONTENDERS: Mapping[str, Contender] = {
    "handlesfake": ours,
    "responses": with_responses,
    "requests-mock": with_requests_mock,
    "respx": with_respx,
    "pytest-httpx": with_pytest_httpx,
    "vcrpy": with_vcrpy,
    "cassetter": with_cassetter,
    "pytest-httpserver": with_httpserver,
    "our seam, and no service": seam,
    "floor: a canned adapter": adapter,
    "floor: httpx.MockTransport": mock_transport,
}


def _fake() -> AbstractContextManager[object]:
    import handlesfake

    double: AbstractContextManager[object] = handlesfake.fake()
    return double


def _responses() -> AbstractContextManager[object]:
    import responses

    return responses.RequestsMock()


def _requests_mock() -> AbstractContextManager[object]:
    import requests_mock

    return requests_mock.Mocker()


def _respx() -> AbstractContextManager[object]:
    import respx

    mock: AbstractContextManager[object] = respx.mock()
    return mock


ENTERED: Mapping[str, Callable[[], AbstractContextManager[object]]] = {
    "handlesfake": _fake,
    "responses": _responses,
    "requests-mock": _requests_mock,
    "respx": _respx,
}
"""What a test without a request begins and ends."""
