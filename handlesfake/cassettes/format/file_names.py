"""File names: the files beside a cassette while it is recorded, and which file a name leads to."""

from __future__ import annotations

import errno
import glob
import os
from pathlib import Path

from handlesfake.errors import CassetteError


def is_json(path: Path) -> bool:
    """Whether the cassette at ``path`` is, or is to be, JSON; every other one is YAML."""
    return path.suffix == ".json"


def hidden(name: str, end: str, *, is_pattern: bool = False) -> str:
    """The name of a file beside the cassette called ``name``: ``.lobby.yaml.<end>``.

    :param is_pattern: ``end`` is a pattern of ``glob``.
    """
    return f".{glob.escape(name) if is_pattern else name}.{end}"


def is_there(path: Path) -> bool:
    """Whether there is a file at ``path``.

    :raises CassetteError: there cannot be one: the name is too long, or the folder may not be looked into.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        is_too_long = getattr(error, "errno", None) == errno.ENAMETOOLONG
        hint = "\n  give it a shorter one: cassette='lobby'" if is_too_long else ""
        raise CassetteError(f"{path}: the cassette cannot be read: {reason}{hint}") from None
    return True


def real_file(path: Path) -> Path:
    """The file that is read and written for the cassette at ``path``: where it is a link, what the link leads to.

    :raises CassetteError: the link leads back to itself, or such a file cannot exist.
    """
    if not os.path.islink(path):  # which a name that is too long is not: it raises nothing
        is_there(path)
        return path
    try:
        found = path.resolve()
    except (OSError, RuntimeError):
        found = path
    if os.path.islink(found):
        raise CassetteError(f"{path}: the link leads nowhere but to itself; remove it, and record again")
    return found
