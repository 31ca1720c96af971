"""Bodies as they may be written: JSON at any depth and inside texts, forms, anything else as a text."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from handlesfake.cassettes.field_names import has_personal_keys, is_secret, kind_of
from handlesfake.cassettes.scrubbed_texts import ScrubbedText
from handlesfake.mpsd.message import Headers

_DEEPEST = 60
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
            return self._text.withheld("body", f"the content coding {self._coding} is not read here").encode()
        try:
            document = json.loads(body, object_pairs_hook=_Members)
        except (ValueError, RecursionError):
            return self._plain(body)
        return self._json(document, body)

    def _json(self, document: Any, body: bytes) -> bytes:
        try:
            scrubbed = self._value(document, "body", "", "", 0)
        except _TooDeep:
            return self._text.withheld("body", f"JSON nested deeper than {_DEEPEST} levels").encode()
        return body if scrubbed == document and not _hides(document) else _dumped(scrubbed).encode("utf-8", "replace")

    def _plain(self, body: bytes) -> bytes:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            # latin-1 gives every byte back as it was; what is looked for is ASCII
            return self._text.known(body.decode("latin-1")).encode("latin-1", "replace")
        if "x-www-form-urlencoded" in self._type or re.fullmatch(r"[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*", text):
            return scrubbed_form(text, self._text, "body").encode()
        return "".join(self._text.at("body", line) for line in text.splitlines(keepends=True)).encode()

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
        for key, one in value.items():
            written = self._text.person("id", key) if has_personal_keys(name) else self._text.at(place, key)
            below = f"{place}.{key}"
            # below the name of a secret everything is one, whatever it is called
            called = name if is_secret(name) and isinstance(one, (str, int, list)) and not kind_of(key) else key
            members[written] = self._value(one, below, called, name, depth + 1)
        return members

    def _number(self, value: int, name: str, parent: str) -> int:
        if is_secret(name):
            self._text.removed(name)
            return 0
        digits = str(value)
        if value < 0 or len(digits) < 10:
            return value
        kind = kind_of(name, parent)
        scrubbed = self._text.person(kind, digits) if kind in ("xuid", "id") else self._text.known(digits)
        return int(scrubbed) if scrubbed.isdigit() else 0

    def _string(self, value: str, place: str, name: str, parent: str, depth: int) -> str:
        inner = value.strip()
        if inner[:1] in ("{", "[") and inner[-1:] in ("}", "]"):
            found = self._inside(inner, place, name, depth)
            if found is not None:
                return value if found == inner else found
        if _BASE64.fullmatch(value) and not is_secret(name) and not kind_of(name, parent):
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
