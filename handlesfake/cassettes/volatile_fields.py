"""VolatileFields: values that a client makes up in every run, left out of comparisons."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from operator import itemgetter
from typing import Any
from urllib.parse import parse_qsl

from handlesfake.errors import SettingsError
from handlesfake.exchange.outcome import Call
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.operations import Operation
from handlesfake.values.values import field, frozen

LARGE = 2**53
"""Integers from here on are not xuids, and larger than a float can count: ids that a client made up."""

ONLY_A_GUID = frozenset({"sessionRef.name"})
"""Fields of the contract table that are new in each run only where they are a GUID: else a person has named them."""

_ONLY_A_GUID = frozenset(tuple(one.split(".")) for one in ONLY_A_GUID)
_GUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_DIGITS = re.compile(r"[1-9][0-9]{15,38}")
_ADDRESSES = {"name": "sessionRef.name", "handle_id": "id"}
"""Variable parts of an address, and the field of a body that says the same."""

_FORM = re.compile(rb"[!-%'-<>-~]+=[!-%'-~]*(?:&[!-%'-<>-~]+=[!-%'-~]*)+")
_MULTIPART = re.compile(r"multipart/[^;]+;(?:[^;]*;)*\s*boundary=(?:\"([^\"]+)\"|([^\s;\"]+))", re.I)
_BOUNDARY = "Content-Type.boundary"

_NAME = itemgetter(0)
_CONDITIONS = ("If-Match", "If-None-Match")

Path = tuple[str, ...]


@frozen
class Hole:
    """One place where a value may be another in every run."""

    path: str
    """Dotted, as messages write it: ``members.me.properties.system.connection``."""

    value: str
    """The value; a number as its digits."""

    @property
    def key(self) -> str:
        """The value as it is compared: addresses and GUIDs have no case."""
        return self.value.lower()


@frozen
class Shape:
    """A request less what fills its holes: two that may be the same have equal keys."""

    key: Hashable
    values: tuple[str, ...]
    """The values of the holes, each once, in the order of their first appearance; as they are compared."""

    holes: tuple[Hole, ...]
    """Every hole, in the same order."""


@frozen
class VolatileFields:
    """Knows which places are holes: the contract table's, what is made up under ``custom``, and more.

    :param patterns: dotted paths of bodies; ``*`` is any one part, ``**`` any number of them:
        ``properties.custom.nonces.*``, ``**.sessionId``, ``sessionRef.name`` (in addresses, too).
    :param fixed: values that are never holes: the xuids of roles.
    """

    patterns: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()
    _split: tuple[Path, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_split", tuple(tuple(pattern.split(".")) for pattern in self.patterns))

    def shape(self, call: Call) -> Shape:
        """What of ``call`` is compared as it is, and what is only bound.

        The order of keys, spaces, gzip and the case of the address's names make no difference. A title id is the
        same as number and as text (U11). The fields of a form have no order; any other body is compared byte by byte.
        """
        request, route = call.request, call.route
        operation, document = route.operation, call.document
        query = tuple(sorted(parse_qsl(request.query, keep_blank_values=True))) if request.query else ()
        if operation is None:
            if document is None and (boundary := boundary_of(request.headers)):
                hole = Hole(_BOUNDARY, boundary)
                parted = request.body.replace(boundary.encode("latin-1"), b"\x00")
                return Shape((request.method, request.path, query, parted), (hole.key,), (hole,))
            # a cassette keeps the JSON of a request, not its spaces, and vcrpy not even the order of an object's keys
            plain = _plain(request.body) if document is None else json.dumps(document, sort_keys=True)
            return Shape((request.method, request.path, query, plain), (), ())
        found = _Found(self, operation)
        parts = tuple([found.part(name, value) for name, value in route.parameters.items()])
        conditions = tuple([found.condition(name, request.headers.first(name)) for name in _CONDITIONS])
        # only compared, and never shown: repr() takes a third of the time of json.dumps(), and tells as much apart
        body = _plain(request.body) if document is None else repr(found.replaced(document, ()))
        return Shape(
            (operation.template, operation.method, parts, conditions, query, body),
            tuple(found.numbers),
            tuple(found.holes),
        )

    def opens(self, path: Path, value: str, operation: Operation) -> bool:
        """Whether ``value`` at ``path`` of a request of ``operation`` is a hole."""
        if value in self.fixed:
            return False
        if "custom" in path and is_generated(value):
            return True
        named = _GUID.fullmatch(value) is not None if path in _ONLY_A_GUID else path in _volatile(operation.volatile)
        return named or (bool(self._split) and _fits_any(self._split, path))


class _Found:
    """The holes of one request, numbered in their order: a value that comes twice has one number."""

    def __init__(self, rules: VolatileFields, operation: Operation) -> None:
        self.rules = rules
        self.operation = operation
        self.numbers: dict[str, int] = {}
        self.holes: list[Hole] = []
        self._names = _told_by_name(operation.volatile)

    def _put(self, path: str, value: str, kind: str = "") -> str:
        hole = Hole(path, value)
        self.holes.append(hole)
        # no JSON that a client sends begins a text so
        return f"\x00{kind}{self.numbers.setdefault(hole.key, len(self.numbers))}"

    def part(self, name: str, value: str) -> str:
        """A variable part of the address."""
        field_name = _ADDRESSES.get(name)
        if field_name is None or value in self.rules.fixed:
            return value.lower()
        if _GUID.fullmatch(value) or self.rules.opens(tuple(field_name.split(".")), value, self.operation):
            return self._put(field_name, value)
        return value.lower()

    def condition(self, name: str, value: str | None) -> str | None:
        """A header with an ETag, which the service has made up."""
        return value if value is None or value.strip() in ("", "*") else self._put(name, value.strip())

    def replaced(self, value: Any, path: Path) -> Any:
        """``value``, found at ``path`` of the body, with its holes numbered, keys in order."""
        if isinstance(value, dict):
            names, every = self._names, bool(self.rules.patterns) or "custom" in path
            return {
                # the names of most fields show that they are not holes: no path is made for them
                name: self.replaced(one, (*path, name))
                if every or name in names or isinstance(one, (dict, list))
                else one
                for name, one in sorted(value.items(), key=_NAME)
            }
        if isinstance(value, list):
            return [self.replaced(item, (*path, str(place))) for place, item in enumerate(value)]
        if isinstance(value, str):
            return self._put(".".join(path), value) if self.rules.opens(path, value, self.operation) else value
        if type(value) is int:
            if path and path[-1] == "titleId":
                return str(value)
            if self.rules.opens(path, str(value), self.operation):
                return self._put(".".join(path), str(value), "number ")
        return value


def boundary_of(headers: Headers) -> str:
    """What a client has made up to part the pieces of a multipart body; empty for another body."""
    found = _MULTIPART.match(headers.first("Content-Type") or "")
    return found[1] or found[2] if found else ""


def is_generated(text: str) -> bool:
    """Whether ``text`` looks like an id that a client makes up: a GUID, an integer of 2**53 and more."""
    return _GUID.fullmatch(text) is not None or (_DIGITS.fullmatch(text) is not None and int(text) >= LARGE)


def fields_of(call: Call, caller: str = "") -> dict[str, Any]:
    """The request as one mapping for messages, whose paths are those of the body."""
    fields: dict[str, Any] = {
        _ADDRESSES.get(name, name): value.lower() for name, value in call.route.parameters.items()
    }
    if call.request.query:
        fields["query"] = call.request.query
    for name in _CONDITIONS:
        if (value := call.request.headers.first(name)) is not None:
            fields[name] = value
    if caller:
        fields["caller"] = caller
    document = as_mpsd_reads(call.document)
    if isinstance(document, dict):
        return fields | document
    if call.request.body:
        fields["body"] = _told(call.request) if document is None else document
    return fields


def _told(request: Request) -> str:
    """A body that is not JSON: its text, or what kind of bytes it is."""
    coding = (request.headers.first("Content-Encoding") or "").strip()
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if not coding and "\0" not in text:
        return text
    return f"<{len(request.body)} bytes{f', {coding}' if coding else ' that are no text'}>"


def as_mpsd_reads(document: Any, name: str = "") -> Any:
    """``document`` with each title id as a text."""
    if isinstance(document, dict):
        return {key: as_mpsd_reads(value, key) for key, value in document.items()}
    if isinstance(document, list):
        return [as_mpsd_reads(value) for value in document]
    return str(document) if name == "titleId" and type(document) is int else document


def _plain(body: bytes) -> Hashable:
    """What a body that is not JSON is compared by: the fields of a form by their names, else its bytes."""
    if _FORM.fullmatch(body) is None:
        return body
    return tuple(sorted(body.split(b"&"), key=lambda pair: pair.partition(b"=")[0]))


@lru_cache(maxsize=256)
def _volatile(fields: tuple[str, ...]) -> frozenset[Path]:
    return frozenset(tuple(one.split(".")) for one in fields)


@lru_cache(maxsize=256)
def _told_by_name(fields: tuple[str, ...]) -> frozenset[str]:
    """How the last part of a path is called that is to be looked at, where no pattern may fit any other."""
    return frozenset({"custom", "titleId", *(path[-1] for path in (*_volatile(fields), *_ONLY_A_GUID))})


@lru_cache(maxsize=4096)
def _fits_any(patterns: tuple[Path, ...], path: Path) -> bool:
    return any(_fits(pattern, path) for pattern in patterns)


@lru_cache(maxsize=4096)  # each pair of rests once: several ** would try them over and over
def _fits(pattern: Path, path: Path) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_fits(pattern[1:], rest) for rest in _tails(path))
    return bool(path) and fnmatchcase(path[0], pattern[0]) and _fits(pattern[1:], path[1:])


def _tails(path: Path) -> Iterator[Path]:
    for start in range(len(path) + 1):
        yield path[start:]


def checked(patterns: Iterable[str]) -> tuple[str, ...]:
    """``patterns`` as :class:`VolatileFields` takes them.

    :raises SettingsError: one of them opens everything, or nothing.
    """
    found = (patterns,) if isinstance(patterns, str) else tuple(patterns)
    for pattern in found:
        parts = pattern.split(".")
        if not all(parts) or all(part in ("*", "**") for part in parts):
            raise SettingsError(
                f"volatile_fields: {pattern!r} is not a path of a field. Write dotted paths, such as "
                "properties.custom.nonces.* or **.matchId; * is any one part, ** any number of them."
            )
    return found
