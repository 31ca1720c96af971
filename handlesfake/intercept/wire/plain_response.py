"""An answer as http.client gives it to its callers, made of values: it was never bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from http.client import HTTPMessage, HTTPResponse
from typing import Any

from handlesfake.exchange.outcome import Answer, Fault
from handlesfake.intercept.wire.http1 import framed
from handlesfake.values.values import mutable

_VALUE = "(?:[!-~](?:[ -~]*[!-~])?)?"
_PLAIN = re.compile(
    rf"{_VALUE}(?:\n(?!(?i:connection\r|content-type\r(?:multipart|message)/))"
    rf"[-!#$%&'*+.^_`|~0-9A-Za-z]+\r{_VALUE})*"
)
"""Reason and lines. What ends the connection, or has the parser of e-mails look into it, is not among them."""

_LONGEST, _MOST = 8000, 100
"""Bytes of the whole and lines of the head that a reader of http.client takes in at once: no rest stays behind in the
connection."""

_NO_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@mutable
class PlainResponse:
    """What crosses the wire in answer to ``method``, as values."""

    method: str
    status: int
    reason: str
    lines: list[tuple[str, str]]
    body: bytes

    def of(self, connection: Any) -> HTTPResponse:
        """The response of ``connection``, in whose socket the body lies ready: only its head is read."""
        made: Any = connection.response_class(connection.sock, method=self.method)
        if self.body:
            made.fp.peek()  # as what stands behind a head is taken in with it
        made.headers = made.msg = message(self.lines)
        made.version, made.reason = 11, self.reason
        made.code = made.status = self.status
        made.chunked = made.will_close = False
        made.length = 0 if self.method == "HEAD" or self.status in _NO_BODY else len(self.body)
        response: HTTPResponse = made
        return response


def plain_response(outcome: Answer | Fault, method: str) -> PlainResponse | None:
    """``outcome`` as it crosses the wire in answer to ``method``; None where only its bytes can say it."""
    if not isinstance(outcome, Answer):
        return None
    response = outcome.response
    if not HTTPStatus.OK <= response.status <= 999:
        return None
    lines, body = framed(response, method)
    reason = response.phrase
    text = reason + "".join([f"\n{name}\r{value}" for name, value in lines])
    if len(text) + len(body) > _LONGEST or text.count("\n") != len(lines) or len(lines) > _MOST:
        return None
    return PlainResponse(method, response.status, reason, lines, body) if _PLAIN.fullmatch(text) else None


def message(lines: Iterable[Sequence[str]]) -> HTTPMessage:
    """What the parser would make of ``lines``, each a name and a value, all plain."""
    made = HTTPMessage()
    for name, value in lines:
        made.set_raw(name, value)
    made.set_payload("")
    return made
