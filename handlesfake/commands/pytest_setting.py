"""A setting of pytest, read without pytest: what a command in the same folder must know about its recordings."""

from __future__ import annotations

import configparser
import shlex
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_INI = (("pytest.ini", "pytest"), (".pytest.ini", "pytest"), ("tox.ini", "pytest"), ("setup.cfg", "tool:pytest"))
_TOML = (
    ("pytest.toml", ("pytest",)),
    (".pytest.toml", ("pytest",)),
    ("pyproject.toml", ("tool", "pytest")),
    ("pyproject.toml", ("tool", "pytest", "ini_options")),
)
"""Where pytest looks (https://docs.pytest.org/en/stable/reference/customize.html)."""


def pytest_setting(name: str, folder: Path) -> list[str]:
    """The words that pytest's setting ``name`` has in ``folder``; none where no file there has it or can be read."""
    found: Any = next(_values(name, folder), [])
    return [str(one) for one in found] if isinstance(found, list) else shlex.split(str(found))


def _values(name: str, folder: Path) -> Iterator[Any]:
    for file, section in _INI:
        parser = configparser.ConfigParser(interpolation=None)
        with suppress(OSError, configparser.Error, UnicodeDecodeError):
            parser.read(folder / file, encoding="utf-8")
            if parser.has_option(section, name):
                yield parser.get(section, name)
    for file, keys in _TOML:
        with suppress(OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            table: Any = tomllib.loads((folder / file).read_text(encoding="utf-8"))
            for key in keys:
                table = table.get(key, {}) if isinstance(table, dict) else {}
            if isinstance(table, dict) and name in table:
                yield table[name]
