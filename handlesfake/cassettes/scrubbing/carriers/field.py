"""Field: one name and its value in a text, and the spellings in which a value is written there."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, unquote_plus

from handlesfake.cassettes.scrubbing.field_names import Meaning


class Spelling(NamedTuple):
    """How a value is written where it stands."""

    read: Callable[[str], str]
    write: Callable[[str], str]


class Field(NamedTuple):
    """A name and the place of its value in a text."""

    name: str
    start: int
    stop: int
    spelling: Spelling
    means: Meaning
    """What the name says of the value."""

    begin: int
    """Where the name begins, and with it what shows what the value is."""


def _read_json(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        found = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return str(found)


def _write_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


PLAIN = Spelling(str, str)
QUERY = Spelling(unquote_plus, lambda text: quote(text, safe=""))
MARKUP = Spelling(html.unescape, html.escape)
QUOTED = Spelling(_read_json, _write_json)
"""Between quotation marks, with the escapes of JSON."""
