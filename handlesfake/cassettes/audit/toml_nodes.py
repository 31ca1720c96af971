"""TOML as nodes: tables by the last part of their names. Multi-line texts, arrays and inline tables are read."""

from __future__ import annotations

import json
import re

from handlesfake.cassettes.audit.nodes import Builder, Document, Leaf

_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)"
    r"|(?P<table>(?<![^\n])[ \t]*\[{1,2}[^\[\]\n]+\]{1,2}(?=[ \t]*(?:#|\n|\Z)))"
    r"|(?P<long>\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z))"
    r"|(?P<text>\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"|'[^'\n]*+')"
    r"|(?P<sign>[\[\]{}])"
    r"|(?P<word>[^\s\[\]{}=,#\"']+)"
    r"|(?P<unclosed>[\"'])",
    re.S,
)
_BRACKETS = {"[": "]", "{": "}"}


def toml_nodes(text: str) -> Document | None:
    """What ``text`` says; None where brackets or quotes do not fit."""
    reader = _Reader()
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "unclosed":  # to look on would read the rest once for each quote in it
            return None
        reader.take(token)
    return None if reader.closing or reader.is_odd else reader.builder.finished(len(text))


class _Reader:
    def __init__(self) -> None:
        self.builder = Builder()
        self.builder.begin(0, is_list=False)
        self.closing: list[str] = []
        self.is_odd = False
        self._is_in_table = False

    def take(self, token: re.Match[str]) -> None:
        """Go on with ``token``."""
        start, end, word = token.start(), token.end(), token[0]
        if token.lastgroup == "comment":
            self.builder.document.gaps.append((start, end))
        elif token.lastgroup == "table" and not self.closing:
            self._table(word, start, end)
        elif word in _BRACKETS:
            self.closing.append(_BRACKETS[word])
            self.builder.begin(start, is_list=word == "[")
        elif word in _BRACKETS.values():
            self.is_odd |= not self.closing or self.closing.pop() != word
            if not self.is_odd:
                self.builder.end(end)
        else:
            self.builder.leaf(Leaf(_value(word), start, end))

    def _table(self, word: str, start: int, end: int) -> None:
        if self._is_in_table:
            self.builder.end(start)
        self._is_in_table = True
        name = word.strip().strip("[]").rpartition(".")[2].strip("\"' ")
        self.builder.leaf(Leaf(name, start, end))
        self.builder.begin(start, is_list=False)


def _value(word: str) -> str:
    if word.startswith(('"""', "'''")):
        return word[3:-3]
    if word[0] == "'":
        return word[1:-1]
    try:
        return str(json.loads(word, strict=False)) if word[0] == '"' else word
    except ValueError:
        return word[1:-1]
