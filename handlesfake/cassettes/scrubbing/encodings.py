"""Wrappings: the ways in which one text stands encoded inside another, and how to look into them."""

from __future__ import annotations

import base64
import binascii
import html
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from urllib.parse import quote, unquote, unquote_plus

_CHUNK = re.compile(r"[^\s\"'<>]+")
_PLUS = re.compile(r"=[^\s&=]*\w\+\w")
"""A space in a form: ``gamertag=Player+One``."""

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5})\}|x([0-9a-fA-F]{2})|([\"\\/]))")
_OLD_ESCAPE = re.compile(r"(?i)%u([0-9a-f]{4})")
"""What scripts of old make: ``escape("ü")``."""

_LONGEST_PLAIN = 1 << 16
_ENTITY = re.compile(r"&(?:#\w+|\w+);")
_RUN = re.compile(r"[A-Za-z0-9+/_-]{11,}={0,2}")
_BREAK = re.compile(r"[+/_-]")
_GUID = re.compile(r"(?:[0-9a-fA-F]{4,8}-){4}[0-9a-fA-F]{12}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_SAFE = "/:?&=#,;()+@!$*~'"
_READABLE = re.compile(r"[ -~]{8}|(?:[^\W\d_]|[ '-]){8}")
_SHORTEST, _SHORT, _SHORTEST_READABLE = 11, 16, 20
_SPACES = str.maketrans("\t\r\n", "   ")

Look = Callable[[str], str]
"""From a text to the text as it may be written."""


def unwrapped(text: str, look: Look) -> str:
    """``text`` with what ``look`` changes in percent-encoding, escapes of JSON and entities of HTML."""
    if "%" in text or _PLUS.search(text):
        text = _CHUNK.sub(partial(_percent, look), text)
    if "\\" in text:
        text = _by_line(text, lambda line: _changed(line, _ESCAPE.sub(_unescaped, line), look))
    if _ENTITY.search(text):
        text = _by_line(text, partial(_entities, look))
    return text


def _by_line(text: str, change: Look) -> str:
    # only the encoded lines are looked at again
    return "".join(map(change, text.splitlines(keepends=True)))


def _entities(look: Look, line: str) -> str:
    plain = html.unescape(line)
    changed = plain if plain == line else look(plain)
    return line if changed == plain else html.escape(changed, quote=False)


def wraps(text: str) -> bool:
    """Whether something may be encoded in ``text``."""
    if "%" in text or "\\" in text or ("&" in text and _ENTITY.search(text)) or _PLUS.search(text):
        return True
    return any(plain_texts(run) for run in _RUN.findall(text))


def runs(text: str, judge: Callable[[str], str]) -> str:
    """``text`` with what ``judge`` makes of each run of characters that may be digits or base64."""
    return _RUN.sub(lambda run: judge(run[0]), text)


@lru_cache(maxsize=4096)
def plain_texts(run: str) -> tuple[str, ...]:
    """What ``run`` may be in plain, where something can be read; bytes that are not text as one character each."""
    # in an address it may be beside GUIDs, which encode nothing
    pieces = [piece for piece in _GUID.split(run) if len(piece) >= _SHORTEST]
    return tuple(plain for piece in pieces for plain in _plain_texts(piece) if _READABLE.search(plain))


@lru_cache(maxsize=1024)
def readable(run: str, shortest: int = _SHORTEST_READABLE) -> str:
    """The text that ``run`` is base64 or hexadecimal digits of, as a whole; empty when that is not text.

    :param shortest: characters that ``run`` must have: what is shorter may be a word.
    """
    if len(run) < shortest:
        return ""
    for read in (bytes.fromhex, _from_base64):
        try:
            plain = read(run).decode()
        except ValueError:
            continue
        if plain.translate(_SPACES).isprintable() and (len(run) < _SHORTEST_READABLE or _READABLE.search(plain)):
            return plain
    return ""


def _from_base64(run: str) -> bytes:
    piece = run.rstrip("=").translate(_STANDARD)
    return base64.b64decode(piece + "=" * (-len(piece) % 4), validate=True)


def _plain_texts(run: str) -> Iterator[str]:
    run = run[2:] if run.startswith(("0x", "0X")) else run
    if _HEX.fullmatch(run):
        yield _text(bytes.fromhex(run))
    if len(run) < _SHORT and run.islower():  # a word
        return
    standard = run.rstrip("=").translate(_STANDARD)
    # it may begin behind a mark that belongs to both the text around it and base64
    for start in {0, *(mark.end() % 4 for mark in _BREAK.finditer(run))}:
        piece = standard[start:]
        try:
            yield _text(base64.b64decode(piece[: len(piece) - (len(piece) % 4 == 1)] + "=="))
        except binascii.Error:
            continue


def _percent(look: Look, chunk: re.Match[str]) -> str:
    text = chunk[0]
    if _OLD_ESCAPE.search(text):
        text = _changed(text, _OLD_ESCAPE.sub(lambda one: chr(int(one[1], 16)), text), look)
    for decode in (unquote, unquote_plus) if "%" in text or _PLUS.search(text) else ():
        plain = decode(text)
        changed = look(plain) if plain != text else plain
        if changed != plain:
            return quote(changed, safe=_SAFE)
    return text


def _changed(text: str, plain: str, look: Look) -> str:
    if plain == text:
        return text
    changed = look(plain)
    return text if changed == plain else changed


def _unescaped(escape: re.Match[str]) -> str:
    return escape[4] or chr(int(escape[1] or escape[2] or escape[3], 16))


def _text(raw: bytes) -> str:
    if raw.startswith((b"\x1f\x8b", b"\x78")):  # packed, as gzip and deflate are
        with suppress(zlib.error):
            raw = zlib.decompressobj(47).decompress(raw, _LONGEST_PLAIN)
    try:
        return raw.decode("utf-16" if b"\0" in raw else "utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


_STANDARD = str.maketrans("-_", "+/")
