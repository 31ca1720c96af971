"""Placeholders: what people and other tools write instead of a secret, so that it needs no second look."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from handlesfake.cassettes.scrubbing.carriers.pairs import is_no_value
from handlesfake.cassettes.scrubbing.field_names import normalized_name

_SCHEME = re.compile(r"(?i)^(?:bearer|basic|token|negotiate|digest|key|xbl\d\.\d x=[^;\d]*\d{0,4};)[ +:]*(?=.)")
_SAYS_SO = (
    "redacted|removed|filtered|hidden|masked|scrubbed|saniti[sz]ed|censored|anonymi[sz]ed|obfuscated|placeholder|dummy|fake|mock"
    "|mocked|example|sample|test|testing|your|changeme|replaceme|withheld"
)
_NAMES = (
    "access|account|api|app|auth|authorization|aws|azure|basic|bearer|client|code|cookie|csrf|email|google|here|id|key|my|name|openai|org|organization|pass"
    "|password|private|project|public|refresh|secret|security|session|set|sid|sign|signature|string|token|user|username|value|the|a|me"
)
_WORDS = re.compile(
    rf"(?i)(?!test(?:ing)?$)(?=.*(?<![a-z])(?:{_SAYS_SO})(?![a-z]))(?:(?:{_SAYS_SO}|{_NAMES})(?:[_ .-]+|$))+"
)
_BRACKETS = re.compile(
    r"(?:<[^<>]{1,60}>|\[[\w .:-]{1,60}\]|\{\{?[^{}]{1,60}\}\}?|\$\{?\w{1,60}\}?|%\w{1,60}%|<<[^<>]{1,60}>>)"
)
_BLANK = re.compile(r"([x*.#_?-])\1{2,}", re.I)
_WORDS_FOR_ONE = frozenset({"pass", "passwd", "password", "pwd", "secret"})
_LONGEST = 120
_SHORTEST_ASSERTION = 40
_CODE = re.compile(r"[\w$.]*[(\[{!]|[A-Za-z_$]\w?\Z|(?:this|window|self|void|new|function|return|typeof)\b")
_ATTRIBUTE = re.compile(r"(?i)\s|(?:script-?)?nonce=")
_RESERVED = re.compile(r"(?i)@(?:[\w-]+\.)*(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$")


def is_no_secret(name: str, value: str, written: str) -> bool:
    """Whether ``value`` is not a secret although its name says so: a placeholder, a piece of a script, a flag.

    :param written: name and value as a text has them; empty where structure tells what the name is.
    """
    plain = normalized_name(name)
    if plain == "assertion" and (len(value) < _SHORTEST_ASSERTION or " " in value):  # of facts, by name
        return True
    if written and (_CODE.match(value) or name.startswith("this.")):
        return True
    if plain == "nonce" and _ATTRIBUTE.match(written):  # of a page, for its own scripts
        return True
    return is_no_value(value) or is_placeholder_of(name, value)


def is_placeholder_of(name: str, value: str) -> bool:
    """As :func:`is_placeholder`, for what is called ``name``: of cookies, their values count."""
    plain = normalized_name(name)
    if plain.endswith(("cookie", "cookies", "cookie2")):
        return _is_placeholder_of_cookies(value, is_set="setcookie" in plain)
    if plain == "password" and ":" in value:  # of an address: user:password
        bare = value.partition(":")[2]
        return bare.lower() in _WORDS_FOR_ONE or is_placeholder(bare)
    return is_placeholder(value)


@lru_cache(maxsize=4096)
def is_placeholder(value: str) -> bool:
    """Whether ``value``, less its scheme, says that it replaces one: ``<TOKEN>``, ``Bearer REDACTED``, ``xxxx``."""
    if len(value) > _LONGEST:
        return False
    bare = _SCHEME.sub("", unquote(value).strip().strip("\"'"))
    return any(form.fullmatch(bare) for form in (_WORDS, _BRACKETS, _BLANK))


def is_nobody(kind: str, value: str) -> bool:
    """Whether ``value`` is one, a path, a drawing's curve, or a mail address of a reserved domain (RFC 2606)."""
    if (kind == "place" and "," not in value) or value.startswith(("/", "$")):
        return True
    return bool(_RESERVED.search(value)) or is_placeholder(value)


def _is_placeholder_of_cookies(value: str, *, is_set: bool) -> bool:
    pairs = value.split(";")[:1] if is_set else value.split(";")
    values = [pair.partition("=")[2].strip() if "=" in pair else pair.strip() for pair in pairs]
    return all(is_placeholder(one) for one in values if one)
