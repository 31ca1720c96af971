"""Request and Response: HTTP as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from urllib.parse import unquote

from handlesfake.values.values import frozen

MPSD_HOST = "sessiondirectory.xboxlive.com"
"""The canonical host of the service: requests for any configured MPSD host have this one."""


_SECRET = ("authorization", "signature", "cookie", "set-cookie")
"""Headers whose values are never printed."""


class _Lowered(dict[str, str]):
    """Names of headers in lower case: clients send few names, again and again, and the journal holds each once."""

    def __missing__(self, name: str) -> str:
        lowered = name.lower()
        if len(self) < _MOST_NAMES and len(name) <= _LONGEST_NAME:
            self[name] = lowered
        return lowered


_lowered = _Lowered()
_MOST_NAMES, _LONGEST_NAME = 1000, 64


class Headers(tuple[tuple[str, str], ...]):
    """Header lines in wire order; names compare without case (RFC 9110, 5.1).

    Built from any iterable of ``(name, value)`` pairs: ``Headers([("If-Match", "*")])``.
    """

    _index: dict[str, str] | None = None
    """The first value by lower-case name, once anybody has asked: the service asks for half a dozen."""

    @classmethod
    def of_different(cls, values: Mapping[str, tuple[str, str]]) -> Headers:
        """The lines in ``values``, no two of which have one name: each by its name in lower case."""
        headers = cls(values.values())
        headers._index = {name: value for name, (_, value) in values.items()}
        return headers

    def first(self, name: str, default: str | None = None) -> str | None:
        """The value of the first line called ``name``, else ``default``."""
        index = self._index
        if index is None:
            index = self._index = {_lowered[key]: value for key, value in self[::-1]}
        return index.get(name) or index.get(name.lower(), default)

    def every(self, name: str) -> list[str]:
        """The values of all lines called ``name``, in wire order."""
        wanted = name.lower()
        return [value for key, value in self if key.lower() == wanted]

    def without(self, *names: str) -> Headers:
        """The same lines less those called one of ``names``."""
        unwanted = {name.lower() for name in names}
        return Headers(pair for pair in self if pair[0].lower() not in unwanted)

    def __repr__(self) -> str:
        shown = (f"{name}: {'...' if name.lower() in _SECRET else value}" for name, value in self)
        return f"<Headers {', '.join(shown)}>"

    def plus(self, pairs: Iterable[tuple[str, str]]) -> Headers:
        """The same lines with ``pairs`` behind them."""
        return Headers((*self, *pairs))


NO_HEADERS = Headers()
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


@frozen
class Request:
    """One HTTP request as MPSD receives it.

    ``target`` is the request target as sent, path and query (``/handles?include=relatedInfo``);
    ``body`` is what follows the head, without the transfer coding, with the content coding.
    """

    method: str
    target: str
    headers: Headers = NO_HEADERS
    body: bytes = b""
    host: str = MPSD_HOST
    malformed: str = ""
    """Why the bytes that were sent are not an HTTP request; empty when they are one. The rest is what could be
    read."""

    @property
    def path(self) -> str:
        """The target less its query, percent-escapes resolved."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        """The text behind the first ``?``, as sent; empty when there is none."""
        return self.target.partition("?")[2]


@frozen
class Response:
    """One HTTP response. The carrier adds ``Content-Length``: it is in ``headers`` only for answers to HEAD."""

    status: int
    headers: Headers = NO_HEADERS
    body: bytes = b""
    reason: str | None = None
    """What the service said behind the status, which may be nothing; None for the standard words."""

    @property
    def phrase(self) -> str:
        """The reason phrase: that of the service, else the standard one of the status."""
        if self.reason is not None:
            return self.reason
        return _PHRASES.get(self.status, "")
