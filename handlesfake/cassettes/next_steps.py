"""What to type next, for messages."""

from __future__ import annotations

import os
from pathlib import Path


def record_once(holder: str, path: Path) -> list[str]:
    """How to record a cassette that is not there.

    :param holder: who holds the double; a test's node id has ``::`` in it.
    """
    return ["  record it once, with real accounts:", f"      {_command(holder, path, 'once')}"]


def record_again(holder: str, path: Path, before: str = "") -> list[str]:
    """How to record over a cassette that does not fit.

    :param before: what else might be done: ``correct what is sent, or``.
    """
    return [f"  {before}record it again, with real accounts:", f"      {_command(holder, path, 'rewrite')}"]


def _command(holder: str, path: Path, policy: str) -> str:
    if "::" in holder:
        return f'pytest "{_from_here(holder, path)}" --mpsd-record={policy}'
    if holder == "handlesfake serve":
        return f"{holder} --mode record --cassette {display_path(path)} --record {policy}"
    return f"with handlesfake.record({display_path(path)!r}, record={policy!r}, credentials=...) as mpsd: ..."


def _from_here(node_id: str, path: Path) -> str:
    """The node id, which is relative to pytest's rootdir, as one that can be typed where the run was started.

    :param path: the cassette, which lies below the rootdir, too.
    """
    file, _, name = node_id.partition("::")
    here = Path.cwd()
    for root in (here, *here.parents, *path.absolute().parents):
        if (root / file).is_file():
            return f"{Path(os.path.relpath(root / file)).as_posix()}::{name}"
    return node_id


def display_path(path: Path) -> str:
    """``path`` relative to where the run was started, if it lies below."""
    try:
        short = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if short.startswith("..") else short
