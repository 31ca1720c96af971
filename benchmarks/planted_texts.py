"""Texts of planted values, as operations in a data file: what ``{json: {"{name}": "{value}"}}`` is on the wire."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import zlib
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

Words = Mapping[str, str]
"""The values of ``{name}`` and ``{value}``."""

_WORD = re.compile(r"\{(name|value)\}")
EDGE = "edge"
"""The boundary of multipart bodies."""


def text(given: Any, words: Words) -> str:
    """``given`` as a text."""
    made = made_of(given, words)
    return made.decode("utf-8", "surrogateescape") if isinstance(made, bytes) else made


def body(given: Any, words: Words, coding: str = "") -> bytes:
    """``given`` as the body of a message, packed by ``coding``."""
    made = made_of(given, words)
    raw = made.encode("utf-8", "surrogateescape") if isinstance(made, str) else made
    return CODINGS[coding](raw) if coding else raw


def made_of(given: Any, words: Words) -> str | bytes:
    """What the operations in ``given`` make."""
    if isinstance(given, str):
        return _WORD.sub(lambda word: words[word[1]], given)
    if isinstance(given, Mapping) and len(given) == 1:
        operation, inner = next(iter(given.items()))
        return _OPERATIONS[operation.removeprefix("$")](inner, words)
    return _WORD.sub(lambda word: words[word[1]], str(given))


def _document(given: Any, words: Words) -> Any:
    """JSON, in which operations begin with ``$``."""
    if isinstance(given, Mapping):
        if len(given) == 1 and next(iter(given)).startswith("$"):
            return text(given, words)
        return {text(str(key), words): _document(value, words) for key, value in given.items()}
    if isinstance(given, list):
        return [_document(one, words) for one in given]
    return text(given, words) if isinstance(given, str) else given


def _json(given: Any, words: Words) -> str:
    return json.dumps(_document(given, words), separators=(",", ":"), ensure_ascii=False)


def _pretty(given: Any, words: Words) -> str:
    return json.dumps(_document(given, words), indent=2, ensure_ascii=False)


def _number(given: Any, words: Words) -> str:
    plain = text(given, words)
    return f"{int(plain):x}" if plain.isascii() and plain.isdigit() else plain


def _multipart(given: Mapping[str, Any], words: Words) -> str:
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{text(name, words)}"\r\n\r\n{text(one, words)}\r\n'
        for name, one in given.items()
    ]
    return "".join([*parts, f"--{EDGE}--\r\n"])


def _of_text(change: Callable[[str], str]) -> Callable[[Any, Words], str]:
    return lambda given, words: change(text(given, words))


def _of_bytes(change: Callable[[bytes], bytes]) -> Callable[[Any, Words], str]:
    return lambda given, words: change(text(given, words).encode()).decode()


_OPERATIONS: dict[str, Callable[[Any, Words], str | bytes]] = {
    "json": _json,
    "json_pretty": _pretty,
    "base64": _of_bytes(base64.b64encode),
    "base64url": _of_bytes(lambda raw: base64.urlsafe_b64encode(raw).rstrip(b"=")),
    "hex": _of_text(lambda plain: plain.encode().hex()),
    "HEX": _of_text(lambda plain: plain.encode().hex().upper()),
    "percent": _of_text(lambda plain: quote(plain, safe="")),
    "plus": _of_text(quote_plus),
    "html": _of_text(html.escape),
    "html_dec": _of_text(lambda plain: "".join(f"&#{ord(char)};" for char in plain)),
    "html_hex": _of_text(lambda plain: "".join(f"&#x{ord(char):x};" for char in plain)),
    "escapes": _of_text(lambda plain: "".join(f"\\u{ord(char):04x}" for char in plain)),
    "upper": _of_text(str.upper),
    "lower": _of_text(str.lower),
    "reversed": _of_text(lambda plain: plain[::-1]),
    "hexnumber": _number,
    "HEXNUMBER": lambda given, words: _number(given, words).upper(),
    "form": lambda given, words: urlencode({text(name, words): text(one, words) for name, one in given.items()}),
    "multipart": _multipart,
    "lines": lambda given, words: "\n".join(text(one, words) for one in given),
    "join": lambda given, words: "".join(text(one, words) for one in given),
    "utf16": lambda given, words: text(given, words).encode("utf-16"),
    "gzip": lambda given, words: gzip.compress(body(given, words), mtime=0),
}


def _packed_by(module: str) -> Callable[[bytes], bytes]:
    def packed(raw: bytes) -> bytes:
        found: bytes = import_module(module).compress(raw)
        return found

    return packed


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda raw: gzip.compress(raw, mtime=0),
    "deflate": zlib.compress,
    "br": _packed_by("brotli"),
    "zstd": _packed_by("zstandard"),
}
"""Content coding to what packs so."""
