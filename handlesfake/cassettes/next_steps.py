"""What to type next, for messages."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from handlesfake.cassettes.sharing import function_of

_MANY = 8
"""Tests that one command names; of more it names the files."""


def record_once(holder: str, path: Path) -> list[str]:
    """How to record a missing cassette.

    :param holder: who holds the double; a test's node id has ``::`` in it.
    """
    return ["  record it once, with real accounts:", f"      {_command(holder, path, 'once')}"]


def record_again(holder: str, path: Path, before: str = "", others: Sequence[str] = ()) -> list[str]:
    """How to record over a cassette that does not fit.

    :param before: what else might be done: ``correct what is sent, or``.
    :param others: the other tests that share it: what they have recorded must not be dropped.
    """
    if not others:
        return [f"  {before}record it again, with real accounts:", f"      {_command(holder, path, 'rewrite')}"]
    return [
        f"  {before}record it again, in every test that shares it, with real accounts:",
        f"      {_command_for_all(holder, path, others)}",
    ]


def record_missing(holder: str, path: Path, before: str, others: Sequence[str] = ()) -> list[str]:
    """How to record what a cassette does not hold: as :func:`record_again`."""
    if not others:
        return record_again(holder, path, before)
    return [
        f"  {before}record what is missing, with real accounts:",
        f"      {_command(holder, path, 'new_episodes')}",
        *record_again(holder, path, "or ", others),
    ]


def to_read(is_packed: bool) -> list[str]:  # noqa: FBT001 - the only thing to say
    """What to do about a body that cannot be read, by ``is_packed``: that of a content coding."""
    if not is_packed:
        return [
            "  what cannot be read may hold anything: have it sent as text, or leave its host out of the recording"
        ]
    return [
        "  what cannot be read may hold anything: have it sent so that it can be read:",
        "      pip install 'handlesfake[codings]'   reads br and zstd, beside gzip and deflate",
        "      Accept-Encoding: gzip                asks for what is read everywhere",
    ]


def instead_of_a_rewrite(holder: str, path: Path, others: Sequence[str]) -> list[str]:
    """How to record a cassette again of which ``others`` have recorded a part."""
    return [
        "  record what this test asks for again, and keep the rest:",
        f"      {_command(holder, path, 'all')}",
        *record_again(holder, path, "or ", others),
    ]


def _command_for_all(holder: str, path: Path, others: Sequence[str]) -> str:
    tests = [_from_here(one, path) for one in dict.fromkeys(map(function_of, (holder, *others))) if "::" in one]
    tests = tests if len(tests) <= _MANY else list(dict.fromkeys(one.partition("::")[0] for one in tests))
    return " ".join(["pytest", *(f'"{one}"' for one in tests), "--mpsd-record=rewrite"])


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
            return f"{_from_cwd(root / file)}::{name}"
    return node_id


def display_path(path: Path) -> str:
    """``path`` relative to where the run was started, if it lies below; with slashes on every system."""
    short = _from_cwd(path)
    return str(path) if short.startswith("..") else short


def _from_cwd(path: Path) -> str:
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:  # Windows has no way from one drive to another
        return str(path)
