"""Pairs: ``name=value``, ``name: value``, ``"name": "value"`` in queries, headers, logs, settings, cut-off JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.scrubbing.carriers.field import PLAIN, QUERY, QUOTED, Field, Spelling
from handlesfake.cassettes.scrubbing.field_names import Meaning, meaning, meaning_of_header

_PAIR = re.compile(
    r"(?<![\w.%~-])"
    r"(?P<quote>\*\*|\\?[\"'`]?)"
    r"(?P<name>--?[A-Za-z][\w.-]{1,60}|[A-Za-z_$@][\w.%~$\[\]-]{0,80})"
    r"(?P=quote)"
    r"(?P<space>[ \t]*)(?P<mark>=>|:=|::|=:|==?|:)(?P<gap>[ \t]*)"
    r"(?=(?P<first>\S))"
)
_OPTION = re.compile(r"(?<!\S)--?(?P<name>[A-Za-z][\w-]{2,60}) +(?=(?P<first>[^\s-]))")
_KEY = re.compile(r"\((\"?[A-Za-z_][\w.]{0,60}\"?)\)=\(([^()\r\n]+)\)")
_QUOTED = re.compile(r"(\\?[\"'`])(.{0,20000}?)(?<!\\)(?:\\\\)*\1", re.S)
_IN_QUERY = re.compile(r"[^&;#\s\"'<>\\,)}\]]+")
_WORD = re.compile(r"[^\s\"'`&;,<>{}\[\]|\\]+")
_REST = re.compile(r"[^\r\n<>]+")
_PHRASE = re.compile(r"[^;,&|\"<>{}\[\]\r\n\t\\]+")
_NEXT = re.compile(r"(?<!\s)\s+[\w.-]{1,60}=")
_BEGINS_LINE = re.compile(r"(?:^|[\r\n])[ \t>*#-]*(?:(?:export|set|const|let|var|data:|[<>*]) ?)?$")
_CODE = re.compile(r"void 0\b|[A-Za-z](?=[,;)}])")
"""What replaces a value in minified programs."""

_BEFORE = 40
_NO_VALUE = frozenset(
    {
        "basic", "bearer", "boolean", "denied", "empty", "error", "expired", "failed", "false", "invalid",
        "missing", "n/a", "nil", "no", "none", "not", "null", "number", "ok", "optional", "redacted", "refused",
        "rejected", "removed", "required", "revoked", "string", "text", "true", "undefined", "unknown",
        "unsupported", "withheld", "xbl3.0", "yes",
    }
)  # fmt: skip
_SPACED = frozenset(
    {
        "bank account", "card number", "date of birth", "gamertag", "machine name", "mail address", "phone number",
        "postal address", "wireless network",
    }
)  # fmt: skip
"""Kinds whose values have spaces inside."""


def pairs_in(text: str) -> Iterator[Field]:
    """The pairs in ``text`` whose name says something of the value, from left to right."""
    position = 0
    while (found := _PAIR.search(text, position)) is not None:
        field = _field(text, found)
        if field is None:
            position = found.end()
        else:
            yield field
            position = field.stop
    if "--" in text:
        yield from _options(text)
    if ")=(" in text:
        yield from _keys(text)


def _keys(text: str) -> Iterator[Field]:
    """``Key (email)=(...) already exists``, as PostgreSQL reports a row."""
    for found in _KEY.finditer(text):
        means = meaning(found[1].strip('"'))
        if means.is_any and not is_no_value(found[2]):
            yield Field(found[1], found.start(2), found.end(2), PLAIN, means, found.start())


def _field(text: str, found: re.Match[str]) -> Field | None:
    begin, start = found.start(), found.end()
    name, mark = found["name"].lstrip("-$@"), found["mark"]
    before = text[begin - 1 : begin]
    is_query = mark == "=" and not found["quote"] and (before in ("?", "&", "#", ";", "") or not found["space"])
    name = unquote(name) if "%" in name else name
    means = meaning(name, "", form=mark == "=" and before in ("?", "&", "#", ";"))
    if not means.is_any:
        means = meaning_of_header(name)
        if not means.is_any:
            return None
    if text.startswith("//", start) and mark == ":":  # an address, whose scheme is called so
        return None
    span = _value(text, found, means, is_query=is_query and before in ("?", "&", "#"))
    if span is None:
        return None
    first, stop, spelling = span
    value = text[first:stop]
    return None if is_no_value(value) else Field(name, first, stop, spelling, means, begin)


def _value(text: str, found: re.Match[str], means: Meaning, *, is_query: bool) -> tuple[int, int, Spelling] | None:
    start = found.end()
    if found["first"] in "\"'`\\":
        quoted = _QUOTED.match(text, start)
        if quoted is not None:
            return quoted.start(2), quoted.end(2), QUOTED
        if found["first"] != "\\":  # it is cut off
            start += 1
        rest = _REST.match(text, start)
        return (start, rest.end(), QUOTED) if rest is not None else None
    if is_query:
        value = _IN_QUERY.match(text, start)
        return (start, value.end(), QUERY) if value is not None else None
    return _unquoted(text, found, means)


def _unquoted(text: str, found: re.Match[str], means: Meaning) -> tuple[int, int, Spelling] | None:
    start, begin = found.end(), found.start()
    if _BEGINS_LINE.search(text, max(0, begin - _BEFORE), begin) and found["first"] not in "{[":
        pattern = _REST if found["mark"] != "=" or means.is_secret else _PHRASE
    else:
        pattern = _PHRASE if means.kind in _SPACED else _WORD
    value = pattern.match(text, start)
    if value is None or (found["mark"] == "==" and text.startswith("=", start)) or _CODE.match(text, start):
        return None  # a program compares, or counts on
    plain = value[0].rstrip()
    if pattern is _PHRASE and found["mark"] == "=":  # dob=04/17/1993 retry=2
        plain = _NEXT.split(plain, maxsplit=1)[0]
    if pattern is _WORD and found["gap"] and plain.isalpha() and plain.islower():  # a sentence goes on
        return None
    if pattern is _WORD or (pattern is _PHRASE and not plain[-2:-1].isspace()):
        plain = plain.rstrip(".:!?)")
    if pattern is _REST and found["mark"] == ":" and plain.endswith(","):
        plain = plain[:-1]
    return (start, start + len(plain), PLAIN) if plain else None


def _options(text: str) -> Iterator[Field]:
    """``--password value`` of a command line."""
    for found in _OPTION.finditer(text):
        means = meaning(found["name"])
        if means.is_secret or means.kind:
            quoted = _QUOTED.match(text, found.end())
            value = quoted or _WORD.match(text, found.end())
            if value is not None and not is_no_value(value[0]):
                group = 2 if quoted is not None else 0
                yield Field(found["name"], value.start(group), value.end(group), PLAIN, means, found.start())


def is_no_value(text: str) -> bool:
    """Whether ``text`` says that a value is left out, or only mentions one."""
    return not text or text.strip().lower() in _NO_VALUE or REMOVED in text
