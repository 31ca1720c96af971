"""How a body stands in a cassette: JSON over several lines, so that a review of a recording shows what changed."""

from __future__ import annotations

import json
from typing import Any

from handlesfake.mpsd.http.body import read_json
from handlesfake.mpsd.refusals.catalogue import Refusal


def request_text(body: bytes) -> str | bytes:
    """A request's body for people; its JSON is kept, its spaces are not."""
    try:
        return _pretty(read_json(body, None))
    except (Refusal, UnicodeEncodeError):
        return _text(body)


def response_text(body: bytes) -> str | bytes:
    """A response's body for people, such that :func:`response_bytes` gives back the very same bytes."""
    try:
        document = json.loads(body)
        if isinstance(document, (dict, list)) and _compact(document) == body:
            return _pretty(document)
    except (ValueError, RecursionError):
        pass
    return _text(body)


def body_bytes_of_response(text: str) -> bytes:
    """The body that stands in a cassette as ``text``; what :func:`response_text` spread out is drawn together."""
    if text.startswith(("{\n", "[\n")):
        try:
            document = json.loads(text)
            if _pretty(document) == text:
                return _compact(document)
        except (ValueError, RecursionError):
            pass
    return text.encode()


def _pretty(document: Any) -> str:
    text = json.dumps(document, indent=2, ensure_ascii=False)
    text.encode()  # a lone surrogate, which JSON can spell, can stand in no file
    return text


def _compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _text(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body
