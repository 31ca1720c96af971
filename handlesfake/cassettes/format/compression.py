"""Packing: the one reader of content codings, and bytes that are packed although no header says so.

gzip and deflate are read everywhere, br and zstd where a decoder is installed. Python 3.14 has one for zstd; the
extra ``codings`` brings the others.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType, ModuleType

from handlesfake.mpsd.http.message import Headers

_LARGEST = 64 << 20
"""Bytes of a body, unpacked; more are not looked into."""

_SPOON = 256
"""Bytes that are given to brotli at once, since brotli has no limit."""

_GZIP, _ZLIB, _BARE = 31, 15, -15
_STARTS = {b"\x1f\x8b": _GZIP, b"\x78\x01": _ZLIB, b"\x78\x5e": _ZLIB, b"\x78\x9c": _ZLIB, b"\x78\xda": _ZLIB}
_ZSTD = b"\x28\xb5\x2f\xfd"
_PACKED = (*_STARTS, _ZSTD, b"PK\x03\x04", b"BZh", b"\xfd7zXZ\x00", b"\x04\x22\x4d\x18", b"7z\xbc\xaf")
"""What bytes begin with that are packed: gzip, zlib, zstd, zip, bzip2, xz, lz4, 7-Zip."""

_BEGINS = MappingProxyType({"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": _ZSTD})
"""What a body begins with whose coding tells; deflate may come without a head, and br has none."""

_MOST_CODINGS = 4


def unpacked(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """``headers`` and ``body`` with the content codings undone that are read here; anything else as it is.

    A body that is a text, or does not begin as its coding does, was unpacked by the writer of the cassette.
    """
    codings = content_codings(headers) if body else []  # an answer to HEAD names that of another
    if not codings or len(codings) > _MOST_CODINGS:
        return headers, body
    plain: bytes | None = body
    for coding in reversed(codings):
        plain = _undone(coding, plain)
        if plain is None:
            is_plain = _is_plain(body) or not body.startswith(_BEGINS.get(codings[-1], b""))
            return (headers.without("Content-Encoding"), body) if is_plain else (headers, body)
    return headers.without("Content-Encoding"), plain if plain is not None else body


def content_codings(headers: Headers) -> list[str]:
    """The content codings that ``headers`` name, in the order in which they were applied; in lower case."""
    if headers.first("Content-Encoding") is None:
        return []
    named = ",".join(headers.every("Content-Encoding"))
    return [coding for one in named.split(",") if (coding := one.strip().lower()) not in ("", "identity")]


def are_read(headers: Headers) -> bool:
    """Whether each content coding that ``headers`` name can be undone here."""
    return all(one in _READERS and (one not in _DECODERS or _decoder(one)) for one in content_codings(headers))


def decoders() -> list[str]:
    """The content codings that are read here because a decoder of theirs is installed."""
    return [coding for coding in _DECODERS if _is_installed(coding)]


def why_packed(headers: Headers) -> str:
    """Why a body with these headers cannot be read, for messages; empty where no content coding is left."""
    codings = content_codings(headers)
    if not codings:
        return ""
    missing = next((one for one in codings if one in _DECODERS and _decoder(one) is None), "")
    if missing:
        return f"no decoder of the content coding {missing} is installed"
    unknown = next((one for one in codings if one not in _READERS), "")
    return f"the content coding {unknown} is not read here" if unknown else f"its {codings[-1]} cannot be undone"


def is_packed(body: bytes) -> bool:
    """Whether ``body`` begins as packed bytes do, whatever its headers say."""
    return body.startswith(_PACKED)


def repacked(body: bytes, change: Callable[[bytes], bytes]) -> bytes | None:
    """``body`` with ``change`` made to what is packed in it by gzip, zlib or zstd; None when nothing is."""
    kind = _STARTS.get(body[:2])
    plain = _by_start(body, kind)
    if plain is None:
        return None
    changed = change(plain)
    if changed == plain:
        return body
    if kind is None:  # its reader has zstd; that of what is written here may have none
        return changed
    return gzip.compress(changed, mtime=0) if kind == _GZIP else zlib.compress(changed)


def _by_start(body: bytes, kind: int | None) -> bytes | None:
    if kind is not None:
        return _inflated(body, kind)
    return _unzstded(body) if body.startswith(_ZSTD) else None


def _undone(coding: str, body: bytes | None) -> bytes | None:
    if body is None or coding not in _READERS:
        return None
    return _READERS[coding](body)


def _is_plain(body: bytes) -> bool:
    """Whether ``body`` is a text: the first bytes of packed bytes show that they are not."""
    with suppress(UnicodeDecodeError):
        text = body.decode()
        return bool(text) and not any(char < " " and char not in "\t\r\n\f" for char in text[:4096])
    return False


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


@cache
def _decoder(coding: str) -> ModuleType | None:
    """The module that undoes ``coding``; None where it is not installed. Lazily: few programs have one."""
    for name in _DECODERS[coding]:
        with suppress(ImportError):
            return import_module(name)
    return None


def _is_installed(coding: str) -> bool:
    """The same, and nothing is imported for it."""
    for name in _DECODERS[coding]:
        with suppress(ImportError):
            if find_spec(name) is not None:
                return True
    return False


_DECODERS = MappingProxyType({"br": ("brotli", "brotlicffi"), "zstd": ("compression.zstd", "zstandard")})


def _unbrotlied(body: bytes) -> bytes | None:
    brotli = _decoder("br")
    if brotli is None:
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


def _unzstded(body: bytes) -> bytes | None:
    zstd = _decoder("zstd")
    if zstd is None:
        return None
    plain = b""
    while body:  # there may be several frames, one behind the other
        is_standard = zstd.__name__ != "zstandard"
        unpacker = zstd.ZstdDecompressor() if is_standard else zstd.ZstdDecompressor().decompressobj()
        try:
            for start in range(0, len(body), _SPOON):
                plain += unpacker.decompress(body[start : start + _SPOON])
                if len(plain) > _LARGEST:
                    return None
                if unpacker.eof:
                    body = unpacker.unused_data + body[start + _SPOON :]
                    break
            else:
                return None
        except zstd.ZstdError:
            return None
    return plain


_READERS: MappingProxyType[str, Callable[[bytes], bytes | None]] = MappingProxyType(
    {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _deflated, "br": _unbrotlied, "zstd": _unzstded}
)
