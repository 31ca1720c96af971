"""The request that urllib3 2 would write, as a value: the same lines in the same order."""

from __future__ import annotations

import re
from typing import Any, Protocol

from handlesfake.mpsd.http.message import Headers, Request

_PLAIN = re.compile(r"[A-Z]+\n/[!-~]*(?:\n[-!#$%&'*+.^_`|~0-9A-Za-z]+\r[!-~](?:[ -~]*[!-~])?)+")
_LENGTHS = {
    **dict.fromkeys(("POST", "PUT", "PATCH"), "0"),
    **dict.fromkeys(("GET", "HEAD", "DELETE", "OPTIONS"), ""),
}
"""Method to what urllib3 says of the length where no body is given."""

_ODD = frozenset({"host", "transfer-encoding", "expect", "upgrade", "trailer"})

Named = dict[str, tuple[str, str]]
"""Header lines by lower-case name, in their order."""


class Names(Protocol):
    """What has to be known of the client."""

    user_agent: Any
    """Gives what it says of itself."""

    skip: str
    """The value of a header that is to be left out."""


def plain_request(names: Names, connection: Any, method: str, url: str, body: Any, headers: Any) -> Request | None:
    """What ``connection.request(method, url, body, headers)`` writes; None where only its bytes can say it.

    Plain is what the reader of bytes takes without a parser: text of one line in each place, each name once, a body
    that is here whole.
    """
    data = _data(body)
    given = _given(headers)
    if data is None or given is None:
        return None
    host = connection.host
    lines = [("Host", host if connection.port == connection.default_port else f"{host}:{connection.port}")]
    if "accept-encoding" not in given:
        lines.append(("Accept-Encoding", "identity"))
    length = _LENGTHS.get(method) if body is None else str(len(data))
    if "content-length" not in given:
        if length is None:
            return None
        if length:
            lines.append(("Content-Length", length))
    elif given["content-length"][1] != str(len(data)):
        return None
    if "user-agent" not in given:
        lines.append(("User-Agent", names.user_agent()))
    lines += given.values()
    text = f"{method}\n{url}" + "".join([f"\n{name}\r{value}" for name, value in lines])
    is_plain = ":" not in host and text.count("\n") == len(lines) + 1 and names.skip not in text
    return Request(method, url, Headers(lines), data) if is_plain and _PLAIN.fullmatch(text) else None


def _data(body: Any) -> bytes | None:
    """``body`` as bytes; None where it is no text and no bytes."""
    if body is None:
        return b""
    if type(body) is bytes:
        return body
    try:
        return body.encode() if type(body) is str else None
    except UnicodeEncodeError:
        return None


def _given(headers: Any) -> Named | None:
    """The lines of ``headers``; None where they say more than what is sent, or not in text, or twice."""
    named: Named = {}
    lines = list(headers.items()) if headers else ()
    for line in lines:
        name, value = line
        if type(name) is not str or type(value) is not str:
            return None
        named[name.lower()] = line
    return named if len(named) == len(lines) and _ODD.isdisjoint(named) else None
