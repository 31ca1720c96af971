"""Names of cassettes: which ones a test may give, so that each recording lands where its author looks for it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

from handlesfake.errors import SettingsError

LONGEST = 200
"""The limit in bytes for the name of a cassette: files beside it have some 40 more, and file systems allow 255."""

_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]+:/"


def short_enough(name: str) -> str:
    """``name``, or where it is too long for a file, its beginning and a hash of the whole."""
    raw = name.encode("utf-8", "surrogateescape")
    if len(raw) <= LONGEST - len(".yaml"):
        return name
    import hashlib  # few names are as long

    begin = raw[: LONGEST - 30].decode("utf-8", "ignore")
    return f"{begin}~{hashlib.sha256(raw).hexdigest()[:12]}"


def check_name(name: str) -> None:
    """Refuse a ``name`` that a marker cannot give a cassette: it stays in the folder of the cassettes.

    :raises SettingsError: says what to write.
    """
    problem = next((text for wrong, text in _WRONG if wrong(name)), None)
    if problem is None:
        return
    said = name if len(name) <= _SHOWN else f"{name[: _SHOWN - 3]}..."
    raise SettingsError(
        f"cassette={said!r} {problem}. Write a name, cassette='lobby' or cassette='party/lobby'; "
        "for a file elsewhere, its path from rootdir, cassette=Path('shared/lobby.yaml')."
    )


def _last(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]


def _is_none_of_windows(name: str) -> bool:
    r"""Whether Windows would take a part of ``name`` for a device, a stream or a shorter name, or refuse it."""
    parts = re.split(r"[/\\]", name)
    return os.name == "nt" and any(_NO_NAME_OF_WINDOWS.search(part) for part in parts)


_DEVICE = r"(?:con|prn|aux|nul|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\..*)?"
_NO_NAME_OF_WINDOWS = re.compile(rf'[<>:"|?*\x00-\x1f]|[ .]$|^{_DEVICE}$', re.I)
"""https://learn.microsoft.com/windows/win32/fileio/naming-a-file"""


_SHOWN = 60
_WRONG: tuple[tuple[Callable[[str], object], str], ...] = (
    (lambda name: re.match(_ADDRESS, name), "is an address, and a cassette is a file"),
    (lambda name: name.startswith("~"), "begins with ~, which names no folder here"),
    (
        lambda name: PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor,
        "is a whole path, and a name stays in the folder of the cassettes",
    ),
    (lambda name: ".." in re.split(r"[/\\]", name), "leads out of the folder of the cassettes"),
    (lambda name: "\0" in name, "holds a NUL, which no file name can"),
    (_is_none_of_windows, "cannot be the name of a file on Windows"),
    (lambda name: _last(name).strip(".") in ("", "yaml", "yml", "json"), "names no file"),
    (
        lambda name: len(_last(name).encode("utf-8", "replace")) > LONGEST,
        f"is too long: a name may have {LONGEST} bytes",
    ),
)
"""What is wrong with a name, and what to say of it: the first one that is."""


def check_path(path: Path) -> None:
    """Refuse a ``path`` that would be read differently from how it was meant.

    :raises SettingsError: says what to write.
    """
    text = path.as_posix()
    if text.startswith("~"):
        raise SettingsError(
            f"cassette={str(path)!r} would make a folder called ~; write Path(...).expanduser(), or the whole path."
        )
    if re.match(_ADDRESS, text) and not path.drive:
        raise SettingsError(f"cassette={str(path)!r} is an address, and a cassette is a file; write its path.")
