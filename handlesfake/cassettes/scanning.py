"""Scanning: secrets and people that stand in files, cassettes of any tool first of all, with the line of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.field_names import is_secret
from handlesfake.cassettes.findings import Findings
from handlesfake.cassettes.header_names import HARMLESS, REMOVED_ANSWERS, TOLD
from handlesfake.cassettes.identities import FIRST_PSEUDONYM
from handlesfake.cassettes.key import MARK
from handlesfake.cassettes.learned import Learned
from handlesfake.cassettes.pseudonyms import (
    IMAGE,
    SECURE_DEVICE_ADDRESS,
    Pseudonyms,
    is_made_up_xuid,
    made_up_gamertag,
)
from handlesfake.cassettes.scrubbed_bodies import ScrubbedBody, scrubbed_form
from handlesfake.cassettes.scrubbed_texts import WITHHELD, ScrubbedText
from handlesfake.cassettes.shapes import GUID, SECRETS
from handlesfake.cassettes.tags import TAGS
from handlesfake.errors import CassetteError
from handlesfake.files.placed import Misread
from handlesfake.files.strict_yaml import as_text, decode, read
from handlesfake.files.yaml_builder import Limits
from handlesfake.mpsd.message import Headers

LARGEST = 64 << 20
"""Bytes of a file that is looked into."""

_ROLES = 1_000
_LIMITS = Limits(depth=60, nodes=5_000_000)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that should not stand where it stands; its value is not kept."""

    path: Path
    line: int
    """Counts from 1."""

    kind: str
    """``token``, ``Signature``, ``xuid``, ``gamertag`` ..."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind}"


def scan(path: Path) -> list[Leak]:
    """What leaks from the file at ``path``, line by line.

    :raises CassetteError: it cannot be read.
    """
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror or error}") from None
    if raw is None:
        raise CassetteError(f"{path}: more than {LARGEST} bytes are not looked into")
    text = raw.decode("utf-8", "replace")
    seen = _Seen(text)
    if MARK in text:
        seen.add("key of pseudonyms", MARK)
    root = _read(raw)
    if isinstance(root, dict) and isinstance(root.get("interactions"), list):
        for interaction in root["interactions"]:
            _interaction(interaction, seen)
    else:
        seen.body(raw, {})
    return sorted({Leak(path, line, kind) for line, kind in seen.found}, key=lambda leak: (leak.line, leak.kind))


def _read(raw: bytes) -> Any:
    try:
        return read(decode(raw), as_text, TAGS, _LIMITS).root
    except Misread:  # no cassette that anybody could replay; its lines are looked at all the same
        return None


def _interaction(node: Any, seen: _Seen) -> None:
    if not isinstance(node, dict):
        return
    for name in ("request", "response"):
        message = node.get(name)
        if not isinstance(message, dict):
            continue
        seen.uri(str(message.get("uri") or ""))
        headers = _headers(message.get("headers"))
        for header, value in headers:
            seen.header(header, value)
        body = message.get("body")
        body = body.get("string", body.get("base64_string")) if isinstance(body, dict) else body
        seen.body(body.encode("utf-8", "replace") if isinstance(body, str) else body or b"", dict(headers))


def _headers(node: Any) -> list[tuple[str, str]]:
    if not isinstance(node, dict):
        return []
    return [
        (name, value.decode("latin-1") if isinstance(value, bytes) else str(value or ""))
        for name, values in node.items()
        for value in (values if isinstance(values, list) else [values])
    ]


class _Seen(ScrubbedText):
    """Looks where the scrubber looks, and takes note instead of writing anew."""

    def __init__(self, text: str) -> None:
        super().__init__(Learned(), Pseudonyms(b""), Findings(), frozenset())
        self._lines = _Lines(text)
        self.found: list[tuple[int, str]] = []

    def add(self, kind: str, value: str) -> None:
        """``value`` should not be there."""
        if value and value not in (REMOVED, WITHHELD):
            self.found += [(line, kind) for line in self._lines.of(value)]

    def uri(self, uri: str) -> None:
        """The address of a request."""
        address, _, query = uri.partition("?")
        for part in address.split("/")[3:]:
            self.known(part)
        if query:
            scrubbed_form(query, self, "query")

    def header(self, name: str, value: str) -> str:
        """See :meth:`ScrubbedText.header`."""
        lower = name.lower()
        if (lower in TOLD or lower in REMOVED_ANSWERS or is_secret(name)) and not value.endswith(REMOVED):
            self.add(TOLD.get(lower, name), value)
        elif lower not in HARMLESS:
            super().header(name, value)
        return value

    def body(self, body: bytes, headers: dict[str, str]) -> None:
        """A body, or a whole file that is no cassette."""
        plain = Headers((name, value) for name, value in headers.items() if name.lower() == "content-type")
        ScrubbedBody(self, plain).of(body)

    def known(self, text: str) -> str:
        """See :meth:`ScrubbedText.known`."""
        for kind, pattern, _ in SECRETS:
            for found in pattern.finditer(text):
                if REMOVED not in found[0]:
                    self.add(kind, found[0])
        self._people(text)
        return text

    def value(self, text: str, place: str, name: str, parent: str = "", *, form: bool = False) -> str:
        """See :meth:`ScrubbedText.value`."""
        if is_secret(name, form=form) and not self._is_device(text, name):
            self.add(name, text)
            return text
        super().value(text, place, name, parent, form=form)
        return text

    def person(self, kind: str, value: str) -> str:
        """See :meth:`ScrubbedText.person`."""
        if not _is_made_up(kind, value):
            self.add(kind, value)
        return value

    def _judged(self, text: str, place: str, name: str) -> str:
        if super()._judged(text, place, name) == WITHHELD:
            self.add("looks like a secret", text)
        return text


def _is_made_up(kind: str, value: str) -> bool:
    """Whether ``value`` cannot be told from a pseudonym."""
    if kind == "xuid":
        is_role = value.isdigit() and FIRST_PSEUDONYM <= int(value) < FIRST_PSEUDONYM + _ROLES
        return is_made_up_xuid(value) or is_role
    if kind == "id":
        return bool(GUID.fullmatch(value)) or value.isdigit()
    if kind == "gamertag":
        return made_up_gamertag(value)
    starts = {"secure device address": SECURE_DEVICE_ADDRESS, "picture": IMAGE}
    return value.startswith(starts[kind]) if kind in starts else value.endswith("@mail.invalid")


class _Lines:
    """The lines of a text, to be asked where something stands."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, value: str) -> Iterator[int]:
        """The lines on which ``value`` begins; the first one of the file when it is spelled otherwise there."""
        needle = next((part for part in (value, value[:40], value[:12]) if part in self._text), "")
        start = self._text.find(needle) if needle else -1
        if start < 0:
            yield 1
        while start >= 0:
            yield self._text.count("\n", 0, start) + 1
            start = self._text.find(needle, start + len(needle))
