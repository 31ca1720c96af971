"""What the demo prints: 80 columns, plain when piped or when NO_COLOR is set."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import fill, indent

WIDTHS = (2, 6, 23, 9, 9, 16)
WIDTH = 80
_CLAIM = 62


class Screen:
    """The terminal, line by line; remembers whether everything was ok."""

    def __init__(self) -> None:
        self.all_ok = True
        self._colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def title(self, text: str) -> None:
        """The first line."""
        print(self._styled(text, "1"), end="\n\n")

    def say(self, text: str) -> None:
        """A plain line."""
        print(f"  {text}")

    def fact(self, name: str, text: str) -> None:
        """A name and what it is."""
        print(f"  {name:<15}{text}", flush=True)

    def blank(self) -> None:
        """An empty line."""
        print()

    def row(self, *cells: str, ok: bool = True) -> None:
        """A line of the table; one that is not ok is marked, and fails the demo."""
        self.all_ok &= ok
        if cells[0] == "#":
            print()
        line = "  " + " ".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()
        print(line if ok else f"{line}  {self._styled('differs', '31')}")

    @contextmanager
    def claim(self, text: str) -> Iterator[None]:
        """A claim that the block checks: ``ok`` behind it, or what failed."""
        try:
            yield
        except AssertionError as failure:
            self.wrong(f"{text}\n{indent(str(failure), '      ')}")
        else:
            print(f"  {text:<{_CLAIM}}{self._styled('ok', '32')}")

    def wrong(self, text: str) -> None:
        """Something is not as it should be."""
        self.all_ok = False
        print(f"  {self._styled('NOT OK', '31')}  {text}")

    def quote(self, text: str) -> None:
        """Text as a user would see it in a test run, wrapped where it is wider than the screen."""
        for line in text.splitlines():
            further = " " * (len(line) - len(line.lstrip()) + 4)
            print(indent(self._styled(fill(line, WIDTH - 4, subsequent_indent=further), "33"), "    "))

    def _styled(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colours else text
