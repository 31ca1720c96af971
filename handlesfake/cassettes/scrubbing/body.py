"""Bodies as they may be written: JSON at any depth and inside texts, forms, anything else as a text."""

from __future__ import annotations

import base64
import binascii
import json
import re
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.format.compression import repacked
from handlesfake.cassettes.scrubbing.field_names import has_personal_keys, is_secret, kind_of
from handlesfake.cassettes.scrubbing.text import ScrubbedText
from handlesfake.mpsd.http.message import Headers

_DEEPEST = 60
_CHARSET = re.compile(r"charset=\"?([\w.-]+)")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_GUESSED = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LATIN, _LOOKED_AT = "\u0250", 1000
_FORM = re.compile(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*")
_SEEN_AND_HEARD = ("image/", "audio/", "video/", "font/")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")


class ScrubbedBody:
    """The bodies of messages with these ``headers``."""

    def __init__(self, text: ScrubbedText, headers: Headers) -> None:
        self._text = text
        self._type = (headers.first("Content-Type") or "").lower()
        self._coding = (headers.first("Content-Encoding") or "identity").strip().lower()

    def of(self, body: bytes) -> bytes:
        """``body`` as it may be written; the very same bytes when nothing had to go."""
        if not body:
            return body
        if self._coding not in ("identity", ""):
            return self._text.unreadable(body, f"the content coding {self._coding} is not read here")
        try:
            document = json.loads(body, object_pairs_hook=_Members)
        except (ValueError, RecursionError):
            return self._plain(body)
        return self._json(document, body)

    def _json(self, document: Any, body: bytes) -> bytes:
        try:
            scrubbed = self._value(document, "body", "", "", 0)
        except _TooDeep:
            return self._text.unreadable(body, f"JSON nested deeper than {_DEEPEST} levels")
        return body if scrubbed == document and not _hides(document) else _dumped(scrubbed).encode("utf-8", "replace")

    def _plain(self, body: bytes) -> bytes:
        packed = repacked(body, self.of)
        if packed is not None:
            return packed
        encoding = self._encoding(body)
        if not encoding:
            return self._bytes(body)
        text = body.decode(encoding)
        scrubbed = self._written(text)
        return body if scrubbed == text else scrubbed.encode(encoding, "replace")

    def _encoding(self, body: bytes) -> str:
        """That of a text; empty for bytes that are none."""
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
        known = self._text.known(text)
        if known != text or self._type.startswith(_SEEN_AND_HEARD):
            return known.encode("latin-1", "replace")
        return self._text.unreadable(body, "bytes that are no text")

    def _written(self, text: str) -> str:
        if "x-www-form-urlencoded" in self._type or _FORM.fullmatch(text):
            return scrubbed_form(text, self._text, "body")
        lines = self._text.known(text).splitlines(keepends=True)
        return "".join(self._text.judged(line.rstrip("\r\n"), "body", "") + _end(line) for line in lines)

    def _value(self, value: Any, place: str, name: str, parent: str, depth: int) -> Any:
        if depth > _DEEPEST:
            raise _TooDeep
        if isinstance(value, dict):
            return self._members(value, place, name, depth)
        if isinstance(value, list):
            return [self._value(one, place, name, parent, depth + 1) for one in value]
        if isinstance(value, str):
            return self._string(value, place, name, parent, depth)
        return self._number(value, name, parent) if type(value) is int else value

    def _members(self, value: dict[str, Any], place: str, name: str, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        titles, below_secret, below_ids = _titles(value), is_secret(name), has_personal_keys(name)
        for key, one in value.items():
            written = self._text.stand_ins.person("id", key) if below_ids else self._text.at(place, key)
            # below the name of a secret everything is one, whatever it is called
            called = name if below_secret and isinstance(one, (str, int, list)) and not kind_of(key) else key
            members[written] = self._value(one, f"{place}.{key}", titles.get(key, called), name, depth + 1)
        return members

    def _number(self, value: int, name: str, parent: str) -> int:
        if is_secret(name):
            self._text.stand_ins.removed(name, str(value) if value else REMOVED)
            return 0
        digits = str(value)
        if value < 0 or len(digits) < 10:
            return value
        kind = kind_of(name, parent)
        scrubbed = self._text.stand_ins.person(kind, digits) if kind in ("xuid", "id") else self._text.known(digits)
        return int(scrubbed) if scrubbed.isdigit() else 0

    def _string(self, value: str, place: str, name: str, parent: str, depth: int) -> str:
        inner = value.strip()
        if inner[:1] in ("{", "[") and inner[-1:] in ("}", "]"):
            found = self._inside(inner, place, name, depth)
            if found is not None:
                return value if found == inner else found
        # base64 of { and of [ begins so
        if (
            value.startswith(("e", "W"))
            and _BASE64.fullmatch(value)
            and not is_secret(name)
            and not kind_of(name, parent)
        ):
            found = self._packed(value, place, name, depth)
            if found is not None:
                return found
        return self._text.value(value, place, name, parent)

    def _inside(self, text: str, place: str, name: str, depth: int) -> str | None:
        """JSON inside a text; None when it is none."""
        try:
            document = json.loads(text, object_pairs_hook=_Members)
        except (ValueError, RecursionError):
            return None
        scrubbed = self._value(document, place, name, "", depth + 1)
        return text if scrubbed == document and not _hides(document) else _dumped(scrubbed)

    def _packed(self, text: str, place: str, name: str, depth: int) -> str | None:
        """JSON inside base64; None when it is none."""
        try:
            plain = base64.b64decode(text.replace("-", "+").replace("_", "/") + "==").decode()
        except (binascii.Error, ValueError):
            return None
        if plain[:1] not in ("{", "["):
            return None
        found = self._inside(plain, place, name, depth)
        if found is None or found == plain:
            return None if found is None else text
        return base64.b64encode(found.encode("utf-8", "replace")).decode()


def _titles(members: dict[str, Any]) -> dict[str, str]:
    """What members are called by others: ``{"id": "Gamertag", "value": ...}``, the ``name`` of a session."""
    if "value" in members:
        for key in ("id", "name", "key"):
            title = members.get(key)
            if isinstance(title, str) and (kind_of(title) or is_secret(title)):
                return {"value": title}
    return {"name": "sessionName"} if "templateName" in members and "scid" in members else {}


def _is_western(text: str) -> bool:
    # bytes that are no text make signs of far countries in UTF-16
    return 2 * sum(char < _LATIN for char in text[:_LOOKED_AT]) >= len(text[:_LOOKED_AT])


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


class _TooDeep(Exception):
    """Nobody nests that deep who has nothing to hide."""


class _Members(dict[str, Any]):
    """The members of an object; ``hidden`` when one name stood there twice, so that the first is out of sight."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.hidden = len(pairs) != len(self)


def _hides(document: Any) -> bool:
    if isinstance(document, _Members):
        return document.hidden or any(map(_hides, document.values()))
    return isinstance(document, list) and any(map(_hides, document))


def scrubbed_form(text: str, of: ScrubbedText, place: str) -> str:
    """A query or a form as it may be written; the same spelling when nothing had to go."""
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    if not pairs:
        return of.at(place, text)
    scrubbed = [(of.at(place, name), of.value(value, f"{place}.{name}", name, form=True)) for name, value in pairs]
    return text if scrubbed == pairs else urlencode(scrubbed)


def _dumped(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
