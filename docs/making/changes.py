"""Whether the files of ``changes`` are well formed: each is one line of the next section of ``CHANGELOG.md``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from handlesfake.mpsd.evidence import Evidence

_NAME = re.compile(r"(?:\+[a-z0-9-]+|\d+)\.(?P<kind>\w+)(?:\.\d+)?\.md")


def kinds(root: Path) -> list[str]:
    """What a change can be: the types of towncrier in ``pyproject.toml``."""
    with (root / "pyproject.toml").open("rb") as file:
        return [one["directory"] for one in tomllib.load(file)["tool"]["towncrier"]["type"]]


def fragments(root: Path) -> list[Path]:
    """The files of ``changes``, without its ``README.md``."""
    return sorted(path for path in (root / "changes").iterdir() if path.name != "README.md")


def faults(root: Path) -> list[str]:
    """What is wrong with each file of ``changes``, in sentences."""
    return [f"changes/{path.name}: {fault}" for path in fragments(root) for fault in _faults(path, kinds(root))]


def _faults(path: Path, known: list[str]) -> Iterator[str]:
    named = _NAME.fullmatch(path.name)
    if not named:
        yield "call it +short-words.KIND.md, or NUMBER.KIND.md after the issue"
        return
    if named["kind"] not in known:
        yield f"{named['kind']!r} is not a kind of change: write {', '.join(known)}"
    text = path.read_text(encoding="utf-8")
    if not text.strip():
        yield "it is empty: write what users notice"
        return
    if re.search(r"^\s*(?:[-*#]|\d+\.) ", text, re.M) or "\n\n" in text.strip():
        yield "write one paragraph without a bullet or heading: it becomes one line of the list"
    if not text.rstrip().endswith((".", ".)", "`")):
        yield "end the last sentence with a full stop"
    words = [level.words for level in Evidence]
    if named["kind"] == "contract" and not any(word in text.lower() for word in words):
        yield f"say what the changed answer rests on: {', '.join(words)}"
