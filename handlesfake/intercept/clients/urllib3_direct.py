"""The direct path of urllib3 2: a plain request reaches the double as a value, and its answer comes back as one.

``request`` and ``getresponse`` of a connection turn values into bytes and back, and only that step is left out.
Pools, retries, redirects and the response classes of urllib3 and http.client are the client's own. A request that is
not quite plain goes the way of the bytes. So does every request where urllib3 or http.client has moved a name.
"""

from __future__ import annotations

import functools
import http.client
import os
from collections.abc import Callable
from operator import attrgetter
from types import ModuleType
from typing import Any

from handlesfake.intercept.clients import urllib3_request
from handlesfake.intercept.clients.http_client import own
from handlesfake.intercept.patching import install_wrapper, is_trampoline
from handlesfake.intercept.registry import registry
from handlesfake.intercept.wire.memory_socket import MemorySocket
from handlesfake.intercept.wire.plain_response import PlainResponse
from handlesfake.intercept.wire.plain_text import Line

VARIABLE = "HANDLESFAKE_DIRECT"
"""The variable of the environment that turns the path off for the connections that are made from then on: ``0``."""

_STATE, _RESPONSE, _METHOD = "_HTTPConnection__state", "_HTTPConnection__response", "_method"
_ASKED, _TUNNEL, _VERSION = "_response_options", "_tunnel_host", "_http_vsn_str"
_KEPT = frozenset({_STATE, _RESPONSE, _METHOD, _ASKED, _TUNNEL, "proxy"})
"""The attributes of a connection about its exchange (all private except one), and of the class about its version."""

_PRESET = (True, True, True)
"""What those are that a caller leaves out."""

_LINES = "_container"
"""Where urllib3 keeps the lines of its headers; where it does not, they are given one by one."""

_OPTIONS = ("request_method", "request_url", "preload_content", "decode_content", "enforce_content_length")
_METHODS = attrgetter("putrequest", "putheader", "endheaders", "send")
_METHODS_BENEATH = attrgetter("putrequest", "putheader", "getresponse", "response_class")
"""What the path leaves out, in the classes of urllib3 and in the one of http.client."""

_WORDS = frozenset({"chunked", *_OPTIONS[2:]})


def install(client: ModuleType) -> None:
    """Put the path under ``client``, urllib3 2; it is left out where a name that it needs is gone. Idempotent."""
    names = names_of(client)
    if names is not None:
        plain = own(client.connection.HTTPConnection)
        install_wrapper(plain, "request", functools.partial(_requesting, names))
        install_wrapper(plain, "getresponse", functools.partial(_answering, names))
        if hasattr(client.connection, "wait_for_read"):
            install_wrapper(client.connection, "wait_for_read", _waiting)


@functools.cache
def names_of(client: ModuleType) -> Names | None:
    """What the path needs of ``client``; None where a release has moved any of it, as 1.26 had it elsewhere."""
    try:
        names = Names(client)
    except (AttributeError, TypeError):
        return None
    return names if names.are_all_there else None


class Names:
    """The names of urllib3 and http.client that the path needs, most of which are private.

    :raises AttributeError: one is gone.
    :raises TypeError: a connection is not made as it was.
    """

    def __init__(self, client: ModuleType) -> None:
        connection: Any = client.connection
        plain, secure = own(connection.HTTPConnection), own(connection.HTTPSConnection)
        self.kinds = frozenset({plain, secure})
        """Classes of connections whose exchanges may be plain; one that is made of them may do something else."""

        self.options: Any = connection._ResponseOptions  # noqa: SLF001 - there is no public name
        self.user_agent: Callable[[], str] = connection._get_default_user_agent  # noqa: SLF001 - the same
        self.skip: str = client.util.SKIP_HEADER
        self.response: Any = client.response.HTTPResponse
        self.header_dict: Any = client.HTTPHeaderDict
        self.idle: str = http.client._CS_IDLE  # type: ignore[attr-defined]  # noqa: SLF001 - as below
        self.sent: str = http.client._CS_REQ_SENT  # type: ignore[attr-defined]  # noqa: SLF001 - its request is out
        self._sources = (vars(connection), vars(http.client))
        self._checked: dict[type, tuple[Any, ...]] = {}
        whole = self.header_dict([("A", "1"), ("b", "2")])
        self._is_open = getattr(whole, _LINES, None) == {"a": ["A", "1"], "b": ["b", "2"]}
        words = self.response.__init__.__code__.co_varnames
        self.has_version_string = "version_string" in words
        self.has_shutdown = "sock_shutdown" in words
        state = vars(plain("localhost"))
        self.are_all_there = (
            self.options._fields == _OPTIONS
            and state.get(_STATE) == self.idle
            and state.keys() >= _KEPT
            and getattr(plain, _VERSION) == "HTTP/1.1"
        )
        """Whether a connection keeps the state of its exchange in the same attributes as before."""

    def headers_of(self, named: dict[str, Line]) -> Any:
        """The client's own headers of these lines, each of them once."""
        if not self._is_open:
            return self.header_dict(named.values())
        made = self.header_dict()
        setattr(made, _LINES, {name: list(line) for name, line in named.items()})
        return made

    def given(self, headers: Any) -> dict[str, Line] | None:
        """The lines that a request is given, by lower-case name; None where one is given twice or is not text."""
        if not headers:
            return {}
        if type(headers) is self.header_dict and self._is_open:
            kept: dict[str, Any] = getattr(headers, _LINES)
            named = {name: tuple(line) for name, line in kept.items()}
            return named if all(len(line) == 2 for line in named.values()) else None
        # the headers of requests keep just what is wanted, and their own items() takes ten times as long
        kept = getattr(headers, "_store", {}) if type(headers).__module__ == "requests.structures" else {}
        if kept:
            return dict(kept)
        lines = list(headers.items())
        try:
            named = {line[0].lower(): line for line in lines}
        except AttributeError:
            return None
        return named if len(named) == len(lines) else None

    def is_own(self, kind: Any) -> bool:
        """Whether the methods that the path leaves out are the client's own, and no tool listens there."""
        found = (*_METHODS(kind), *_METHODS_BENEATH(http.client.HTTPConnection))
        if self._checked.get(kind) == found:
            return True
        *methods, response = found
        is_own = response is http.client.HTTPResponse and all(map(self._is_of_the_client, methods))
        if is_own:
            self._checked[kind] = found
        return is_own

    def _is_of_the_client(self, method: Any) -> bool:
        written = getattr(method.__wrapped__ if is_trampoline(method) else method, "__globals__", None)
        return any(written is source for source in self._sources)


def is_on() -> bool:
    """Whether new connections take the path."""
    return os.environ.get(VARIABLE) != "0"


def _requesting(names: Names, original: Callable[..., None]) -> Callable[..., None]:
    """A plain request is handed over, and lies with the socket until its answer is asked for, as its bytes would."""

    def request(connection: Any, method: str, url: str, body: Any = None, headers: Any = None, **words: Any) -> None:
        __tracebackhide__ = True
        asked = None
        if _is_plain(names, connection) and words.keys() <= _WORDS and not words.get("chunked"):
            asked = urllib3_request.plain_request(names, connection, (method, url, body), names.given(headers))
        if asked is None:
            original(connection, method, url, body, headers, **words)
            return
        connection.sock.settimeout(connection.timeout)
        state = connection.__dict__
        state[_ASKED] = names.options(method, url, *map(words.get, _OPTIONS[2:], _PRESET))
        state[_METHOD], state[_STATE] = method, names.sent
        connection.sock.hand_over(asked)

    return request


def _is_plain(names: Names, connection: Any) -> bool:
    """Whether ``connection`` leads to a double, has nothing under way, and does only what all connections do."""
    sock = connection.sock
    kind = type(connection)
    if type(sock) is not MemorySocket or kind not in names.kinds:
        return False
    if sock.takes_values is None:
        sock.takes_values = is_on()
    state = connection.__dict__
    before = state[_RESPONSE]
    if before is not None and before.isclosed():
        before = state[_RESPONSE] = None
    return (
        sock.takes_values
        and before is None
        and state[_STATE] == names.idle
        and connection.proxy is None
        and state[_TUNNEL] is None
        and not connection.debuglevel
        and getattr(connection, _VERSION) == "HTTP/1.1"
        and sock.is_idle
        and (not registry.has_isolated or registry.active_for(connection.host, connection.port) is sock.double)
        and names.is_own(kind)
    )


def _waiting(original: Callable[..., bool]) -> Callable[..., bool]:
    """A pool that looks whether its connection is dead asks the socket itself, and not the system."""

    def wait_for_read(sock: Any, timeout: float | None = None) -> bool:
        __tracebackhide__ = True
        if type(sock) is MemorySocket and timeout == 0 and not sock.is_closed:
            return sock.is_readable()
        return original(sock, timeout)

    return wait_for_read


def _answering(names: Names, original: Callable[..., Any]) -> Callable[..., Any]:
    """The answer to a request that was handed over is made of values, or lies ready as bytes for the client."""

    def getresponse(connection: Any, *args: Any, **words: Any) -> Any:
        __tracebackhide__ = True
        sock, state = connection.sock, connection.__dict__
        options = state.get(_ASKED)
        if type(sock) is not MemorySocket or not sock.holds_value or options is None:
            return original(connection, *args, **words)
        sock.settimeout(connection.timeout)
        state[_ASKED] = None
        try:
            answer = sock.answer_plainly()
        except ConnectionError:
            connection.close()  # as http.client does
            raise
        if answer is None:
            state[_ASKED] = options
            return original(connection, *args, **words)
        return _response(names, connection, answer, options)

    return getresponse


def _response(names: Names, connection: Any, answer: PlainResponse, options: Any) -> Any:
    made = answer.of(connection)
    state = connection.__dict__
    state[_STATE], state[_RESPONSE] = names.idle, made
    words: dict[str, Any] = {"version_string": "HTTP/1.1"} if names.has_version_string else {}
    if names.has_shutdown:
        words["sock_shutdown"] = connection.sock.shutdown
    return names.response(
        body=made,
        headers=names.headers_of(answer.named),
        status=answer.status,
        version=11,
        reason=answer.reason,
        preload_content=options.preload_content,
        decode_content=options.decode_content,
        original_response=made,
        enforce_content_length=options.enforce_content_length,
        request_method=options.request_method,
        request_url=options.request_url,
        **words,
    )
