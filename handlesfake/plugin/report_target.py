"""Where the report of a session is written, in which form, and whether it can be."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

# Imported by every session that has a report: nothing of handlesfake may be imported here.

TERMINAL = "-"
_PAGES = (".html", ".htm")


class ReportTarget:
    """Where a report goes: a file whose name says its form, the terminal, or nowhere.

    :param config: its option ``--mpsd-report`` is relative to the working directory.
    :param ini: its ``mpsd_report`` is relative to rootdir; the option wins.
    """

    def __init__(self, config: pytest.Config, ini: Mapping[str, Any]) -> None:
        option, setting = config.getoption("mpsd_report"), ini.get("mpsd_report")
        self.said = f"--mpsd-report={option}" if option is not None else f"mpsd_report = {setting}"
        name = option if option is not None else setting
        folder = Path.cwd() if option is not None else config.rootpath
        self.is_terminal = name == TERMINAL
        """Whether the assumptions are listed on the terminal instead."""

        self.name = str(name)
        """The file as it was named."""

        self.path = None if name in (None, TERMINAL) else folder / name
        """The file; None where there is to be none."""

        self.is_page = self.path is not None and self.path.suffix.lower() in _PAGES
        """Whether it is a page for people, HTML; else it is JSON."""

        self.is_any = name is not None
        """Whether a report was asked for at all."""

    def check(self) -> None:
        """See before anything runs that the file can be written; one that is there stays as it is.

        :raises pytest.UsageError: it cannot.
        """
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self.path.exists():
                with self.path.open("a"):
                    pass
            if _is_replaced(self.path):
                draft = _draft(self.path)
                draft.touch()
                draft.unlink()
        except OSError as error:
            raise pytest.UsageError(f"{self.said}: {error.strerror}; name a file, or - for the terminal.") from None

    def write(self, text: str) -> None:
        """Put ``text`` in the place of what the file held, whole or not at all; nothing where there is no file."""
        if self.path is None:
            return
        if not _is_replaced(self.path):
            self.path.write_text(text, encoding="utf-8")
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)  # a test may have removed it
        draft = _draft(self.path)
        try:
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, self.path)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise


def _is_replaced(path: Path) -> bool:
    """Whether it is a file, or is to be one; a pipe and a device are written to, and a link is followed."""
    return not path.is_symlink() and (path.is_file() or not path.exists())


def _draft(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.draft")
