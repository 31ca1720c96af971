"""Valid files, mutated: over their parsed trees and over their texts.

A mutation is drawn as a few bytes, each of which is a choice. Drawing many strategies of Hypothesis costs more than
loading what comes out, and bytes shrink well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 201, 2**31, 2**63, 10**30, 0.0, 0.5, -0.5, 1e308),
    *(
        "",
        " ",
        "x",
        "*",
        ".",
        "..",
        "a.b",
        "0",
        "-1",
        "1e9",
        "true",
        "null",
        "~",
        "NO",
        "\t",
        "\n",
        "\0",
        "é",
        "日本",
        "\x7f",
    ),
    *(
        "9000000000000001",
        "9000000000000002",
        "host",
        "2026-01-06",
        "2026-01-06T10:00:00Z",
        "90d",
        "{",
        "[",
        "(?P<",
        "%",
        "x" * 300,
    ),
    *(b"", b"\xff\x00", [], {}, [[]], [{}], {"": None}, {"x": {"y": {"z": 1}}}, [None, 1, "x"], "\ud800"),
)
"""Values that stand nowhere, or elsewhere, in a good file. To choose takes two bytes of them at most."""

PIECES = (
    *(
        b"- ",
        b": ",
        b"? ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"'",
        b'"',
        b"|\n",
        b">-\n",
        b"&a ",
        b"*a",
        b"<<: ",
        b"...\n",
        b"---\n",
    ),
    *(
        b"%YAML 9.9\n",
        b"\xff",
        b"\x00",
        b"\xef\xbb\xbf",
        b"\t",
        b"\n",
        b"\n  ",
        b"  ",
        b" ",
        b",",
        b"#",
        b"!!binary /wA=",
        b"!!str ",
    ),
    *(
        b"!!python/name:os.system ",
        b"!x ",
        b"null",
        b"true",
        b"0",
        b"1" * 400,
        b"\\",
        b"\\ud800",
        b"\xed\xa0\x80",
        b"\xc2\x85",
        b".",
    ),
)


@dataclass
class Choices:
    """Choices that bytes make; once there are no more of them, the first."""

    drawn: bytes
    at: int = 0

    @property
    def are_left(self) -> bool:
        """Whether there are more."""
        return self.at < len(self.drawn)

    def of(self, count: int) -> int:
        """A number below ``count``."""
        size = 1 if count <= 256 else 2
        raw = self.drawn[self.at : self.at + size]
        self.at += size
        return int.from_bytes(raw, "big") % count

    def one(self, of: Any) -> Any:
        """One of a sequence."""
        return of[self.of(len(of))]


# ---- trees


def holders(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each mapping and list of ``tree`` with each of its keys and indices."""
    for key, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        yield tree, key
        if isinstance(value, (dict, list)):
            yield from holders(value)


def words_of(trees: Iterable[Any]) -> tuple[str, ...]:
    """The keys of ``trees``, and their short texts."""
    found: dict[str, None] = {}
    for tree in trees:
        for holder, key in holders(tree):
            found.update({key: None} if isinstance(key, str) else {})
            value = holder[key]
            found.update({value: None} if isinstance(value, str) and len(value) < 40 else {})
    return tuple(found)


def _replace(holder: Any, key: Any, value: Any) -> None:
    holder[key] = value


def _remove(holder: Any, key: Any, _: Any) -> None:
    del holder[key]


def _rename(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, dict) and isinstance(value, str):
        holder[value] = holder.pop(key)


def _add(holder: Any, key: Any, value: Any) -> None:
    if isinstance(holder, dict):
        holder[value if isinstance(value, str) else "x"] = holder[key]
    else:
        holder.insert(key, value)


def _wrap(holder: Any, key: Any, value: Any) -> None:
    holder[key] = {value: holder[key]} if isinstance(value, str) else [holder[key]]


def _repeat(holder: Any, key: Any, _: Any) -> None:
    if isinstance(holder[key], list):
        holder[key] *= 2
    elif isinstance(holder, list):
        holder.append(holder[key])


def _into_text(holder: Any, key: Any, _: Any) -> None:
    holder[key] = str(holder[key])


CHANGES: tuple[Callable[[Any, Any, Any], None], ...] = (
    _replace,
    _remove,
    _rename,
    _add,
    _wrap,
    _repeat,
    _into_text,
    _replace,
)


def mutated_tree(text: str, words: tuple[str, ...], choices: Choices) -> Any:
    """The tree of ``text``, JSON, with some changes: one at least, four at most."""
    tree = json.loads(text)
    for _ in range(4):
        places = list(holders(tree))
        if not places:
            break
        holder, key = choices.one(places)
        kind = choices.of(4)
        # a copy: what is put into a tree is changed with it, and would be another value in the next one
        odd = deepcopy(choices.one(ODD)) if 0 < kind < 3 else None
        value = choices.one(words) if kind == 0 else odd if kind < 3 else _copied(choices.one(places))
        change = choices.one(CHANGES)
        change(holder, key, value)
        if not choices.are_left:
            break
    return tree


def _copied(place: tuple[Any, Any]) -> Any:
    holder, key = place
    return deepcopy(holder[key])


def as_yaml(tree: Any) -> bytes:
    """``tree`` as a YAML text."""
    try:
        text: str = yaml.dump(tree, Dumper=_DUMPER, allow_unicode=True, sort_keys=False)
    except UnicodeEncodeError:  # a lone surrogate: only the slow one writes it, as an escape
        text = yaml.dump(tree, Dumper=yaml.SafeDumper, sort_keys=False)
    return text.encode("utf-8", "surrogatepass")


_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def as_json(tree: Any) -> bytes:
    """``tree`` as a JSON text; what JSON cannot say becomes a text."""
    return json.dumps(tree, default=repr, ensure_ascii=False).encode("utf-8", "surrogatepass")


# ---- texts

_TOKEN = re.compile(rb"[\w.'-]+|\s+|.", re.DOTALL)


def mutated_text(text: bytes, choices: Choices) -> bytes:
    """``text`` with some tokens replaced, removed, doubled or moved: one at least, four at most."""
    tokens = _TOKEN.findall(text)
    for _ in range(4):
        at, how = choices.of(len(tokens)), choices.of(6)
        if how == 0:
            tokens[at] = choices.one(PIECES)
        elif how == 1:
            tokens[at] = choices.one(tokens)
        elif how == 2:
            tokens.insert(at, choices.one(PIECES))
        elif how == 3:
            del tokens[at : at + 1 + choices.of(8)]
        elif how == 4:
            tokens[at:at] = tokens[at : at + 1 + choices.of(30)]
        else:
            tokens[at] = tokens[at].swapcase() + b"x" * choices.of(2)
        if not choices.are_left or not tokens:
            break
    return b"".join(tokens)
