"""Sentences: what an error says of a field: ``Cannot resolve '...' (Parameter 'password')``, ``bad email '...'``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlesfake.cassettes.scrubbing.carriers.field import PLAIN, Field
from handlesfake.cassettes.scrubbing.carriers.pairs import is_no_value
from handlesfake.cassettes.scrubbing.field_names import Meaning, meaning

_QUOTED = re.compile(r"(?<![\w])(\\?[\"'`])((?:(?:(?!\1)|(?<=\w)(?='\w)).){1,300}?)\1(?!\w)")
_WORD = re.compile(r"[A-Za-z_$][\w.$\[\]/-]{1,80}")
_JUDGED = re.compile(
    r"(?i)\b(?:value|input) (?!(?:of|for|in|from|at|must|that|which|you|is|was|supplied|provided|given)\b)"
    r"(?P<value>\S(?:[^\r\n]{0,80}?\S)??) (?:is|was) "
    r"(?:not (?:valid|allowed|accepted|permitted)|invalid) (?:for|as|in) "
    r"(?:(?:field|parameter|property|attribute|column) )?(?P<name>[A-Za-z_$][\w.$\[\]/-]{0,80}\w)"
)
"""``Value 4711 is not valid for pin``, as validators say it."""

_IS = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{1,60}) (?:is|was) "
    r"(?P<value>[A-Z0-9]\S{0,40}(?: [A-Z0-9]\S{0,40}){0,4}|[^\s\"'`(\[{]\S{3,80})"
)
"""``nickname is Velvet Otter 41, waiting``."""

_ALGORITHM = re.compile(r"(?i)(?:sha|md5|rs|hs|es|ps|aes|rsa|hmac|pbkdf|bcrypt|argon|base|utf|jwt|v?\d+(?:\.\d+)*$)")
_NAMELIKE = re.compile(r"(?=.*\d)(?=.*[^\W\d_])|[A-Z]\S+ [A-Z]|[^\W\d_]-[A-Z]|\d[/.-]\d|^\d{10,20}$")
_SHORTEST_SAID = 6
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


def said_in(text: str) -> Iterator[Field]:
    """What a sentence without quotation marks says of a field: ``Value 4711 is not valid for pin``."""
    for found in _JUDGED.finditer(text):
        means = _meaning(found["name"])
        value = found["value"]
        if means is not None and not is_no_value(value) and not (value.islower() and value.isalpha()):
            yield Field(found["name"], found.start("value"), found.end("value"), PLAIN, means, found.start("value"))
    for found in _IS.finditer(text):
        means, value = _meaning(found["name"]), found["value"].rstrip(".,;:!?)\"'")
        value = re.split(r"[,;] ", value, maxsplit=1)[0]
        if means is not None and _is_said(means, value):
            start = found.start("value")
            yield Field(found["name"], start, start + len(value), PLAIN, means, found.start())


def _is_said(means: Meaning, value: str) -> bool:
    """Whether ``value`` is one, not a word about it: it has digits in it, or is several names."""
    if is_no_value(value) or len(value) < _SHORTEST_SAID or not _NAMELIKE.search(value):
        return False
    return not means.is_secret or _ALGORITHM.match(value) is None


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
    """The last word before the first quotation mark that names a secret or a person."""
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
