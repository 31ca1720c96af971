"""The content of a request: contract version, JSON body, and fields of the type that they must be."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Callable
from itertools import chain
from typing import Any

from handlesfake.mpsd.http.message import Request, Response
from handlesfake.mpsd.refusals.catalogue import Refusal, refuse
from handlesfake.mpsd.state.identity import is_xuid

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a body, unpacked; a bound of the fake against gzip bombs, no fact about MPSD."""

DEEPEST_BODY = 200
"""Levels of nesting in a body; a bound of the fake, so that what was read can always be compared and written."""

UINT32 = 2**32 - 1

NAME_LIMIT = 99
"""Characters of a template or session name: 100-byte buffers, NUL included (seen in a client)."""


def contract_version(request: Request, status: int) -> int:
    """The contract version that the request states: 104, 105 or 107; others above 104 read as 107 (U81).

    :raises Refusal: it is missing, no integer, or below 104.
    """
    text = request.headers.first("x-xbl-contract-version")
    if text is None:
        raise refuse("contract_version", status, problem="is missing: send 107")
    if text == "107":  # as most requests have it
        return 107
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise refuse("contract_version", status, problem=f"must be an integer, and is {short(text)}")
    stated = int(digits)
    if stated < 104:
        raise refuse("contract_version", status, problem=f"must be 104 or later, and is {stated}")
    return stated if stated in (104, 105) else 107


def read_object(body: bytes, content_encoding: str | None) -> dict[str, Any]:
    """The JSON object in ``body``, strictly read (U87).

    :raises Refusal: the body is not a JSON object, or cannot be unpacked.
    """
    document = read_json(body, content_encoding)
    if not isinstance(document, dict):
        raise refuse("malformed_body", problem=f"must be a JSON object, and is {type_name(document)}")
    return document


def document_of(request: Request | Response) -> Any:
    """The JSON body of ``request``, or of an answer; None when there is none or it cannot be read."""
    coding = (request.headers.first("Content-Encoding") or "").strip().lower()
    if not request.body:
        return None
    try:
        # that the service reads it is not known: people who ask what was sent may
        return read_json(_inflated(request.body), None) if coding == "deflate" else read_json(request.body, coding)
    except Refusal:
        return None


def type_of(document: Any) -> str:
    """The ``type`` in the body of a request about handles (``activity``), else empty."""
    found = document.get("type") if isinstance(document, dict) else None
    return found if isinstance(found, str) else ""


def read_json(body: bytes, content_encoding: str | None) -> Any:
    """The JSON value in ``body``, gzip undone.

    :raises Refusal: the body is empty, no JSON, or cannot be unpacked.
    """
    plain = _unpacked(body, content_encoding.strip().lower()) if content_encoding else body
    if not plain or plain.isspace():
        raise refuse("malformed_body", problem="is empty")
    document = _parsed(plain)
    if _may_be_deeper(plain, DEEPEST_BODY) and _is_deeper(document, DEEPEST_BODY):
        raise refuse("request_too_large", problem=f"is nested deeper than {DEEPEST_BODY} levels")
    return document


def _parsed(plain: bytes) -> Any:
    try:
        return _decoded(plain.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise refuse("malformed_body", problem=f"is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise refuse("malformed_body", problem=f"is not JSON: {error.msg} at {place}") from None
    except RecursionError:
        raise refuse("request_too_large", problem=f"is nested deeper than {DEEPEST_BODY} levels") from None
    except ValueError:  # an integer with more digits than Python reads
        raise refuse("request_too_large", problem="holds a number that is too large") from None


def _decoded(text: str) -> Any:
    if text[0] in "{[" and text[-1] in "}]":  # no white space to skip, at either end
        try:
            document, end = _SCAN(text, 0)
        except StopIteration:  # no value where one has to be: decode() tells where
            end = -1
        if end == len(text):
            return document
    return _STRICT.decode(text)


def _may_be_deeper(plain: bytes, levels: int) -> bool:
    """Whether there are brackets enough: a body with fewer needs no walk, and one that is shorter no count."""
    return len(plain) > 2 * levels and plain.count(b"{") + plain.count(b"[") > levels


def _is_deeper(document: Any, levels: int) -> bool:
    containers = [document]
    for _ in range(levels):
        parts = (outer.values() if isinstance(outer, dict) else outer for outer in containers)
        containers = [part for part in chain.from_iterable(parts) if isinstance(part, (dict, list))]
    return bool(containers)


def _unpacked(body: bytes, coding: str) -> bytes:
    if coding in ("", "identity"):
        return body
    if coding not in ("gzip", "x-gzip"):
        raise refuse("content_coding", problem=f"has the content coding {short(coding)}; gzip is known")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LARGEST_BODY)
    except zlib.error:
        raise refuse("malformed_body", problem="says that it is gzip, and is not") from None
    if unpacker.unconsumed_tail:
        raise refuse("request_too_large", problem=f"unpacks to more than {LARGEST_BODY} bytes")
    if not unpacker.eof:
        raise refuse("malformed_body", problem="says that it is gzip, and is cut short")
    return plain


def _inflated(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(body, LARGEST_BODY)
    except zlib.error:
        return b""
    return plain if unpacker.eof else b""


def _no_constant(name: str) -> Any:
    raise refuse("malformed_body", problem=f"holds {name}, which is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise refuse("request_too_large", problem="holds a number that is too large")
    return number


_STRICT = json.JSONDecoder(parse_constant=_no_constant, parse_float=_finite)
_SCAN: Callable[[str, int], tuple[Any, int]] = _STRICT.scan_once  # type: ignore[attr-defined]  # since Python 2.6

# ---- fields


def a_text(value: Any, field: str) -> str:
    """``value`` as a non-empty string.

    :raises Refusal: it is missing or something else; the sentence names ``field``.
    """
    if value is None:
        raise refuse("missing_field", field=field)
    if not isinstance(value, str):
        raise refuse("invalid_field", field=field, problem=f"must be a string, and is {type_name(value)}")
    if not value:
        raise refuse("invalid_field", field=field, problem="must not be empty")
    return value


def a_name(value: Any, field: str) -> str:
    """``value`` as the name of a template or session.

    :raises Refusal: it is not text, empty, or too long.
    """
    name = a_text(value, field)
    if len(name) > NAME_LIMIT:
        raise refuse("invalid_field", field=field, problem=f"must be {NAME_LIMIT} characters or less")
    return name


def an_object(value: Any, field: str) -> dict[str, Any]:
    """``value`` as a JSON object.

    :raises Refusal: it is missing or something else.
    """
    if value is None:
        raise refuse("missing_field", field=field)
    if not isinstance(value, dict):
        raise refuse("invalid_field", field=field, problem=f"must be an object, and is {type_name(value)}")
    return value


def a_xuid(value: Any, field: str) -> str:
    """``value`` as a xuid: a decimal text (contract 1.3).

    :raises Refusal: it is missing or something else.
    """
    text = a_text(value, field)
    if not is_xuid(text):
        raise refuse("invalid_field", field=field, problem=f"must be a decimal xuid, and is {short(text)}")
    return text


def a_title_id(value: Any, field: str) -> str:
    """``value``, a decimal uint32 as text or number (U11), as text; between 1 and 4294967295.

    :raises Refusal: it is missing or something else.
    """
    if value is None:
        raise refuse("missing_field", field=field)
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not (isinstance(text, str) and is_title_id(text)):
        shown = short(value) if isinstance(value, (str, int, float)) else type_name(value)
        raise refuse(
            "invalid_field", field=field, problem=f"must be a decimal uint32 from 1 to {UINT32}, and is {shown}"
        )
    return str(int(text))


def is_title_id(text: str) -> bool:
    """Whether ``text`` is a decimal uint32 other than 0 (contract 1.3)."""
    return text.isascii() and text.isdigit() and len(text) <= 10 and 1 <= int(text) <= UINT32


def type_name(value: Any) -> str:
    """What JSON calls the type of ``value``: ``a number``, ``null`` ..."""
    # a test may arrange what no JSON holds
    return next((name for kind, name in _TYPE_NAMES if isinstance(value, kind)), f"of type {type(value).__name__}")


_TYPE_NAMES: tuple[tuple[type, str], ...] = (
    (type(None), "null"),
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (str, "a string"),
    (list, "an array"),
    (dict, "an object"),
)


def short(value: Any) -> str:
    """``value`` as JSON, cut at 60 characters, so that a megabyte of nonsense does not come back."""
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
