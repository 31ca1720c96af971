"""Texts of a file as the scrubber would judge them, with the calls that only a scan needs."""

from __future__ import annotations

import re

from handlesfake.cassettes.audit.placeholders import is_no_secret
from handlesfake.cassettes.audit.seen import Seen
from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.scrubbing.body import ScrubbedBody, scrubbed_form
from handlesfake.cassettes.scrubbing.field_names import is_secret
from handlesfake.cassettes.scrubbing.header_names import CARRIAGE, HARMLESS, REMOVED_ANSWERS, TOLD
from handlesfake.cassettes.scrubbing.scrubber import scrubbed_target
from handlesfake.cassettes.scrubbing.text import ScrubbedText
from handlesfake.mpsd.http.message import NO_HEADERS, Headers

_ADDRESS = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?//[^/?#]*")
_COOKIES = frozenset({"set-cookie", "set-cookie2"})
_OF_THE_WAY = (REMOVED_ANSWERS - _COOKIES - TOLD.keys() - {"x-xbl-debug"}) | {name.lower() for name in CARRIAGE}
"""Headers of proxies and logs: no secret, but they may hold one."""

_CHUNK = re.compile(r"[^\n]*-----BEGIN [A-Z ]*PRIVATE KEY-.*?(?:-----END[^\n]*|\Z)|[^\n]+", re.S)


class FileText:
    """Looks at texts of the file that ``seen`` takes notes of; what is found, it is told."""

    def __init__(self, seen: Seen, text: ScrubbedText) -> None:
        self._seen = seen
        self._text = text

    def named(self, text: str, name: str, parent: str, *, form: bool = False) -> None:
        """A text called ``name``, below ``parent``."""
        self._text.value(text, name, name, parent, form=form)

    def key(self, text: str) -> None:
        """The key of a mapping, which clients may have made."""
        self._text.at("", text)

    def known(self, text: str) -> None:
        """A text that is not a secret itself, but may hold one."""
        self._text.known(text)

    def uri(self, uri: str) -> None:
        """The address of a request, with host or without."""
        host = _ADDRESS.match(uri)
        rest = uri[host.end() :] if host else uri
        if host:
            self._text.known(host[0])
        target, _, fragment = rest.partition("#")
        scrubbed_target(target, self._text)
        if fragment:
            scrubbed_form(fragment, self._text, "query")

    def header(self, name: str, value: str) -> None:
        """A header of a request or a response."""
        lower = name.lower()
        if lower in HARMLESS or lower in _OF_THE_WAY or "ratelimit" in lower:
            self._text.known(value)
        elif lower in TOLD or lower in REMOVED_ANSWERS or is_secret(name):
            if not (value.endswith(REMOVED) or is_no_secret(name, value, "")):
                self._seen.add(TOLD.get(lower, name), value)
        else:
            self._text.header(name, value)

    def body(self, body: bytes, headers: Headers = NO_HEADERS) -> None:
        """A body."""
        headers, plain = unpacked(headers, body)
        ScrubbedBody(self._text, headers).of(plain)

    def lines(self, start: int, end: int) -> None:
        """The text between two characters of the file that has no structure, line by line."""
        for chunk in _CHUNK.finditer(self._seen.lines.text, start, end):
            if not chunk[0].isspace():
                self._seen.looks_at(*chunk.span())
                self.body(chunk[0].encode("utf-8", "replace"))

    def bytes(self, raw: bytes) -> None:
        """The secrets of a file that is not text, where random bytes look like people."""
        self._text.known.less_secrets(raw.decode("latin-1"))
