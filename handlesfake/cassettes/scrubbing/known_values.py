"""What is known in a text: what was learned, what a name says, the forms of secrets, people and machines."""

from __future__ import annotations

import base64
import re
from functools import lru_cache, partial
from typing import Any

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.scrubbing.carriers.field import Field
from handlesfake.cassettes.scrubbing.carriers.walker import has_fields, rewritten
from handlesfake.cassettes.scrubbing.encodings import plain_texts, readable, runs, unwrapped, wraps
from handlesfake.cassettes.scrubbing.field_names import (
    Meaning,
    is_assertion,
    is_count,
    is_label,
    is_version_name,
    meaning,
)
from handlesfake.cassettes.scrubbing.json_text import respelled
from handlesfake.cassettes.scrubbing.json_values import JsonValues
from handlesfake.cassettes.scrubbing.patterns import GUID, PEOPLE, SUSPECT, fits
from handlesfake.cassettes.scrubbing.people_in_text import less_addresses, less_people
from handlesfake.cassettes.scrubbing.published_prefixes import echoes_in, is_echo, published_in
from handlesfake.cassettes.scrubbing.randomness import looks_opaque
from handlesfake.cassettes.scrubbing.replacements import StandIns

_DEEPEST = 3
"""Encodings inside encodings that are looked into."""

_LONGEST_DEVICE = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")
_CACHED, _SHORTEST_ENCODED = 256, 8
_SPACES = str.maketrans("\t\r\n", "   ")


def _is_free(text: str) -> bool:
    """Whether ``text`` has nothing that could be known by its form or its name, and encodes nothing."""
    if not SUSPECT.search(text) or GUID.fullmatch(text) or _TIME.fullmatch(text):
        return True
    forms = (*(one.pattern for one in (*published_in(text), *echoes_in(text))), *PEOPLE)
    if any(form.search(text) for form in forms):
        return False
    return not (has_fields(text) or wraps(text))


def _is_unsigned(text: str) -> bool:
    """Whether ``text`` is XML without a signature, in base64 or not."""
    plain = readable(text) or text
    return plain.lstrip()[:1] == "<" and "Signature" not in plain


_is_free_again = lru_cache(maxsize=4096)(_is_free)
"""Traffic says the same again and again."""


class KnownTexts:
    """Takes what is known out of texts: ``known(text)``."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins

    def __call__(self, text: str, depth: int = 0, name: str = "") -> str:
        """``text`` less what is known in it, also encoded; ``name`` is what it is called."""
        text = self._stand_ins.learned.replaced(text)
        if _is_free_again(text) if len(text) <= _CACHED else _is_free(text):
            return text
        return self._less_known(text, depth, name)

    def _less_known(self, text: str, depth: int, name: str) -> str:
        text = self.less_secrets(text)
        if depth < _DEEPEST:
            text = rewritten(text, partial(self._field, depth), partial(self._document, depth))
        if not self._stand_ins.is_blind:
            text = less_people(text, self._stand_ins.person, versions=is_version_name(name))
        return self._less_wrapped(text, depth) if depth < _DEEPEST else text

    def named(self, name: str, text: str, parent: str = "", *, form: bool = False) -> str | None:
        """The replacement of ``text`` because of its name; None where the name says nothing.

        :param form: it is called so in a query or a form.
        """
        return self.meant(meaning(name, parent, form), name, text)

    def meant(self, means: Meaning, name: str, text: str, written: str = "") -> str | None:
        """As :meth:`named`, of a name that ``means`` this.

        :param written: name and text as they are written, where that is at hand.
        """
        if not means.is_any or (means.is_secret and is_count(name, text)) or is_label(name, text):
            return None
        if means.is_secret and is_assertion(name) and _is_unsigned(text):
            return None
        # a short device token is MPSD's id of a device; a long one is the sign-in's
        if means.is_secret and not (means.kind == "id" and len(text) < _LONGEST_DEVICE):
            return self.secret(name, text, written)
        if means.is_secret_where_opaque and looks_opaque(text):
            return self.secret(name, text, written)
        if not means.kind or self._stand_ins.is_blind:
            return None
        mark = text[:1]
        if mark in ("'", '"', "`") and len(text) > 2 and text.endswith(mark):
            inner = self._personal(means.kind, text[1:-1])
            return None if inner is None else f"{mark}{inner}{mark}"
        return self._personal(means.kind, text)

    def secret(self, name: str, text: str, written: str = "") -> str:
        """The replacement of the secret ``text`` called ``name``, which is learned.

        :param written: as in :meth:`meant`.
        """
        self._stand_ins.learned.learn_secret(text, REMOVED)
        plain = readable(text, _SHORTEST_ENCODED)
        if plain:  # it may also be there in plain text
            self._stand_ins.learned.learn_secret(plain, REMOVED)
        return self._stand_ins.removed(name, text, written)

    def _personal(self, kind: str, text: str) -> str | None:
        if kind == "IP address":
            written = less_addresses(text, self._stand_ins.person)
            return None if written == text else written
        if kind == "mail address" and "@" not in text:
            kind = "user name"
        plain = "" if kind == "secure device address" else readable(text, _SHORTEST_ENCODED)
        if plain and fits(kind, plain):  # it may also be there in plain text
            return base64.b64encode(self._stand_ins.person(kind, plain).encode()).decode()
        return self._stand_ins.person(kind, text) if fits(kind, text) else None

    def less_secrets(self, text: str) -> str:
        """``text`` less the secrets that are known by their form, and are not encoded."""
        for one in published_in(text):
            text = one.pattern.sub(partial(self._removed, one.kind, one.instead), text)
        for one in echoes_in(text):
            text = one.pattern.sub(partial(self._echo, one.kind, one.instead), text)
        return text

    def _echo(self, kind: str, instead: str, found: re.Match[str]) -> str:
        return self._removed(kind, instead, found) if is_echo(found[0]) else found[0]

    def _removed(self, kind: str, instead: str, found: re.Match[str]) -> str:
        written = found.expand(instead)
        if written != found[0]:
            self._stand_ins.removed(kind, found[0])
        return written

    def _field(self, depth: int, field: Field, value: str, whole: str) -> str:
        written = self.meant(field.means, field.name, value, whole)
        if written is not None:
            return written
        return self(value, depth + 1, field.name)

    def _document(self, depth: int, document: Any, text: str, name: str = "") -> str:
        def leaf(value: str, _: str, called: str, parent: str, __: int) -> str:
            written = self.named(called, value, parent) if value else value
            return self(value, depth + 1, called) if written is None else written

        values = JsonValues(self._stand_ins, leaf, lambda _, key: self(key, depth + 1), self)
        scrubbed = values.of(document, "body", name)
        return text if scrubbed == document else respelled(text, document, scrubbed)

    def _less_wrapped(self, text: str, depth: int) -> str:
        text = unwrapped(text, lambda plain: self(plain, depth + 1))
        return runs(text, lambda run: self._run(run, depth))

    def _run(self, run: str, depth: int) -> str:
        outer, self._stand_ins.wrapping = self._stand_ins.wrapping, self._stand_ins.wrapping or run
        try:
            known = any(self._is_known(plain, depth) for plain in plain_texts(run))
        finally:
            self._stand_ins.wrapping = outer
        return REMOVED if known else run

    def _is_known(self, plain: str, depth: int) -> bool:
        # what is not text has no forms; only what was learned can be found there
        if plain.translate(_SPACES).isprintable():
            return self(plain, depth + 1) != plain
        return self._stand_ins.learned.replaced(plain) != plain
