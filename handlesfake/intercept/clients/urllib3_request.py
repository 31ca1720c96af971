"""The request that urllib3 2 would write, as a value: the same lines in the same order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from handlesfake.intercept.wire.plain_text import Line, names_are_plain, values_are_plain
from handlesfake.mpsd.http.message import Headers, Request

_LENGTHS = {
    **dict.fromkeys(("POST", "PUT", "PATCH"), "0"),
    **dict.fromkeys(("GET", "HEAD", "DELETE", "OPTIONS"), ""),
}
"""Method to what urllib3 says of the length where no body is given; others go as bytes."""

_ODD = frozenset({"host", "transfer-encoding", "expect", "upgrade", "trailer"})
_TEXT = {str}


class Names(Protocol):
    """What has to be known about the client."""

    user_agent: Any
    """Gives what it says of itself."""

    skip: str
    """The value of a header that is to be left out."""


def plain_request(
    names: Names, connection: Any, asked: tuple[str, str, Any], given: Mapping[str, Line] | None
) -> Request | None:
    """What ``connection.request(*asked, headers)`` writes; None where only its bytes can say it.

    The reader of bytes takes a plain request without a parser: text of one line in each place, each name once, a
    whole body.

    :param asked: method, address and body.
    :param given: the headers by lower-case name; None where they are not plain.
    """
    method, url, body = asked
    data = b"" if body is None else body if type(body) is bytes else _encoded(body)
    if data is None or given is None or method not in _LENGTHS or not _ODD.isdisjoint(given):
        return None
    host = connection.host
    lines = [("Host", host if connection.port == connection.default_port else f"{host}:{connection.port}")]
    if "accept-encoding" not in given:
        lines.append(("Accept-Encoding", "identity"))
    if "content-length" not in given:
        length = _LENGTHS[method] if body is None else str(len(data))
        if length:
            lines.append(("Content-Length", length))
    elif given["content-length"][1] != str(len(data)):
        return None
    if "user-agent" not in given:
        lines.append(("User-Agent", names.user_agent()))
    lines += given.values()
    if type(url) is not str or url[:1] != "/" or " " in url or ":" in host or not values_are_plain([url]):
        return None
    headers = _plain_headers(names, connection.sock, lines)
    return None if headers is None else Request(method, url, headers, data)


def _plain_headers(names: Names, sock: Any, lines: list[Line]) -> Headers | None:
    """The lines as headers where they are plain: those of the request before over ``sock``, if they are the same.

    A client sends the same head again and again, which is then looked at once.
    """
    headers: Headers | None = sock.last_headers
    if headers is not None and headers == tuple(lines):
        return headers
    called, values = [name for name, _ in lines], [value for _, value in lines]
    if (
        {*map(type, called), *map(type, values)} != _TEXT
        or not names_are_plain(called)
        or not values_are_plain(values)
        or names.skip in values
    ):
        return None
    headers = sock.last_headers = Headers(lines)
    return headers


def _encoded(body: Any) -> bytes | None:
    """Text as bytes; None for anything else."""
    try:
        return body.encode() if type(body) is str else None
    except UnicodeEncodeError:
        return None
