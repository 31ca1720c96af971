"""The sections of the contract (``docs/contract.md``) that state behaviour, each with the strongest evidence in it.

A case that names sections as its source can rest on nothing better than these. What is not here states none: how to
read the description, what to scrub, other services. What the push channel itself says is in the cases of ``tests/push``.
"""

from __future__ import annotations

import re
from functools import cache

from docs.making.contract import CONTRACT, DOCS
from handlesfake.mpsd.evidence import Evidence

_CAP, _DOC, _CLI = Evidence.CAPTURED, Evidence.DOCUMENTED, Evidence.CLIENT
_UNK = Evidence.ASSUMED

STRONGEST: dict[str, Evidence] = {
    **dict.fromkeys(("1.1", "1.2", "1.3", "1.5"), _CAP),
    **dict.fromkeys(("2.1", "2.2", "2.5", "2.7"), _CAP),
    **dict.fromkeys(("2.3", "2.4"), _DOC),
    "2.6": _UNK,
    **dict.fromkeys(("3", "4"), _DOC),
    **dict.fromkeys(("5", "5.1", "5.2", "5.4"), _CAP),
    "5.3": _DOC,
    **dict.fromkeys(("6.1", "6.2"), _DOC),
    **dict.fromkeys(("7.1", "7.2", "7.3", "7.4", "7.5", "7.7"), _CAP),
    "7.6": _DOC,
    **dict.fromkeys(("7.8", "7.9"), _CLI),
    **dict.fromkeys(("8.1", "8.2", "8.3", "8.4"), _CAP),
    **dict.fromkeys(("8.5", "8.6", "8.7"), _DOC),
    **dict.fromkeys(("9.1", "9.2"), _DOC),
    **dict.fromkeys(("9.3", "9.4"), Evidence.LOGGED),  # public issues show a refused write, and a 401
    "10": _DOC,
    "12.1": _DOC,
    "12.2": _CAP,
    **dict.fromkeys(("13", "14", "16.1", "16.2"), _CAP),
    "17": _DOC,
    "19.1": _CAP,
    "18": Evidence.LOGGED,  # its dumps are in public issues (19.2)
    "19.2": _CAP,
    **dict.fromkeys(("20.1", "20.2", "20.3", "20.4", "20.5", "20.6"), _DOC),
    "20.7": _CLI,
    # 21.6, the refusals of XSTS, are brought about by rules: tests/sign_in
    "21.2": _DOC,
    "21.3": _DOC,
    "21.4": _CAP,
    "21.5": _CAP,
    "21.7": _UNK,
    "21.8": _CLI,
    "21.9": _CLI,
    "21.10": _CAP,
}
"""Number of the section to the strongest level of its rows."""


_HEADING = re.compile(r'^<a id="([\d.]+)"></a>\n\n#+ .*$', re.M)


@cache
def section_texts() -> dict[str, str]:
    """The text of each section of ``docs/contract.md`` by its number, that of its parts included."""
    parts = _HEADING.split((DOCS / CONTRACT).read_text(encoding="utf-8"))
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {
        number: "".join(text for other, text in texts.items() if other == number or other.startswith(f"{number}."))
        for number in texts
    }


def strongest_mark(text: str) -> Evidence:
    """The strongest mark in ``text``, a section or a row."""
    return min(map(Evidence, _MARK.findall(text)), key=lambda level: level.rank)


_MARK = re.compile(rf"\b(?:{'|'.join(level.value for level in Evidence)})\b")


def sections_in(source: str) -> list[str]:
    """The sections that a step's ``source`` names: ``contract 7.2, 8.4; U75b`` names two."""
    found: list[str] = []
    for part in source.split(";"):
        match = re.match(r"\s*contract ([\d., ]+)", part)
        if match:
            found += re.findall(r"\d+(?:\.\d+)?", match[1])
    return found
