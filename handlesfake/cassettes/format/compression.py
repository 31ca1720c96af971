"""Packing: content codings of bodies undone, and bytes that are packed although no header says so."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from importlib import import_module
from types import MappingProxyType

from handlesfake.mpsd.http.message import Headers

_LARGEST = 64 << 20
"""Bytes of a body, unpacked; more are not looked into."""

_SPOON = 256
"""Bytes that are given to brotli at once, which knows no bound."""

_GZIP, _ZLIB, _BARE = 31, 15, -15
_STARTS = {b"\x1f\x8b": _GZIP, b"\x78\x01": _ZLIB, b"\x78\x5e": _ZLIB, b"\x78\x9c": _ZLIB, b"\x78\xda": _ZLIB}


def unpacked(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """``headers`` and ``body`` with the content codings undone that are read here; anything else as it is.

    They are gzip and deflate, and br where the package brotli is installed.
    """
    coding = (headers.first("Content-Encoding") or "").strip().lower()
    if coding not in _READERS:
        return headers, body
    if coding in ("gzip", "x-gzip") and not body.startswith(b"\x1f\x8b"):
        return headers.without("Content-Encoding"), body  # unpacked already, by whoever wrote the cassette
    plain = _READERS[coding](body)
    return (headers, body) if plain is None else (headers.without("Content-Encoding"), plain)


def repacked(body: bytes, change: Callable[[bytes], bytes]) -> bytes | None:
    """``body`` with ``change`` made to what is packed in it; None when nothing is."""
    kind = _STARTS.get(body[:2])
    plain = _inflated(body, kind) if kind is not None else None
    if plain is None:
        return None
    changed = change(plain)
    if changed == plain:
        return body
    return gzip.compress(changed, mtime=0) if kind == _GZIP else zlib.compress(changed)


def _inflated(body: bytes, kind: int) -> bytes | None:
    """What is packed in ``body``, of which nothing may be left over; None when it cannot be read whole."""
    plain = b""
    while body:  # gzip may have several members, one behind the other
        unpacker = zlib.decompressobj(wbits=kind)
        try:
            plain += unpacker.decompress(body, _LARGEST - len(plain) + 1)
        except zlib.error:
            return None
        if not unpacker.eof or len(plain) > _LARGEST:
            return None
        body = unpacker.unused_data
    return plain


def _gunzipped(body: bytes) -> bytes | None:
    return _inflated(body, _GZIP)


def _deflated(body: bytes) -> bytes | None:
    plain = _inflated(body, _ZLIB)
    # some servers leave the head of zlib away
    return _inflated(body, _BARE) if plain is None else plain


def _unbrotlied(body: bytes) -> bytes | None:
    try:
        brotli = import_module("brotli")  # lazily: few have it
    except ImportError:
        return None
    unpacker, plain = brotli.Decompressor(), b""
    try:
        for start in range(0, len(body), _SPOON):
            plain += unpacker.process(body[start : start + _SPOON])
            if len(plain) > _LARGEST:
                return None
    except brotli.error:
        return None
    return plain if unpacker.is_finished() else None


_READERS = MappingProxyType({"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _deflated, "br": _unbrotlied})
