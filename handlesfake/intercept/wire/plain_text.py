"""Which header lines are plain: text that every writer and reader takes as it is.

They are asked of each request and answer, so the ordinary ones are told without a look at each letter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

Line = tuple[str, str]

_NAME = "[-!#$%&'*+.^_`|~0-9A-Za-z]+"
_VALUE = "[!-~](?:[ -~]*[!-~])?"
_known: set[str] = set()
_MOST_KNOWN = 1000


def names_are_plain(names: Collection[str]) -> bool:
    """Whether each of ``names`` is a token of ASCII, as RFC 9110, 5.1, has it."""
    return _known.issuperset(names) or _all(_NAME, names, _known)


def values_are_plain(values: Sequence[str]) -> bool:
    """Whether each of ``values`` is printable ASCII, not empty, with no blank at its ends."""
    together = " ".join(values)
    return (
        together.isascii()
        and together.isprintable()
        and "  " not in together
        and together[:1] not in ("", " ")
        and together[-1] != " "
    ) or _all(_VALUE, values)


def _all(pattern: str, texts: Iterable[str], known: set[str] | None = None) -> bool:
    for text in texts:
        if re.fullmatch(pattern, text) is None:
            return False
        if known is not None and len(known) < _MOST_KNOWN:
            known.add(text)
    return True
