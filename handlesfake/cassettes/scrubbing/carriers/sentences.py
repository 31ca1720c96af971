"""Sentences: what an error says of a field: ``Cannot resolve '...' (Parameter 'password')``, ``bad email '...'``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.field import PLAIN, Field
from handlesfake.cassettes.scrubbing.carriers.pairs import is_no_value
from handlesfake.cassettes.scrubbing.field_names import Meaning, meaning

_QUOTED = re.compile(r"(?<![\w])(\\?[\"'`])((?:(?:(?!\1)|(?<=\w)(?='\w)).){1,300}?)\1(?!\w)")
_WORD = re.compile(r"[A-Za-z_$][\w.$\[\]/-]{1,80}")
_LAST = re.compile(r"[./\[\]$]+")
_MOST = 12
_LONGEST = 1000


def told_in(text: str) -> Iterator[Field]:
    """The quoted texts of each line that also names what it speaks of, in quotation marks or before them."""
    start = 0
    for line in text.splitlines(keepends=True):
        if len(line) <= _LONGEST and ("'" in line or '"' in line or "`" in line):
            yield from _line(line, start)
        start += len(line)


def _line(line: str, start: int) -> Iterator[Field]:
    quoted = [one for one in _QUOTED.finditer(line) if not _is_structure(line, one)]
    if not 0 < len(quoted) <= _MOST:
        return
    named = [(one, _meaning(one[2])) for one in quoted]
    name, means = next(((one[2], found) for one, found in named if found is not None), ("", None))
    if means is None:
        name, means = _before(line, quoted[0].start())
    if means is None:
        return
    for one, found in named:
        if found is None and not is_no_value(one[2]):
            yield Field(name, start + one.start(2), start + one.end(2), PLAIN, means, start + one.start(2))


def _is_structure(line: str, quoted: re.Match[str]) -> bool:
    """Whether it is the name or the value of a pair, or an item of a list: no sentence quotes it."""
    before, after = line[: quoted.start()].rstrip()[-1:], line[quoted.end() :].lstrip()[:1]
    return after in (":", "=") or before in ("=", "{", "[") or (before in (":", ",") and after in ("", ",", "}", "]"))


def _before(line: str, stop: int) -> tuple[str, Meaning | None]:
    """The last word before the first quotation mark that names a secret or somebody."""
    for word in reversed(_WORD.findall(line[:stop])[-3:]):
        means = _meaning(word)
        if means is not None:
            return word, means
    return "", None


def _meaning(text: str) -> Meaning | None:
    if not _WORD.fullmatch(text):
        return None
    last = [part for part in _LAST.split(text) if part]
    means = meaning(last[-1]) if last else None
    return means if means is not None and (means.is_secret or means.kind) else None
