"""Scanning: secrets and people that stand in files, cassettes of any tool first of all, with the line of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import Any

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.format.compression import unpacked
from handlesfake.cassettes.format.json_format import is_json
from handlesfake.cassettes.format.vcrpy_tags import TAGS
from handlesfake.cassettes.people.pseudonym_key import MARK
from handlesfake.cassettes.people.pseudonyms import SHORTEST_CHECKED, Pseudonyms, is_pseudonym
from handlesfake.cassettes.recording.journal_file import SUFFIX
from handlesfake.cassettes.scrubbing.body import ScrubbedBody
from handlesfake.cassettes.scrubbing.field_names import is_secret
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.scrubbing.header_names import HARMLESS, REMOVED_ANSWERS, TOLD
from handlesfake.cassettes.scrubbing.learned_values import Learned
from handlesfake.cassettes.scrubbing.replacements import WITHHELD, StandIns
from handlesfake.cassettes.scrubbing.scrubber import scrubbed_target
from handlesfake.cassettes.scrubbing.text import ScrubbedText
from handlesfake.errors import CassetteError
from handlesfake.files.document import read_texts
from handlesfake.files.placed import Map, Misread
from handlesfake.files.strict_yaml import decode
from handlesfake.files.yaml_builder import DocumentLimits
from handlesfake.mpsd.http.message import Headers

LARGEST = 64 << 20
"""Bytes of a file that is looked into."""

_OF_THE_FAKE = re.compile(r"FakeTag( \d+)?")
_UNLIKE_OTHERS = 8
_HEAD = 8192
_INTERACTIONS = b"interactions"
_LIMITS = DocumentLimits(depth=60, nodes=5_000_000)


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
        about = path.stat()
        raw = path.read_bytes() if S_ISREG(about.st_mode) and about.st_size <= LARGEST else None
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror or error}") from None
    if raw is None:
        why = f"more than {LARGEST >> 20} MiB are not looked into" if S_ISREG(about.st_mode) else "is no file"
        raise CassetteError(f"{path}: {why}")
    text = raw.decode("utf-8", "replace")
    if path.name.endswith(SUFFIX):
        return _sorted(path, _of_journal(text, path))
    seen = _Seen(text)
    if MARK in text:
        seen.add("key of pseudonyms", MARK)
        raw = raw.replace(MARK.encode(), b"")
    root = _read(raw, path) if _INTERACTIONS in raw else None
    if isinstance(root, dict) and isinstance(root.get("interactions"), list):
        for interaction in root["interactions"]:
            _interaction(interaction, seen)
    else:
        seen.file(raw)
    return _sorted(path, seen.leaks)


def _sorted(path: Path, leaks: Iterable[tuple[int, str]]) -> list[Leak]:
    return sorted({Leak(path, line, kind) for line, kind in leaks}, key=lambda leak: (leak.line, leak.kind))


def _of_journal(text: str, path: Path) -> Iterator[tuple[int, str]]:
    """What leaks from what a killed recorder has left: an interaction a line, as it would stand in the cassette."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if isinstance(found, dict) and {"cassette", "roles"} <= found.keys() <= {"cassette", "roles", "tests"}:
            continue  # as the head of a cassette: made-up people only
        inner = str(found.get("text") or "") if isinstance(found, dict) else ""
        # whatever the cassette is called: a journal has YAML
        root = _read(inner.encode("utf-8", "replace"), path.with_suffix(".yaml"))
        seen = _Seen(inner or line)
        for interaction in root if isinstance(root, list) else ():
            _interaction(interaction, seen)
        if not isinstance(root, list):
            seen.file(line.encode("utf-8", "replace"))
        yield from ((number, kind) for _, kind in seen.leaks)


def _read(raw: bytes, path: Path) -> Any:
    try:
        return read_texts(decode(raw), TAGS, _LIMITS, only_json=is_json(path)).root
    except Misread:  # no cassette that anybody could replay; its lines are looked at all the same
        return None


def _interaction(node: Any, seen: _Seen) -> None:
    for name in ("request", "response"):
        message = node.get(name) if isinstance(node, dict) else None
        if not isinstance(message, Map):
            continue
        seen.at(message, "uri")
        seen.uri(str(message.get("uri") or ""))
        headers = list(_headers(message.get("headers"), seen))
        seen.at(message, "body")
        body = message.get("body")
        if isinstance(body, dict):
            body = body.get("string", body.get("base64_string"))
        raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
        if isinstance(raw, bytes):
            seen.body(raw, Headers(headers))


def _headers(node: Any, seen: _Seen) -> Iterator[tuple[str, str]]:
    """The header lines, each of which was looked at."""
    for name, values in node.items() if isinstance(node, Map) else ():
        seen.at(node, name)
        for value in values if isinstance(values, list) else [values]:
            text = value.decode("latin-1") if isinstance(value, bytes) else str(value or "")
            seen.header(name, text)
            yield name, text


class _Seen(StandIns):
    """Takes note of what stands in a file and should not, where the scrubber would write something else."""

    def __init__(self, text: str) -> None:
        super().__init__(Learned(), Pseudonyms(b""), Findings())
        self.leaks: list[tuple[int, str]] = []
        self._lines = _Lines(text)
        self._line = 1
        self._text = ScrubbedText(self, frozenset())

    def at(self, node: Map, key: str) -> None:
        """What comes now stands below ``key``."""
        if key in node.places:
            self._line = node.places[key][0][0]

    def add(self, kind: str, value: str) -> None:
        """``value`` should not be there."""
        self.leaks += [(line, kind) for line in self._lines.of(self.wrapping or value, self._line)]

    def uri(self, uri: str) -> None:
        """The address of a request."""
        scrubbed_target("/" + "/".join(uri.split("/")[3:]), self._text)

    def header(self, name: str, value: str) -> None:
        """A header of a request or a response."""
        lower = name.lower()
        if lower in TOLD or lower in REMOVED_ANSWERS or is_secret(name):
            if not value.endswith(REMOVED):
                self.add(TOLD.get(lower, name), value)
        elif lower not in HARMLESS:
            self._text.header(name, value)

    def body(self, body: bytes, headers: Headers) -> None:
        """A body."""
        headers, plain = unpacked(headers, body)
        ScrubbedBody(self._text, headers).of(plain)

    def file(self, raw: bytes) -> None:
        """A whole file that is no cassette; of one that is no text, where chance looks like people, the secrets."""
        if b"\0" in raw[:_HEAD]:
            self._text.known.less_secrets(raw.decode("latin-1"))
        else:
            self.body(raw, Headers())

    def person(self, kind: str, value: str) -> str:
        """See :meth:`StandIns.person`."""
        if not (_cannot_be_told(kind, value) or is_pseudonym(kind, value) or self.learned.stands_in(value)):
            self.add(kind, value)
        return super().person(kind, value)

    def removed(self, kind: str, value: str, written: str = "") -> str:
        """See :meth:`StandIns.removed`."""
        if value not in (REMOVED, WITHHELD):
            self.add(kind, written or value)
        return REMOVED

    def unread(self, place: str, why: str) -> str:  # noqa: ARG002 - the file's lines say where
        """See :meth:`StandIns.unread`."""
        self.add(why, "")
        return WITHHELD

    def withheld(self, place: str, why: str, value: str) -> str:  # noqa: ARG002 - the file's lines say where
        """See :meth:`StandIns.withheld`."""
        if value != WITHHELD:
            self.add("looks like a secret" if value else why, value)
        return WITHHELD


def _cannot_be_told(kind: str, value: str) -> bool:
    """Whether nobody can tell if ``value`` is made up, a short number that is an id, or everybody: the fake's."""
    return (kind == "id" and value.isdigit() and len(value) < SHORTEST_CHECKED) or (
        kind == "gamertag" and bool(_OF_THE_FAKE.fullmatch(value))
    )


class _Lines:
    """The lines of a text, to be asked where something stands."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, value: str, otherwise: int) -> Iterator[int]:
        """The lines on which ``value`` begins; ``otherwise`` where it is spelled in another way there.

        A short one, which may be anywhere, is looked for from there on, and once.
        """
        needle = next((part for part in (value, value[:40], value[:12]) if part in self._text), "")
        if len(needle) < _UNLIKE_OTHERS:
            yield self._next(needle, otherwise)
            return
        line, counted, start = 1, 0, self._text.find(needle)
        while start >= 0:
            line += self._text.count("\n", counted, start)
            counted = start
            yield line
            start = self._text.find(needle, start + len(needle))

    def _next(self, needle: str, line: int) -> int:
        begin = self._starts[line - 1]
        start = self._text.find(needle, begin)
        return line if start < 0 else line + self._text.count("\n", begin, start)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self._text))]
