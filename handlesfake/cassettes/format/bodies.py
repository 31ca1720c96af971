"""The form of a body in a cassette: JSON over several lines, so that a review of a recording shows what changed."""

from __future__ import annotations

import json
from decimal import Decimal
from json.encoder import encode_basestring  # what dumps() calls for a text
from typing import Any

from handlesfake.mpsd.http.body import DEEPEST_BODY, read_json
from handlesfake.mpsd.refusals.catalogue import Refusal

LAYOUT, AS_SENT = "layout", "as sent"
"""Key and value beside a body that was sent as we lay out others: it is not to be drawn together."""


def request_text(body: bytes) -> str | bytes:
    """A request's body for people; its JSON is kept, its spaces are not."""
    try:
        # what a reader would lose stays as it was sent: the first of two values under one name, digits of a number
        document = _exact(body.decode())
        if body.count(b"{") + body.count(b"[") > DEEPEST_BODY:
            read_json(body, None)  # which refuses what is nested beyond any use
        return _pretty(document)
    except (Refusal, UnicodeError, ValueError, RecursionError):
        return _text(body)


def response_text(body: bytes) -> str | bytes:
    """A response's body for people, such that :func:`body_bytes_of_response` gives back the very same bytes.

    Except for a body with a true :func:`is_as_sent`: that one is to be marked.
    """
    try:
        document = json.loads(body)
        if isinstance(document, (dict, list)) and _compact(document) == body:
            return _pretty(document)
    except (ValueError, RecursionError):
        pass
    return _text(body)


def body_bytes_of_response(text: str) -> bytes:
    """The body that a cassette has as ``text``; what :func:`response_text` spread out is joined again."""
    if text.startswith(("{\n", "[\n")):
        try:
            document = json.loads(text)
            if _pretty(document) == text:
                return _compact(document)
        except (ValueError, RecursionError):
            pass
    return text.encode()


def is_as_sent(body: bytes) -> bool:
    """Whether ``body`` looks as if :func:`response_text` had spread it out, and was sent so."""
    text = _text(body) if body.startswith((b"{\n", b"[\n")) else b""
    return isinstance(text, str) and body_bytes_of_response(text) != body


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("one name comes twice")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _number(text: str) -> float:
    number = float(text)
    if Decimal(text) != Decimal(repr(number)):
        raise ValueError("it has more digits than a float")
    return number


_exact = json.JSONDecoder(object_pairs_hook=_members, parse_float=_number, parse_constant=_no_constant).decode
_compact_text = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
_on_one_line = json.JSONEncoder(ensure_ascii=False).encode


def _pretty(document: Any) -> str:
    text = _spread(document, "\n")
    text.encode()  # a lone surrogate, which JSON can spell, cannot be written to a file
    return text


def _spread(value: Any, line: str) -> str:
    """As ``json.dumps`` with ``indent=2``, which is written in Python, and takes four times as long.

    :param line: the end of a line, and what the next one begins with.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{line}  "
    if isinstance(value, dict) and value:
        members = [
            f"{encode_basestring(name)}: {encode_basestring(one) if type(one) is str else _spread(one, inner)}"
            for name, one in value.items()
        ]
        return f"{{{inner}{f',{inner}'.join(members)}{line}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join([_spread(one, inner) for one in value])}{line}]"
    return _on_one_line(value)


def _compact(document: Any) -> bytes:
    return _compact_text(document).encode()


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body
