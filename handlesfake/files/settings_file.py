"""Reads the files that say what a double begins with: templates and states."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.files.bounded import read_bounded
from handlesfake.files.document import read_document
from handlesfake.files.looked_in import looked_in
from handlesfake.files.placed import Map, Misread
from handlesfake.files.source import SettingsSource
from handlesfake.files.strict_yaml import decode
from handlesfake.files.yaml_builder import DocumentLimits

LARGEST_FILE = 16 << 20
"""Bytes of a template or state file."""

_LIMITS = DocumentLimits(depth=40, nodes=500_000)


def opened(path: Path, kind: str) -> tuple[Mapping[str, Any], SettingsSource]:
    """The mapping in the file at ``path``, and what to raise mistakes in it with.

    :param kind: ``template file`` or ``state file``, for messages.
    :raises SettingsError: there is no such file, or it holds something else; file, line and column are named.
    """
    try:
        raw = read_bounded(path, LARGEST_FILE)
    except OSError as error:
        raise SettingsError(_unreadable(path, kind, error)) from None
    return parsed(raw, str(path), kind)


def parsed(raw: bytes, name: str, kind: str) -> tuple[Mapping[str, Any], SettingsSource]:
    """The mapping in ``raw``, the text of a file that messages call ``name``; see :func:`opened`."""
    try:
        if len(raw) > LARGEST_FILE:
            raise Misread(f"larger than {LARGEST_FILE} bytes: that is no {kind}")
        root = read_document(decode(raw), limits=_LIMITS).root
    except Misread as error:
        place = f", line {error.place[0]}, column {error.place[1]}" if error.place else ""
        raise SettingsError(f"{name}{place}: {error.problem}") from None
    source = SettingsSource(name, is_file=True)
    if not isinstance(root, Map):
        raise source.wrong(f"a {kind} is a mapping, and this is not", root)
    return root, source


def _unreadable(path: Path, kind: str, error: OSError) -> str:
    lines = [f"the {kind} {path} cannot be read: {error.strerror or error}", *looked_in(path)]
    near = sorted(path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
    if near:
        lines.append(f"  there are: {', '.join(str(one) for one in near[:10])}")
    return "\n".join(lines)
