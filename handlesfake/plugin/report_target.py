"""Where the report of a session is written, in which form, and whether it can be."""

from __future__ import annotations

from collections.abc import Mapping
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

        self.trouble = ""
        """Why the file could not be written; empty where it could, so far."""

    def check(self) -> None:
        """See before anything runs that the file can be written.

        :raises pytest.UsageError: it cannot.
        """
        if self.path is None:
            return
        if not self.name:
            raise pytest.UsageError(f"{self.said}: it names no file; name one, or - for the terminal.")
        from handlesfake.files.whole_file import check_writable  # lazily, see above

        try:
            check_writable(self.path)
        except OSError as error:
            raise pytest.UsageError(f"{self.said}: {error.strerror}; name a file, or - for the terminal.") from None

    def write(self, text: str) -> None:
        """Replace the content of the file with ``text``, whole or not at all; nothing where there is no file.

        A disk that has filled since fails nothing that was tested: :attr:`trouble` has it.
        """
        if self.path is not None:
            from handlesfake.files.whole_file import write_whole  # lazily, see above

            try:
                write_whole(self.path, text)
            except OSError as error:
                self.trouble = f"{self.said}: {error.strerror or error}; no report was written"
