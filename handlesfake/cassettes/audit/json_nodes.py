"""JSON as nodes, whatever it says: several values one behind the other, a key twice, comments, a lone surrogate."""

from __future__ import annotations

import json
import re

from handlesfake.cassettes.audit.nodes import Builder, Document, Leaf

_TOKEN = re.compile(r"\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\"|[{}\[\]]|[^\s{}\[\]:,\"]+|\"", re.S)
_DEEPEST = 500


def json_nodes(text: str) -> Document | None:
    """What ``text`` says; None where brackets or quotes do not fit, so that it is not JSON, or JSON cut short."""
    builder = Builder()
    opened: list[str] = []
    for token in _TOKEN.finditer(text):
        word, start, end = token[0], token.start(), token.end()
        if word in ("{", "["):
            if len(opened) >= _DEEPEST:
                return None
            opened.append("}" if word == "{" else "]")
            builder.begin(start, is_list=word == "[")
        elif word in ("}", "]"):
            if not opened or opened.pop() != word:
                return None
            builder.end(end)
        elif word == '"' or (word[0] != '"' and not opened):
            return None  # a quote that is never closed, too: to look on would read the rest once for each quote in it
        else:
            builder.leaf(Leaf(_value(word), start, end))
    return None if opened else builder.finished(len(text))


def _value(word: str) -> str:
    if word[0] != '"':
        return word
    try:
        return str(json.loads(word, strict=False))
    except ValueError:
        return word[1:-1]
