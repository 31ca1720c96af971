"""Which bytes a text of a HAR was: writers re-encode, unpack and lose bytes, and none of them says so."""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
from collections.abc import Iterator

from handlesfake.captures.exchange import Unusable
from handlesfake.captures.messages import announced, check_length, undone
from handlesfake.cassettes.format.compression import content_codings, is_packed
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import frozen

_CHARSET = re.compile(r"charset=\"?([\w.-]{1,40})")
_CHARSETS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-16(le|be)?", re.ASCII
)
"""Character sets that a text is put back into."""

_UTF8 = ("utf-8", "utf8", "us-ascii", "ascii")
_REPLACED = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")


@frozen
class HarBody:
    """What the file says of one body."""

    what: str
    """``the answer``."""

    headers: Headers
    text: str | None
    """None where there is none."""

    encoding: str = ""
    plain_length: int | None = None
    """Bytes once unpacked, where the writer is known to count them."""

    keeps_bytes: bool = False
    """Its writer never replaces bytes with U+FFFD: mitmproxy, which spells them as lone surrogates."""

    def read(self) -> tuple[Headers, bytes, tuple[str, ...]]:
        """Headers and bytes with the content coding undone, and what there is to say.

        :raises Unusable: the bytes are not in the file, or cannot be told.
        """
        length = announced(self.headers)
        if not self.text:
            return self._nothing(length)
        codings = content_codings(self.headers)
        if self.encoding == "base64":
            return self._bytes(_decoded(self.text), length, codings)
        if self.encoding:
            raise Unusable(f"{self.what} is written in the encoding {self.encoding[:40]!a}, which is not known")
        body, notes = self._text(self.text, length, codings)
        if codings and is_packed(body):  # it could not be unpacked by the writer
            return undone(self.what, self.headers, body)
        return self.headers.without("Content-Encoding"), body, notes

    def _nothing(self, length: int | None) -> tuple[Headers, bytes, tuple[str, ...]]:
        check_length(self.what, b"", length)
        if length is None and self.plain_length:
            raise Unusable(f"{self.what} is not in the file: {self.plain_length} bytes")
        return self.headers.without("Content-Encoding"), b"", ()

    def _bytes(self, body: bytes, length: int | None, codings: list[str]) -> tuple[Headers, bytes, tuple[str, ...]]:
        if not codings:
            check_length(self.what, body, length)
            return self.headers, body, ()
        if len(body) == length or is_packed(body):
            return undone(self.what, self.headers, body)
        check_length(self.what, body, self.plain_length)
        return self.headers.without("Content-Encoding"), body, ()

    def _text(self, text: str, length: int | None, codings: list[str]) -> tuple[bytes, tuple[str, ...]]:
        if _REPLACED in text and not self.keeps_bytes:
            raise Unusable(f"{self.what} holds U+FFFD, which replaces bytes that a writer lost")
        wanted = self.plain_length if codings else length
        if wanted is None:
            wanted = self.plain_length
        if not codings and None not in (length, self.plain_length) and length != self.plain_length:
            raise Unusable(f"{self.what} is not whole: {self.plain_length} of {length} bytes")
        if wanted is None:
            return self._unmeasured(text)
        for name, body in self._spellings(text):
            if len(body) == wanted:
                return body, (f"{self.what} has the byte order mark again that the writer took off",) * (
                    name == "bom"
                )
        check_length(self.what, text.encode("utf-8", "surrogatepass"), wanted)
        raise Unusable(f"{self.what} has lone surrogates, which no bytes give")

    def _spellings(self, text: str) -> Iterator[tuple[str, bytes]]:
        """The bytes that may have been ``text``, the likeliest first."""
        named = self._charset if _CHARSETS.fullmatch(self._charset) else ""
        for name, mark, charset in (
            ("utf-8", b"", "utf-8"),
            ("charset", b"", named),
            ("latin-1", b"", "latin-1"),
            ("bom", codecs.BOM_UTF8, "utf-8" if self._may_lose_mark(text) else ""),
        ):
            if charset:
                try:
                    errors = "surrogateescape" if charset == "utf-8" else "strict"
                    yield name, mark + text.encode(charset, errors)
                except (UnicodeError, LookupError):
                    continue

    def _may_lose_mark(self, text: str) -> bool:
        """Whether three bytes that are missing are a byte order mark: what is left is whole without them."""
        # else the writer has counted bytes that came
        return self.plain_length is not None or _is_json(text)

    def _unmeasured(self, text: str) -> tuple[bytes, tuple[str, ...]]:
        """The bytes of a text whose length the file does not tell.

        :raises Unusable: they may have been others.
        """
        charset = self._charset or "utf-8"
        is_json = "json" in (self.headers.first("Content-Type") or "").lower()
        is_said = bool(self._charset) or is_json
        if is_json and not _is_json(text):
            raise Unusable(
                f"{self.what} is named JSON but is not JSON, and nothing in the file shows that it is whole"
            )
        if text.isascii():
            if not _CHARSETS.fullmatch(charset) or charset.startswith("utf-16"):
                raise Unusable(f"{self.what} was {charset!a}, and nothing in the file shows which bytes it had")
        elif charset not in _UTF8 or not is_said:
            raise Unusable(
                f"{self.what} has letters beyond ASCII, and nothing in the file shows which bytes they were"
            )
        if _SURROGATE.search(text) and not self.keeps_bytes:
            raise Unusable(f"{self.what} has lone surrogates, and nothing in the file shows which bytes they were")
        try:
            body = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise Unusable(f"{self.what} has lone surrogates, which no bytes give") from None
        # a byte order mark may be missing, or the end
        return body, (f"nothing in the file shows how many bytes {self.what} had",)

    @property
    def _charset(self) -> str:
        """The one that ``Content-Type`` names, in lower case; empty for none."""
        found = _CHARSET.search((self.headers.first("Content-Type") or "").lower())
        return found[1] if found else ""


def _is_json(text: str) -> bool:
    """Whether ``text`` is JSON, which half of a JSON text is not."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(text: str) -> bytes:
    """The bytes of ``text``, which is base64; Polly writes a JSON list of such texts.

    :raises Unusable: it is not base64.
    """
    parts: object = [text]
    if text.startswith("["):
        try:
            parts = json.loads(text)
        except (ValueError, RecursionError):
            parts = None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Unusable("a body is named base64 and is not")
    try:
        return b"".join(base64.b64decode("".join(part.split()), validate=True) for part in parts)
    except (binascii.Error, ValueError):
        raise Unusable("a body is named base64 and is not") from None
