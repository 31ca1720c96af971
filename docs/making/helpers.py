"""What the helpers for other languages can: read from their sources, and held against the calls of a server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import handlesfake
from docs.making.markdown import code, codes, table

_EXAMPLES = Path(__file__).parents[1] / "examples"


class Helper(NamedTuple):
    """How the source of a helper is read."""

    source: Path
    begins: str
    """Where a method begins, and its name."""

    makes: str
    """How a method makes a call: its method and address."""

    uses: str
    """How a method uses another, and the name of that."""


HELPERS = {
    "JavaScript, TypeScript": Helper(
        _EXAMPLES / "handlesfake.mjs", r"^    (\w+): ", r"""call\("(\w+)", (?:at)?["`]([^"`]+)""", r"own\.(\w+)\("
    ),
    "Go": Helper(
        _EXAMPLES / "go" / "handlesfake.go",
        r"^func (?:\(c \*Control\) )?(\w+)\(",
        r'c\.(?:call|done|ask)\("(\w+)", (?:at\()?"([^"]+)"',
        r"\.([A-Z]\w+)\(",
    ),
    "Java": Helper(
        _EXAMPLES / "java" / "Handlesfake.java",
        r"^    public (?!record)[\w<>, ]+ (\w+)\(",
        r'(?:call|ask)\("(\w+)", (?:at\()?"([^"]+)"',
        r"(?<![.\w])(\w+)\(",
    ),
}

_GROUPS = (
    ("Worlds", ("/worlds",)),
    ("State and snapshots", ("/", "/reset", "/state", "/overview", "/snapshots")),
    ("Users and services", ("/users", "/service")),
    (
        "Claims, and what was sent",
        ("/assert", "/settle", "/journal", "/invites", "/activities", "/assumptions", "/unanswered"),
    ),
    ("Bad days", ("/rules", "/clock", "/choices")),
    ("Requests that wait", ("/hold", "/release")),
    ("The push channel", ("/taps", "/connections")),
    ("All of it", ("/openapi.json",)),
)
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.M | re.S)
_CLAIM = "POST /assert/{claim}"


def example() -> str:
    """The suite to begin with, in JavaScript, up to the end of its first test."""
    suite = (_EXAMPLES / "lobby.test.mjs").read_text(encoding="utf-8")
    first = suite.index("\n});\n", suite.index("\ntest(")) + len("\n});\n")
    return f"```js\n{suite[:first]}```"


def capabilities() -> str:
    """One row for each call of the control interface: what it is for, and the method of each helper that makes it."""
    methods = {helper: methods_of(helper) for helper in HELPERS}
    return table(["", "call", *HELPERS], _rows(methods))


def _rows(methods: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, ...]]:
    abouts = calls()
    for group, beginnings in _GROUPS:
        yield (f"**{group}**", *[""] * (len(methods) + 1))
        for call, about in abouts.items():
            if f"/{call.partition('/')[2].partition('/')[0]}" in beginnings:
                yield (about, code(call), *(codes(found.get(shape(call), ["-"])) for found in methods.values()))


@cache
def calls() -> dict[str, str]:
    """Every call of a server, all claims as one, and what it is for: as the server describes itself."""
    with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server:
        address = urlsplit(f"{server.control_url}/openapi.json")
        with closing(HTTPConnection(address.netloc)) as connection:
            connection.request("GET", address.path)
            paths = json.load(connection.getresponse())["paths"]
    found = {
        f"{method.upper()} {path}": _first(operation["summary"])
        for path, operations in paths.items()
        for method, operation in operations.items()
        if not path.startswith("/assert/")
    }
    return {_CLAIM: "Claim what was sent, or was not, in Python's words", **found}


def _first(about: str) -> str:
    return re.split(r"[.:;](?:\s|$)", about)[0]


def methods_of(helper: str) -> dict[str, list[str]]:
    """The calls that a helper makes, variable parts as ``{}``, and the methods that make each.

    A method that makes none itself, and uses others, makes theirs.
    """
    path, begins, makes, uses = HELPERS[helper]
    source = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    starts = list(re.finditer(begins, source, re.M))
    ends = [*(start.start() for start in starts[1:]), len(source)]
    bodies = [(start[1], source[start.end() : end]) for start, end in zip(starts, ends, strict=True)]
    direct = {name: [shape(" ".join(call)) for call in re.findall(makes, body)] for name, body in bodies}
    found: dict[str, list[str]] = {}
    for name, body in bodies:
        used = [] if direct[name] else re.findall(uses, body)
        for call in dict.fromkeys((*direct[name], *(made for other in used for made in direct.get(other, ())))):
            if name not in found.setdefault(call, []):
                found[call].append(name)
    return found


def shape(call: str) -> str:
    """``POST /users/{}/expire``, however a language writes it."""
    return re.sub(r"\$\{\w+\}|\{\w+\}|%s", "{}", re.sub(r"\?.*", "", call))
