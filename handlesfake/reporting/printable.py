"""Texts of others on one line: what came over the wire, or from a file, may move the cursor of a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """``text`` with each character written out that is not printable, a line feed among them."""
    return text if text.isprintable() else "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
