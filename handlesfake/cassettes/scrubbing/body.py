"""Bodies as they may be written: JSON at any depth and inside texts, forms, anything else as a text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote_plus, unquote, unquote_plus, urlencode

from handlesfake.cassettes.format.compression import is_packed, repacked, why_packed
from handlesfake.cassettes.scrubbing.field_names import is_route, meaning
from handlesfake.cassettes.scrubbing.json_text import read_text, respelled
from handlesfake.cassettes.scrubbing.json_values import DEEPEST, JsonValues, TooDeep
from handlesfake.cassettes.scrubbing.patterns import is_typed
from handlesfake.cassettes.scrubbing.text import ScrubbedText
from handlesfake.cassettes.volatile_fields import boundary_of
from handlesfake.mpsd.http.message import Headers

_CHARSET = re.compile(r"charset=\"?([\w.-]+)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_GUESSED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LATIN, _LOOKED_AT = "\u0250", 1000
_FORM = re.compile(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*")
_NUMBERED_NAME = re.compile(r"(?i)(.*(?:\.\d{1,4}|\[\d{1,4}\]))[.\[](?:name|key)\]?")
_NUMBERED_VALUE = re.compile(r"(?i)(.*(?:\.\d{1,4}|\[\d{1,4}\]))[.\[]value\]?(?:\.(?:string|binary)value)?")
"""How AWS numbers pairs (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html), and PHP."""

_SEEN_AND_HEARD = ("image/", "audio/", "video/", "font/")


class ScrubbedBody:
    """The bodies of messages with these ``headers``.

    :param name: what a body is called that is one value as a whole.
    """

    def __init__(self, text: ScrubbedText, headers: Headers, name: str = "") -> None:
        self._text = text
        self._name = name
        self._type = (headers.first("Content-Type") or "").lower()
        self._boundary = boundary_of(headers)
        self._coding = why_packed(headers)
        self._values = JsonValues(text.stand_ins, self._string, text.at, text.known)

    def of(self, body: bytes) -> bytes:
        """``body`` as it may be written; the very same bytes when nothing had to go."""
        if not body:
            return body
        if self._coding:
            return self._text.packed(self._coding)
        try:
            text, mark = read_text(body)
            document = _decode(text)
        except (ValueError, RecursionError):
            return self._plain(body)
        if isinstance(document, (int, float)) and self._name:  # a number in a text
            return self._plain(body)
        written = self._json(document, body, text)
        return written if isinstance(written, bytes) else mark + written.encode("utf-8", "replace")

    def _json(self, document: Any, body: bytes, text: str) -> bytes | str:
        try:
            scrubbed = self._values.of(document, "body", self._name if isinstance(document, str) else "")
            is_same = scrubbed == document and self._is_same_below(document)
        except TooDeep:
            return self._text.unreadable(body, f"JSON nested deeper than {DEEPEST} levels")
        return body if is_same else respelled(text, document, scrubbed)

    def _is_same_below(self, document: Any) -> bool:
        """Whether nothing has to go of what is out of sight: the first of two values under one name."""
        return all(self._values.of(one, "body", "") == one for one in _out_of_sight(document))

    def _plain(self, body: bytes) -> bytes:
        packed = repacked(body, self.of)
        if packed is not None:
            return packed
        encoding = self._encoding(body)
        if not encoding:
            return self._bytes(body)
        text = body.decode(encoding)
        # what parts the pieces looks like chance, and is
        pieces = text.split(self._boundary) if self._boundary else [text]
        scrubbed = self._boundary.join(map(self._written, pieces))
        return body if scrubbed == text else scrubbed.encode(encoding, "replace")

    def _encoding(self, body: bytes) -> str:
        """That of a text; empty for bytes that are not text."""
        told = _CHARSET.search(self._type)
        for encoding in (told[1] if told else "utf-8", "utf-8", json.detect_encoding(body), "latin-1"):
            with suppress(LookupError, UnicodeDecodeError):
                text = body.decode(encoding)
                if not _CONTROL.search(text) and (encoding not in _GUESSED or _is_western(text)):
                    return encoding
        return ""

    def _bytes(self, body: bytes) -> bytes:
        # latin-1 gives every byte back as it was; what is looked for is ASCII
        text = body.decode("latin-1")
        if self._type.startswith(_SEEN_AND_HEARD):
            return self._text.known(text).encode("latin-1", "replace")
        if is_packed(body):
            return self._text.packed("bytes that are packed in a way that is not read here")
        return self._text.unreadable(body, "bytes that are not text")

    def _written(self, text: str) -> str:
        if self._is_one_value(text.strip()):
            named = self._text.known.named(self._name, text.strip())
            if named is not None:
                return named
        if "x-www-form-urlencoded" in self._type or _FORM.fullmatch(text):
            return scrubbed_form(text, self._text, "body")
        lines = self._text.known(text).splitlines(keepends=True)
        return "".join(self._text.judged(line.rstrip("\r\n"), "body", "") + _end(line) for line in lines)

    def _is_one_value(self, text: str) -> bool:
        """Whether ``text`` is what the last part of the path names, as a whole: no page, no form, no word back."""
        means = meaning(self._name)
        if not means.is_any or "\n" in text or text[:1] in ("<", "{", "[") or _FORM.fullmatch(text):
            return False
        return means.is_secret or not is_route(self._name) or is_typed(means.kind, text)

    def _string(self, value: str, place: str, name: str, parent: str, depth: int) -> str:
        first = value[:1]
        if first.isalnum() and first not in _PACKED_STARTS:  # neither JSON nor packed, as most texts
            return self._text.value(value, place, name, parent)
        inner = value.strip()
        if inner[:1] in ("{", "[") and inner[-1:] in ("}", "]"):
            found = self._inside(inner, place, name, depth)
            if found is not None:
                return value if found == inner else found
        if value.startswith(_PACKED_JSON) and not meaning(name, parent).is_any:
            found = self._packed(value, place, name, depth)
            if found is not None:
                return found
        return self._text.value(value, place, name, parent)

    def _inside(self, text: str, place: str, name: str, depth: int) -> str | None:
        """JSON inside a text; None when it is not JSON."""
        try:
            document = _decode(text)
        except (ValueError, RecursionError):
            return None
        scrubbed = self._values.of(document, place, name, "", depth + 1)
        return text if scrubbed == document and not _hides(document) else respelled(text, document, scrubbed)

    def _packed(self, text: str, place: str, name: str, depth: int) -> str | None:
        """JSON inside base64 or hexadecimal digits; None when it is not JSON."""
        packing = next((one for one in _PACKINGS if one.pattern.fullmatch(text)), None)
        if packing is None:
            return None
        try:
            plain = packing.read(text).decode()
        except ValueError:
            return None
        if plain[:1] not in ("{", "["):
            return None
        found = self._inside(plain, place, name, depth)
        if found is None or found == plain:
            return None if found is None else text
        return packing.write(found.encode("utf-8", "replace"))


_PACKED_JSON = ("e", "W", "7b", "7B", "5b", "5B")
"""How base64 and digits of ``{`` and of ``[`` begin."""

_PACKED_STARTS = frozenset(one[0] for one in _PACKED_JSON)


class _Packing(NamedTuple):
    """A way to write bytes as characters."""

    pattern: re.Pattern[str]
    read: Callable[[str], bytes]
    write: Callable[[bytes], str]


_PACKINGS = (
    _Packing(re.compile(r"(?:[0-9a-fA-F]{2}){8,}"), bytes.fromhex, bytes.hex),
    _Packing(
        re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}"),
        lambda text: base64.b64decode(text.replace("-", "+").replace("_", "/") + "=="),
        lambda raw: base64.b64encode(raw).decode(),
    ),
)


def _is_western(text: str) -> bool:
    # bytes that are not text make signs of far countries in UTF-16
    return 2 * sum(char < _LATIN for char in text[:_LOOKED_AT]) >= len(text[:_LOOKED_AT])


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


class _Members(dict[str, Any]):
    """The members of an object; ``hidden`` are those whose name comes again, so that they are out of sight."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.hidden = pairs if len(pairs) != len(self) else []


_decode = json.JSONDecoder(object_pairs_hook=_Members).decode


def _hides(document: Any) -> bool:
    if isinstance(document, _Members):
        return bool(document.hidden) or any(map(_hides, document.values()))
    return isinstance(document, list) and any(map(_hides, document))


def _out_of_sight(document: Any) -> Iterator[dict[str, Any]]:
    """Each member that is hidden because its name comes again, as a separate object."""
    hidden = document.hidden if isinstance(document, _Members) else []
    yield from ({name: value} for name, value in hidden)
    # each value once: those of an object that hides some are among the hidden
    inner = [value for _, value in hidden] or (document.values() if isinstance(document, dict) else document)
    for value in inner if isinstance(document, (dict, list)) else ():
        yield from _out_of_sight(value)


def scrubbed_form(text: str, of: ScrubbedText, place: str) -> str:
    """A query or a form as it may be written; the same spelling when nothing had to go."""
    if "+" in text:  # not every client says a plus as %2B: the secret is then not what reads there
        text = "&".join(_less_plus(one, of) for one in text.split("&"))
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    if not pairs:
        return of.at(place, text)
    called = _numbered(pairs)
    scrubbed = [
        (of.at(place, name), of.value(value, f"{place}.{name}", called.get(name, name), form=True))
        for name, value in pairs
    ]
    return text if scrubbed == pairs else urlencode(scrubbed)


def _numbered(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """What the values of a form are called by others: ``Attribute.1.Name`` says it of ``Attribute.1.Value``."""
    names = {found[1]: value for name, value in pairs if (found := _NUMBERED_NAME.fullmatch(name))}
    values = ((name, _NUMBERED_VALUE.fullmatch(name)) for name, _ in pairs) if names else ()
    return {name: names[found[1]] for name, found in values if found and meaning(names.get(found[1], "")).is_any}


def _less_plus(pair: str, of: ScrubbedText) -> str:
    """``name=value`` less what is known in the value when a plus in it is one."""
    name, mark, value = pair.partition("=")
    spaced = unquote_plus(value)
    if of.stand_ins.learned.replaced(spaced) != spaced:  # its pluses are spaces, as it is read below
        return pair
    plain = unquote(value) if "+" in value else value
    known = of.stand_ins.learned.replaced(plain)
    return pair if known == plain else f"{name}{mark}{quote_plus(known)}"
