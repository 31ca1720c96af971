"""The names of each client on which its seam stands: a release that moves one is told of here, by that name."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from handlesfake.intercept import install
from handlesfake.intercept.patching import install_wrapper

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
    },
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
"""Module, and dotted name in it, to the parameters that it begins with; None where it is no function of Python's."""

OURS = Path(install.__file__).parent


def named(module: str, name: str) -> Any:
    """What ``name`` stands for in ``module``."""
    return reduce(getattr, name.split("."), importlib.import_module(module))


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in SEAMS.items() for name in names])
def test_it_is_where_it_was(module: str, name: str) -> None:
    """The client has it, and calls it with what the seam expects."""
    try:
        importlib.import_module(module)
    except ImportError:  # importorskip() of pytest 7 knows no exc_type, and that of 8 warns of this error
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
    """What is put in the place of a client's own stands in the list above."""
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
