"""What an option or a place of the command line must say: an empty text is a variable that was not set."""

from __future__ import annotations

import argparse
from pathlib import Path


def said_text(said: str) -> str:
    """A text that says something.

    :raises ArgumentTypeError: it is empty.
    """
    if not said:
        raise argparse.ArgumentTypeError("nothing is said: is a variable empty? Say something, or leave it out")
    return said


def said_path(said: str) -> Path:
    """The path of a file or folder; ``Path("")`` would be the folder one is in.

    :raises ArgumentTypeError: it is empty.
    """
    return Path(said_text(said))
