"""An answer as http.client gives it to its callers, made of values: it was never bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from http.client import HTTPMessage, HTTPResponse
from typing import Any

from handlesfake.exchange.outcome import Answer, Fault
from handlesfake.intercept.wire.http1 import CARRIED, carried
from handlesfake.intercept.wire.plain_text import Line, names_are_plain, values_are_plain
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import mutable

_LONGEST, _MOST = 8000, 100
"""Bytes of the whole and lines of the head that a reader of http.client takes in at once: no rest stays behind in the
connection."""


@mutable(eq=False)
class PlainResponse:
    """What crosses the wire in answer to ``method``, as values."""

    method: str
    status: int
    reason: str
    named: dict[str, Line]
    """Its lines, in their order, by lower-case name: each is there once."""

    body: bytes

    def of(self, connection: Any) -> HTTPResponse:
        """The response of ``connection``, in whose socket the body lies ready: only its head is read."""
        made: Any = connection.response_class(connection.sock, method=self.method)
        if self.body:
            made.fp.peek()  # as what follows a head is taken in with it
        made.headers = made.msg = message(self.named.values())
        made.version, made.reason = 11, self.reason
        made.code = made.status = self.status
        made.chunked = made.will_close = False
        made.length = len(self.body)
        response: HTTPResponse = made
        return response


def plain_response(outcome: Answer | Fault, method: str) -> PlainResponse | None:
    """``outcome`` as it crosses the wire in answer to ``method``; None where only its bytes can say it."""
    if not isinstance(outcome, Answer):
        return None
    response = outcome.response
    named = _named(response.headers)
    if named is None or not 200 <= response.status <= 999:
        return None
    length, body = carried(response, method)
    if length is not None:
        named["content-length"] = "Content-Length", length
    reason = response.phrase
    called, values = [name for name, _ in named.values()], [value for _, value in named.values()]
    if reason:
        values.append(reason)
    size = len(body) + len("".join([*called, *values]))
    is_plain = size <= _LONGEST and len(values) <= _MOST and names_are_plain(called) and values_are_plain(values)
    return PlainResponse(method, response.status, reason, named, body) if is_plain else None


def _named(headers: Headers) -> dict[str, Line] | None:
    """The lines of an answer less those that say how it is carried.

    None where a name is there twice, ends the connection, or makes the parser of e-mails look into the body.
    """
    named: dict[str, Line] = {}
    carriers = 0
    for line in headers:
        name = line[0].lower()
        if name in CARRIED:
            carriers += 1
            if name == "connection":
                return None
        else:
            named[name] = line
    kind = named.get("content-type")
    if kind is not None and kind[1][:1] in "mM" and kind[1].lower().startswith(("multipart/", "message/")):
        return None
    return named if len(named) + carriers == len(headers) else None


def message(lines: Iterable[Sequence[str]]) -> HTTPMessage:
    """What the parser would make of ``lines``, each a name and a value, all plain."""
    made = HTTPMessage()
    for name, value in lines:
        made.set_raw(name, value)
    made.set_payload("")
    return made
