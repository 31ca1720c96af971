"""How many words each sentence of a paragraph has, as a reader counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator

LIMIT = 25
"""Words of one sentence. Code in backticks, a link's address, a list of links and a source in brackets count as one word or none."""

_SOURCE = re.compile(r"\((?:contract|U\d|see )[^()]*\)")
_LINK = re.compile(r"!?\[([^][]*)\](?:\([^()\s]*\))?")
_ROLE = re.compile(r":\w+:(`)")
_CODE = re.compile(r"(`+)(?:(?!\1).)+?\1", re.S)
_LINKS = re.compile(r"(?:!?\[[^][]*\](?:\([^()\s]*\))?(?:,?\s+(?:and\s+)?|;\s+)?){3,}")
_END = re.compile(r"[.!?](?:[\"')*_]*)(?=\s+\S|\s*$)|\n\s*\n")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|etc|cf|No)\.$")
_WORD = re.compile(r"[\w'\u2019/.@%{}-]*[A-Za-z0-9{}][\w'\u2019/.@%{}-]*")


def _same_length(found: re.Match[str], text: str) -> str:
    return text.ljust(len(found[0]))


def masked(text: str) -> str:
    """The paragraph with code and links made simple words; every character keeps its position."""
    text = _ROLE.sub(lambda found: " " * (len(found[0]) - 1) + "`", text)
    text = _CODE.sub(lambda found: "C" + re.sub(r"[^\n]", " ", found[0][1:]), text)
    text = _LINKS.sub(lambda found: "L" + re.sub(r"[^\n]", " ", found[0][1:]), text)
    text = _SOURCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return _LINK.sub(lambda found: " " + found[1] + " " * (len(found[0]) - len(found[1]) - 1), text)


def sentences(text: str) -> Iterator[tuple[int, str, int]]:
    """Each sentence with its position and the number of its words."""
    plain = masked(text)
    start = 0
    ends = [found.end() for found in _END.finditer(plain) if not _ABBREVIATION.search(plain[: found.end()])]
    for end in [*ends, len(plain)]:
        part = plain[start:end]
        if part.strip():
            yield start + len(part) - len(part.lstrip()), text[start:end].strip(), len(_WORD.findall(part))
        start = end
