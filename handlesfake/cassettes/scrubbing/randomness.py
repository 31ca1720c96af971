"""Randomness: an unknown text looks like a secret by the way its characters change."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from handlesfake.cassettes.people.pseudonyms import is_pseudonym
from handlesfake.cassettes.scrubbing.encodings import readable

SHORTEST_CHANCE = 16
"""Characters of the shortest text that is judged."""

_CACHED, _LONGEST, _DEEPEST = 256, 2048, 3
_RUN = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}|[A-Za-z0-9]{16,}={0,2}")
_WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+Z?"  # times
    r"|(?<![\w.-])[\w.-]{1,50}\.[\w-]{1,50}_[0-9a-z]{13}\b"  # package families; bounds: it is tried everywhere
    r"|(?<![\w])0x[0-9A-Fa-f]{1,16}(?!\w)"  # numbers
    r"|player[0-9a-f]{8}@mail\.invalid"  # pseudonyms
    r"|\bsha(?:1|224|256|384|512)[:-](?:[0-9a-f]{40,128}|[A-Za-z0-9+/_-]{27,86}={0,2})(?![\w=])"  # digests
    r"|SHA-?(?:1|224|256|384|512)|MD5|Base64"  # words in names
    r"|data:(?:image|font|audio|video)/[\w.+-]{1,40};base64,[A-Za-z0-9+/]+={0,2}"
    r"|(?i:(?<=/sessions/)[^/?#\s\"'<>]+)"  # names of sessions, which clients draw as they like
)
_GUID = re.compile(r"(?i)(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])")
"""Also behind a word and a hyphen, as files are called; what else hangs on it is judged by itself."""

_SHORTEST_JSON, _SHORTEST_PIECE, _FEWEST_GROUPS = 12, 24, 4
_SHORTEST_PASSWORD, _LONGEST_PASSWORD = 10, 64
_SIGN = re.compile(r"(?<=[A-Za-z0-9])[!@#$%^&*?~](?=[A-Za-z0-9]|$)")
_STRUCTURE = re.compile(r"[=\\|<>(){}\[\]\"'`;,]|//|[!@#$%^&*?~/:]{2}|@[\w-]+\.[A-Za-z]|%[0-9A-F]{2}")
"""What addresses, mails, code and what is encoded hold, and people's passwords mostly do not."""

_AROUND = ".,:;\"'`()<>[]"
_MARKS = re.compile(r"[-_/+]")
_DIGITS = re.compile(r"0+")
_KINDS_OF_CHARACTER = str.maketrans(
    {**dict.fromkeys("abcdefghijklmnopqrstuvwxyz", "a"), **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A"),
     **dict.fromkeys("0123456789", "0")}
)  # fmt: skip


def chance(text: str) -> str:
    """The part of ``text`` that looks like chance, as secrets do; empty when it all looks written.

    GUIDs, numbers, times and names of sessions are not secrets: MPSD's own traffic is full of them.
    """
    if len(text) < SHORTEST_CHANCE:
        return ""
    # traffic says the same again and again
    return _chance_again(text) if len(text) <= _CACHED else _chance(text)


def _chance(text: str, depth: int = 0) -> str:
    if is_pseudonym("picture", text):
        return ""
    if "%" in text:  # what is encoded is judged by its parts: %7B before a GUID is not one of its digits
        text = unquote(text)
    for run in _RUN.findall(_WRITTEN.sub(" ", _GUID.sub(" ", text))):
        plain = readable(run, _SHORTEST_JSON) if run.startswith("eyJ") else readable(run)
        if plain and depth < _DEEPEST:  # it is encoded: what it says counts
            if _chance(plain, depth + 1):
                return str(run)
            continue
        if any(map(_by_chance, _pieces(run))) and not is_pseudonym("secure device address", run):
            return str(run)
    return _password_in(text)


def _password_in(text: str) -> str:
    """What was made up to be typed: a word with letters of both cases, digits, and two signs between them."""
    if not _SIGN.search(text):
        return ""
    for word in text.split():
        plain = word.strip(_AROUND)
        if not _SHORTEST_PASSWORD <= len(plain) <= _LONGEST_PASSWORD or _STRUCTURE.search(plain):
            continue
        classes = set(plain.translate(_KINDS_OF_CHARACTER))
        if len(set(_SIGN.findall(plain))) > 1 and {"a", "A", "0"} <= classes:
            return plain
    return ""


_chance_again = lru_cache(maxsize=2048)(_chance)


def looks_opaque(text: str) -> bool:
    """Whether ``text`` as a whole looks drawn by chance, as keys do; a GUID, a word, a number do not."""
    if len(text) < SHORTEST_CHANCE or " " in text or ";" in text:
        return False
    return _HEXADECIMAL.fullmatch(text) is not None or bool(chance(text))


_HEXADECIMAL = re.compile(r"(?=.*\d)(?=.*[A-Fa-f])[0-9A-Fa-f]{16,}={0,2}")


def _pieces(run: str) -> Iterator[str]:
    """``run``, and the parts between marks in it: a key after a word and a hyphen."""
    yield run
    pieces = _MARKS.split(run)
    if len(pieces) > 1:
        yield from (piece for piece in pieces if len(piece) >= _SHORTEST_PIECE)


def _by_chance(run: str) -> bool:
    letters = run[:_LONGEST].rstrip("=")
    classes = letters.translate(_KINDS_OF_CHARACTER)
    digits = classes.count("0")
    if digits == len(letters) or len(letters) < SHORTEST_CHANCE:
        return False
    pairs = [pair for pair in itertools.pairwise(classes) if pair[0] in "aA0" and pair[1] in "aA0"]
    changes = sum(one != other for one, other in pairs) / (len(pairs) or 1)
    counts = Counter(letters)
    entropy = -sum(count / len(letters) * math.log2(count / len(letters)) for count in counts.values())
    if entropy < 3:
        return False
    if len(letters) < 20:
        return digits >= 3 and changes >= 0.4 and entropy >= 3.5 and "A" in classes and "a" in classes
    if digits >= 3:
        # a word has digits in one place or two, not here and there
        is_sown = changes >= 0.2 and not _MARKS.search(letters) and len(_DIGITS.findall(classes)) >= _FEWEST_GROUPS
        return changes >= 0.28 or is_sown
    return len(letters) >= 24 and changes >= 0.42
