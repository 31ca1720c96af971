"""The names of each client that its seam needs: if a release moves one, a test names it."""

from __future__ import annotations

import ast
import http.client
import importlib
import inspect
import sys
from functools import reduce
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import urllib3

from handlesfake.intercept import install
from handlesfake.intercept.clients.urllib3_direct import install as install_direct
from handlesfake.intercept.clients.urllib3_direct import names_of
from handlesfake.intercept.patching import install_wrapper, is_trampoline

SEAMS: dict[str, dict[str, tuple[str, ...] | None]] = {
    "socket": {"getaddrinfo": ("host", "port")},
    "ssl": {
        "SSLContext.load_verify_locations": None,
        "SSLContext.load_default_certs": ("self", "purpose"),
        "SSLContext.wrap_socket": ("self", "sock"),
        "SSLContext.wrap_bio": ("self", "incoming", "outgoing"),
        "SSLContext.get_ca_certs": None,
        "SSLContext.cert_store_stats": None,
    },
    "http.client": {
        "HTTPConnection.connect": ("self",),
        "HTTPSConnection.connect": ("self",),
        "HTTPConnection.putrequest": ("self", "method", "url"),
        "parse_headers": ("fp", "_class"),
    },
    "email.message": {"Message.set_raw": ("self", "name", "value"), "Message.set_payload": ("self", "payload")},
    "urllib3": {
        "connection.HTTPConnection.connect": ("self",),
        "connection.HTTPSConnection.connect": ("self",),
        "connectionpool.HTTPConnectionPool.urlopen": ("self", "method", "url"),
        "connection.HTTPConnection.request": ("self", "method", "url"),
        "connection.HTTPConnection.getresponse": ("self",),
    },
    "urllib3.util.wait": {"wait_for_read": ("sock", "timeout")},  # which connection imports in 2, and 1.26 does not
    "urllib3_future": {
        "connection.HTTPConnection.connect": ("self",),
        "connection.HTTPSConnection.connect": ("self",),
        "connection.HTTPConnection.putrequest": ("self", "method", "url"),
        "connection.HTTPConnection._post_conn": ("self",),
        "connectionpool.HTTPConnectionPool.urlopen": ("self", "method", "url"),
        "connectionpool.HTTPConnectionPool._new_conn": ("self",),
        "connectionpool.HTTPSConnectionPool._new_conn": ("self",),
        "_async.connectionpool.AsyncHTTPConnectionPool._new_conn": ("self",),
        "_async.connectionpool.AsyncHTTPSConnectionPool._new_conn": ("self",),
        "_async.connection.AsyncHTTPConnection.connect": ("self",),
        "_async.connection.AsyncHTTPSConnection.connect": ("self",),
        "_async.connection.AsyncHTTPConnection.putrequest": ("self", "method", "url"),
        "_async.connection.AsyncHTTPConnection._post_conn": ("self",),
        "_async.connectionpool.AsyncHTTPConnectionPool.urlopen": ("self", "method", "url"),
        "AsyncPoolManager": None,
        "HttpVersion.h11": None,
        "exceptions.NameResolutionError": None,
        "exceptions.NewConnectionError": None,
    },
    "httpx": {
        "HTTPTransport.handle_request": ("self", "request"),
        "AsyncHTTPTransport.handle_async_request": ("self", "request"),
        "ByteStream": None,
        "SyncByteStream": None,
        "AsyncByteStream": None,
        "LocalProtocolError": None,
    },
    "aiohttp": {
        "TCPConnector._create_connection": ("self", "req", "traces", "timeout"),
        "UnixConnector._create_connection": ("self", "req", "traces", "timeout"),
        "BaseConnector.connect": ("self", "req", "traces", "timeout"),
        "client_proto.ResponseHandler._on_read_timeout": ("self",),
        "client_proto.ResponseHandler.data_received": ("self", "data"),
        "client_proto.ResponseHandler.set_exception": ("self", "exc"),
        "ClientSession._request": ("self", "method", "str_or_url"),
        "ClientSession._build_url": ("self", "str_or_url"),
    },
    "responses": {
        "RequestsMock._on_request": ("self", "adapter", "request"),
        "RequestsMock._parse_request_params": ("self", "url"),
    },
    "requests_mock": {
        "mocker.MockerCore.start": ("self",),
        "adapter.Adapter.send": ("self", "request"),
        "adapter._RunRealHTTP": None,
        "mocker._original_send": None,
    },
    "respx": {
        "mocks.HTTPXMocker.handler": None,
        "mocks.HTTPXMocker.async_handler": None,
        "mocks.Mocker.registry": None,
        "models.PassThrough": None,
    },
    "pytest_httpx": {"HTTPXMock._handle_request": None, "HTTPXMock._handle_async_request": None},
    "aioresponses": {"aioresponses.start": ("self",), "aioresponses.stop": ("self",)},
    "pytest_socket": {"_guarded_getaddrinfo": None},
    "vcr": {
        "cassette.Cassette.can_play_response_for": ("self", "request"),
        "cassette.Cassette.filter_request": ("self", "request"),
        "cassette.Cassette.append": ("self", "request", "response"),
        "cassette.CassetteContextDecorator.__enter__": ("self",),
        "cassette.CassetteContextDecorator.__exit__": None,
    },
}
"""Module, and dotted name in it, to the parameters that it begins with; None where it is not a Python function."""

DIRECT = (
    "connection._ResponseOptions",
    "connection._ResponseOptions._fields",
    "connection._get_default_user_agent",
    "connection.HTTPConnection._http_vsn_str",
    "connection.HTTPSConnection",
    "response.HTTPResponse",
    "util.SKIP_HEADER",
    "HTTPHeaderDict",
)
"""What the direct path needs besides of urllib3 2. Where one is gone, requests go as bytes, without a message."""

STATES = ("_CS_IDLE", "_CS_REQ_SENT")
"""The same of the module http.client."""

KEPT = (
    *("_HTTPConnection__state", "_HTTPConnection__response", "_method"),
    *("_response_options", "_tunnel_host", "proxy"),
)
"""The same of what a connection keeps."""

OURS = Path(install.__file__).parent


def named(module: str, name: str) -> Any:
    """The object called ``name`` in ``module``."""
    return reduce(getattr, name.split("."), importlib.import_module(module))


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in SEAMS.items() for name in names])
def test_it_is_where_it_was(module: str, name: str) -> None:
    """The client has it, and calls it with what the seam expects."""
    try:
        importlib.import_module(module)
    except ImportError:  # importorskip() of pytest 7 has no exc_type, and that of 8 warns about this error
        pytest.skip(f"{module} is not installed")
    wanted = SEAMS[module][name]
    try:
        found = named(module, name)
    except AttributeError:
        pytest.fail(f"{module}.{name} is gone: the seam under {module} stands on it", pytrace=False)
    if wanted is None:
        return
    parameters = tuple(inspect.signature(found).parameters)[: len(wanted)]

    assert wanted == parameters, f"{module}.{name} takes other parameters: the seam under {module} stands on them"


def stand_in() -> Any:
    """As much of urllib3 as the direct path looks at, in separate classes."""
    real = urllib3.connection
    plain = type("HTTPConnection", (real.HTTPConnection,), {"request": lambda: None, "getresponse": lambda: None})
    names = {name: getattr(real, name) for name in ("_ResponseOptions", "_get_default_user_agent", "HTTPSConnection")}
    made: Any = ModuleType("stand_in")
    made.connection, made.response = SimpleNamespace(HTTPConnection=plain, **names), SimpleNamespace()
    made.response.HTTPResponse, made.util = urllib3.response.HTTPResponse, SimpleNamespace(SKIP_HEADER="skip")
    made.HTTPHeaderDict = urllib3.HTTPHeaderDict
    return made


HAS_PATH = not urllib3.__version__.startswith("1.") and not hasattr(urllib3, "AsyncPoolManager")
has_path = pytest.mark.skipif(not HAS_PATH, reason="the path of urllib3 2")


@has_path
@pytest.mark.parametrize("client", [urllib3, stand_in()] if HAS_PATH else [])
def test_the_direct_path_finds_what_it_stands_on(client: Any) -> None:
    """All of it is there, and the path is taken."""
    install_direct(client)

    assert names_of(client) is not None
    assert is_trampoline(client.connection.HTTPConnection.request)
    assert is_trampoline(client.connection.HTTPConnection.getresponse)


@has_path
@pytest.mark.parametrize("name", DIRECT)
def test_the_direct_path_is_left_where_a_name_is_gone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that moves one of them keeps the way of the bytes."""
    client = stand_in()
    owner, _, last = name.rpartition(".")
    if owner.startswith("connection."):  # of a class that others use, too
        kind = getattr(client.connection, owner.partition(".")[2])
        without = type(kind.__name__, (), {key: item for key, item in vars(kind).items() if key != last})
        setattr(client.connection, kind.__name__, without)
    else:
        delattr(reduce(getattr, owner.split("."), client) if owner else client, last)
    install_direct(client)

    assert names_of(client) is None
    assert not is_trampoline(getattr(client.connection.HTTPConnection, "request", None))


@has_path
@pytest.mark.parametrize("name", STATES)
def test_the_direct_path_is_left_where_http_client_moves(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for the words of http.client."""
    client = stand_in()
    monkeypatch.delattr(http.client, name)
    install_direct(client)

    assert names_of(client) is None


@has_path
@pytest.mark.parametrize("name", KEPT)
def test_the_direct_path_is_left_where_a_connection_keeps_it_elsewhere(name: str) -> None:
    """The same for what a connection keeps of its exchange."""
    client = stand_in()
    real = client.connection.HTTPConnection

    def forgetful(self: Any, *args: Any, **words: Any) -> None:
        real.__init__(self, *args, **words)
        del self.__dict__[name]

    client.connection.HTTPConnection = type("HTTPConnection", (real,), {"__init__": forgetful})
    install_direct(client)

    assert names_of(client) is None
    assert not is_trampoline(client.connection.HTTPConnection.request)


@pytest.mark.parametrize("proxy", [None, "http://127.0.0.1:1"])
@pytest.mark.parametrize("kind", ["HTTPTransport", "AsyncHTTPTransport"])
@pytest.mark.parametrize("module", ["httpx", "httpx2"])
def test_a_pool_of_httpx_knows_its_limit(module: str, kind: str, proxy: str | None) -> None:
    """Where the seam reads how many connections may be open; None for any number is the largest there is."""
    client = importlib.import_module(module)
    made = [
        getattr(client, kind)(proxy=proxy and client.Proxy(proxy), limits=client.Limits(max_connections=most))
        for most in (7, None)
    ]

    assert [7, sys.maxsize] == [transport._pool._max_connections for transport in made]
    kept = [vars(transport._pool) for transport in made]
    assert [[], []] == [pool.get("_connections", pool.get("_pool")) for pool in kept]  # another once it was closed


def test_every_seam_is_named() -> None:
    """What replaces a client's own name is in the list above."""
    calls = [node for path in OURS.rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    put = {
        node.args[1].value
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == install_wrapper.__name__
        and isinstance(node.args[1], ast.Constant)
    }
    listed = {name.rpartition(".")[2] for names in SEAMS.values() for name in names}

    assert {"getaddrinfo", "connect", "handle_request", "can_play_response_for"} <= put  # from every folder
    assert set() == put - listed
    assert set() == set(install.SEAMS) - {*SEAMS, "httpx2"}  # which has the names of httpx
