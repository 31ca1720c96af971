"""JSON as it is written: what has changed takes its place there, and everything else keeps its spelling."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|NaN|-?Infinity', re.S)

dumped: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
"""A document as JSON without spaces."""

_USUAL: tuple[Callable[[Any], str], ...] = (
    dumped,
    json.JSONEncoder().encode,
    json.JSONEncoder(separators=(",", ":")).encode,
    json.JSONEncoder(ensure_ascii=False).encode,
)
"""How most programs write JSON: a whole document is compared faster than its tokens are looked at."""

_SPACED = (_USUAL[1], _USUAL[3], _USUAL[0], _USUAL[2])


def respelled(text: str, document: Any, scrubbed: Any) -> str:
    """``text``, which is ``document`` as JSON, as ``scrubbed``, which has its shape: ``10.00`` stays ``10.00``.

    Where a name comes twice, of which a document holds one, nothing is kept of the spelling.
    """
    # a program that has a space behind one colon has it behind all: its own way is tried first
    is_spaced = text[:1] == "{" and text[text.find('":') + 2 :][:1] == " "
    for write in _SPACED if is_spaced else _USUAL:
        if write(document) == text:
            return write(scrubbed)
    tokens = list(_TOKEN.finditer(text))
    pairs = list(_pairs(document, scrubbed))
    if len(tokens) != len(pairs) or any(pair is None for pair in pairs):
        return dumped(scrubbed)
    parts, done = [], 0
    for token, pair in zip(tokens, pairs, strict=True):
        if pair is not None and pair[0] != pair[1]:
            parts += [text[done : token.start()], dumped(pair[1])]
            done = token.end()
    return "".join([*parts, text[done:]])


def _pairs(one: Any, other: Any) -> Iterator[tuple[Any, Any] | None]:
    """The names and values of both, in the order in which they are written; None where their shapes differ."""
    if isinstance(one, dict):
        if not isinstance(other, dict) or len(one) != len(other):
            yield None
            return
        for (name, value), (written, scrubbed) in zip(one.items(), other.items(), strict=True):
            yield name, written
            yield from _pairs(value, scrubbed)
    elif isinstance(one, list):
        if not isinstance(other, list) or len(one) != len(other):
            yield None
            return
        for value, scrubbed in zip(one, other, strict=True):
            yield from _pairs(value, scrubbed)
    else:
        yield None if isinstance(other, (dict, list)) else (one, other)


def read_text(body: bytes) -> tuple[str, bytes]:
    """``body`` as a text, and the mark it begins with; JSON in UTF-16 and UTF-32 is written in UTF-8, to be reviewed.

    :raises UnicodeDecodeError: JSON cannot be such a text.
    """
    mark = codecs.BOM_UTF8 if body.startswith(codecs.BOM_UTF8) else b""
    return body.decode(json.detect_encoding(body), "surrogatepass"), mark
