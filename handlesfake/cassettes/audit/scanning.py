"""Scanning: a file, as the structure that it has, and line by line where it has none."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISREG

from handlesfake.cassettes.audit.json_nodes import json_nodes
from handlesfake.cassettes.audit.leak import Leak
from handlesfake.cassettes.audit.nodes import Document
from handlesfake.cassettes.audit.scanned_text import ForeignText, ScannedText
from handlesfake.cassettes.audit.seen import Seen
from handlesfake.cassettes.audit.text import FileText
from handlesfake.cassettes.audit.toml_nodes import toml_nodes
from handlesfake.cassettes.audit.walking import Walk
from handlesfake.cassettes.audit.yaml_nodes import yaml_nodes
from handlesfake.cassettes.format.reading import HEAD
from handlesfake.cassettes.people.pseudonym_key import MARK
from handlesfake.cassettes.recording.left_behind import SUFFIX
from handlesfake.errors import CassetteError

LARGEST = 64 << 20
"""Bytes of a file that is looked into."""

_HEAD = 8192
_YAML = (".yaml", ".yml", ".rejected")
_INTERACTIONS = "interactions:"
_OURS = f"\n{HEAD}:\n"
"""Text near the beginning of handlesfake's cassettes: a scan checks them by the rules of the recorder."""


def scan(path: Path, not_secret: Iterable[str] = ()) -> list[Leak]:
    """What leaks from the file at ``path``, line by line.

    :param not_secret: places that look like secrets but are not, as the recorder was told: ``body.custom.levelId``.
    :raises CassetteError: it cannot be read.
    """
    try:
        about = path.stat()
        raw = path.read_bytes() if S_ISREG(about.st_mode) and about.st_size <= LARGEST else None
    except OSError as error:
        raise CassetteError(f"{path}: cannot be read: {error.strerror or error}") from None
    if raw is None:
        why = f"more than {LARGEST >> 20} MiB are not looked into" if S_ISREG(about.st_mode) else "is not a file"
        raise CassetteError(f"{path}: {why}")
    return _sorted(path, _leaks(raw, path, frozenset(place.lower() for place in not_secret)))


def line_by_line(text: str) -> set[tuple[int, str]]:
    """Line and kind of what the lines of ``text`` show by themselves: :func:`scan` finds no less on any line."""
    seen = Seen(text)
    FileText(seen, ForeignText(seen, frozenset())).lines(0, len(text))
    return seen.leaks()


def _leaks(raw: bytes, path: Path, allowed: frozenset[str]) -> Iterable[tuple[int, str]]:
    text = _decoded(raw)
    if path.name.endswith(SUFFIX):
        return _of_journal(text, allowed)
    seen = Seen(text.replace(MARK, " " * len(MARK)))  # it has "key" in it, and is no name of a value
    for found in re.finditer(re.escape(MARK), text):
        seen.looks_at(*found.span())
        seen.add("key of pseudonyms", MARK)
    looked_at = FileText(seen, (ScannedText if _OURS in text[:_HEAD] else ForeignText)(seen, allowed))
    if "\0" in text[:_HEAD]:
        looked_at.bytes(raw)
    else:
        _look(_document(seen.lines.text, path), seen, looked_at)
    return seen.leaks()


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    # as many characters as there were, so that each is where the parser says
    return raw.decode("utf-8", "replace").replace("\ufeff", " ", 1)


def _document(text: str, path: Path) -> Document:
    """What the file says; all of it a gap where it has no structure."""
    if text.lstrip()[:1] in ("{", "["):
        document = json_nodes(text)
        if document is not None:
            return document
    if path.suffix == ".toml" and (document := toml_nodes(text)) is not None:
        return document
    if path.name.endswith(_YAML) or _INTERACTIONS in text or text.lstrip()[:1] in ("{", "["):
        return yaml_nodes(text)
    return Document(gaps=[(0, len(text))])


def _look(document: Document, seen: Seen, text: FileText) -> None:
    walk = Walk(seen, text)
    for root in document.roots:
        walk.node(root)
    for start, end in document.gaps:
        text.lines(start, end)


def _sorted(path: Path, leaks: Iterable[tuple[int, str]]) -> list[Leak]:
    return sorted({Leak(path, line, kind) for line, kind in leaks}, key=lambda leak: (leak.line, leak.kind))


def _of_journal(text: str, allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    """What leaks from the file that a killed recorder has left: one interaction per line, as in the cassette."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if isinstance(found, dict) and {"cassette", "roles"} <= found.keys() <= {"cassette", "roles", "tests"}:
            continue  # as the head of a cassette: made-up people only
        inner = str(found.get("text") or "") if isinstance(found, dict) else ""
        seen = Seen(inner or line)
        document = yaml_nodes(inner) if inner else Document(gaps=[(0, len(line))])
        _look(document, seen, FileText(seen, ScannedText(seen, allowed)))
        yield from ((number, kind) for _, kind in seen.leaks())
