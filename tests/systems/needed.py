"""What a test needs of the system it runs on, by name: ``@system_has("fork", "links")``.

A test that cannot run somewhere says so by this marker only, so that ``pytest -rs`` lists the same reason for each.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest


@cache
def _can_link() -> bool:
    """Whether this user may make symbolic links: on Windows it is a privilege."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            Path(folder, "link").symlink_to("target")
        except (OSError, NotImplementedError):
            return False
        return True


def what_it_has() -> Mapping[str, tuple[bool, str]]:
    """Each name, with whether this system has it, and the reason where it has not."""
    is_posix = os.name == "posix"
    return {
        "fork": (hasattr(os, "fork"), "this system cannot fork"),
        "signals": (is_posix, "a signal ends a process of Windows at once, and runs no handler"),
        "sh": (is_posix and shutil.which("sh") is not None, "there is no shell of POSIX here"),
        "modes": (is_posix, "files have no owners and modes on Windows"),
        "links": (_can_link(), "this user may not make symbolic links"),
        "fifos": (hasattr(os, "mkfifo"), "a folder holds no pipes here"),
        "limits": (find_spec("resource") is not None, "this system limits no size of a file"),
        "full disk": (os.path.exists("/dev/full"), "only Linux has a disk that is always full"),
        "descriptors": (os.path.isdir("/dev/fd"), "this system does not list open files"),
        "TCP_INFO": (sys.platform == "linux", "only Linux tells so much of a connection"),
        "loose files": (is_posix, "Windows removes no file that is open, and no folder with one"),
    }


def system_has(*names: str) -> pytest.MarkDecorator:
    """Skip where the system lacks one of ``names``, and say which.

    :raises KeyError: a name is not one of :func:`what_it_has`.
    """
    known = what_it_has()
    lacking = [known[name][1] for name in names if not known[name][0]]
    return pytest.mark.skipif(bool(lacking), reason="; ".join(lacking))
