"""Planted values and places of five authors who had not read the scrubber: each value in each place is a case.

The format of the files in ``benchmarks/planted`` is that of ``benchmarks/planted/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from benchmarks.planted_texts import body, text

FOLDER = Path(__file__).with_name("planted")
AUTHORS = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
XUID = str(10 * 2**48 - 4711)
"""That of the role: below the end of the service's range, so that it looks real but is not."""

USER_HASH, TOKEN = "4711884620937715529", "made-up-" + "Kq3vZ8wTn1Rb6Xd9" * 6 + ".role"
CREDENTIALS = {"main": {"xuid": XUID, "authorization": f"XBL3.0 x={USER_HASH};{TOKEN}"}}
_OF_THE_ROLE = {"xuid": XUID, "token": TOKEN, "user_hash": USER_HASH}

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Value:
    """What is planted."""

    author: str
    kind: str
    group: str
    """``secret``, ``personal`` or ``ordinary``."""

    name: str
    value: str
    known: str = ""
    prefix: bool = False
    looks_like_key: bool = False

    @property
    def row(self) -> str:
        """The row of the table that counts it."""
        if self.group == "ordinary":
            return "ordinary, looks like a key" if self.looks_like_key else "ordinary"
        if self.known:
            return f"known {self.group}"
        return f"unknown {self.group}" + (", published prefix" if self.prefix else "")


@dataclass(frozen=True)
class Message:
    """A request or an answer."""

    method: str
    target: str
    headers: Pairs
    body: bytes
    status: int = 200
    reason: str = ""

    @property
    def is_zstd(self) -> bool:
        """Whether it is packed by zstd, which not every client undoes."""
        return ("Content-Encoding", "zstd") in self.headers


@dataclass(frozen=True)
class Case:
    """One value in one place."""

    number: int
    turn: int
    """Which client sends it."""

    value: Value
    place: str
    is_mpsd: bool
    request: Message
    answer: Message


def values(author: str = "") -> list[Value]:
    """Those of ``author``; else all of them, by author."""
    return [_value(document["author"], one) for document in _documents(author) for one in document["values"]]


def _value(author: str, one: Mapping[str, Any]) -> Value:
    known = one.get("known", "")
    value = _OF_THE_ROLE.get(known) or one.get("value") or "".join(one["parts"])
    flags = {word: bool(one.get(word)) for word in ("prefix", "looks_like_key")}
    return Value(author, one["kind"], one["class"], str(one["name"]), str(value), known, **flags)


def _documents(author: str) -> list[dict[str, Any]]:
    files = sorted(FOLDER.glob(f"{author or '*'}.yaml"))
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]


def places(author: str = "") -> list[dict[str, Any]]:
    """Those of ``author``; else all of them, by author."""
    return [one for document in _documents(author) for one in document["places"]]


def cases(every: int = 1, author: str = "") -> Iterator[Case]:
    """Each value in each place; of ``every`` so many one, and of ``author`` alone if one is given."""
    number = 0
    where = places(author)
    for row, value in enumerate(values(author)):
        for column, place in enumerate(where):
            if number % every == 0:
                yield _case(number, row + column, value, place)
            number += 1


def _case(number: int, turn: int, value: Value, place: Mapping[str, Any]) -> Case:
    words = {"name": value.name, "value": value.value}
    # YAML 1.1 reads the word "on" as true
    is_mpsd = place.get("on", place.get(True, "mpsd")) == "mpsd"
    request = _request(place.get("request") or {}, words, is_mpsd=is_mpsd)
    answer = _answer(place.get("response"), words, request)
    return Case(number, turn, value, place["place"], is_mpsd, request, answer)


def _request(given: Mapping[str, Any], words: Mapping[str, str], *, is_mpsd: bool) -> Message:
    content = body(given["body"], words, given.get("coding", "")) if "body" in given else b""
    target = text(given.get("target", "/handles" if is_mpsd else "/thing"), words)
    headers = _headers(given, words) if "body" in given else _only(given, words)
    if is_mpsd:
        headers.append(("Authorization", CREDENTIALS["main"]["authorization"]))
    return Message(given.get("method", "POST" if content else "GET"), _sendable(target), headers, content)


def _answer(given: Mapping[str, Any] | None, words: Mapping[str, str], request: Message) -> Message:
    if given is None:  # the service echoes
        sent = [(name, value) for name, value in request.headers if name in ("Content-Type", "Content-Encoding")]
        return Message("", "", sent or [("Content-Type", "application/json")], request.body or b"{}")
    content = body(given.get("body", "{}"), words, given.get("coding", ""))
    reason = "".join(char for char in text(given.get("reason", ""), words) if char.isprintable() and char.isascii())
    return Message("", "", _headers(given, words), content, given.get("status", 200), reason)


def _headers(given: Mapping[str, Any], words: Mapping[str, str]) -> Pairs:
    coded = [("Content-Encoding", given["coding"])] if given.get("coding") else []
    return [("Content-Type", given.get("type", "application/json")), *coded, *_only(given, words)]


def _only(given: Mapping[str, Any], words: Mapping[str, str]) -> Pairs:
    headers = []
    for name, value in (given.get("headers") or {}).items():
        for one in value if isinstance(value, list) else [value]:
            written = text(one, words)
            is_plain = written.isascii() and written.isprintable() and written == written.strip()
            headers.append((text(name, words), written if is_plain else quote(written, safe=" \"'()*,/:;<=>?@[]{}")))
    return headers


def _sendable(target: str) -> str:
    """``target`` with what is not allowed in an address percent-encoded."""
    return quote(target, safe="%/:?&=;,()+@!$*'~#-._")
