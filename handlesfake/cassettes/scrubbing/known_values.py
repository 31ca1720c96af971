"""What is known in a text: what was learned, and what has the form of a secret, a person, a machine."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from urllib.parse import quote, unquote, unquote_plus

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.people.pseudonyms import is_real_xuid
from handlesfake.cassettes.scrubbing.encodings import plain_texts, runs, unwrapped, wraps
from handlesfake.cassettes.scrubbing.field_names import kind_of, meaning
from handlesfake.cassettes.scrubbing.patterns import (
    FORMS,
    GAMERTAG_CALL,
    GUID,
    IN_QUERY,
    IN_TEXT,
    IN_XML,
    IP,
    MAIL,
    REAL_XUID,
    SECRETS,
    SUSPECT,
    XUID_CALL,
    fits,
    personal_ip,
)
from handlesfake.cassettes.scrubbing.replacements import StandIns

_DEEPEST = 3
"""Encodings inside encodings that are looked into."""

_LONGEST_DEVICE = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")
_NAME = re.compile(r"(?!<)[\w.-]+(?=[\s=:\"'>]|$)")
_NUMBERED = re.compile(r"[\d:@(]")
_CACHED = 256
_SPACES = str.maketrans("\t\r\n", "   ")


def _is_free(text: str) -> bool:
    """Whether ``text`` has nothing that could be known by its form, and encodes nothing."""
    if not SUSPECT.search(text) or GUID.fullmatch(text) or _TIME.fullmatch(text):
        return True
    return not (any(form.search(text) for form in FORMS) or wraps(text))


_is_free_again = lru_cache(maxsize=4096)(_is_free)
"""Traffic says the same again and again."""


class KnownTexts:
    """Takes what is known out of texts: ``known(text)``."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins

    def __call__(self, text: str, depth: int = 0) -> str:
        """``text`` less what is known in it, also encoded."""
        text = self._stand_ins.learned.replaced(text)
        if _is_free_again(text) if len(text) <= _CACHED else _is_free(text):
            return text
        text = self._less_people(self.less_secrets(text))
        return self._less_wrapped(text, depth) if depth < _DEEPEST else text

    def named(self, name: str, text: str, parent: str = "", *, form: bool = False) -> str | None:
        """What stands for ``text`` because of its name; None where the name says nothing.

        :param form: it is called so in a query or a form.
        """
        means = meaning(name, parent, form)
        # a short device token is MPSD's id of a device; a long one is the sign-in's
        if means.is_secret and not (means.kind == "id" and len(text) < _LONGEST_DEVICE):
            self._stand_ins.learned.learn_secret(text, REMOVED)
            return self._stand_ins.removed(name, text)
        return self._stand_ins.person(means.kind, text) if means.kind and fits(means.kind, text) else None

    def less_secrets(self, text: str) -> str:
        """``text`` less the secrets that are known by their form, and are not encoded."""
        for kind, pattern, instead in SECRETS:
            text = pattern.sub(partial(self._removed, kind, instead), text)
        if "=" in text:
            text = IN_QUERY.sub(self._parameter, text)
        if "<" in text:
            text = IN_XML.sub(self._assigned, text)
        return IN_TEXT.sub(self._assigned, text) if "=" in text or ":" in text else text

    def _removed(self, kind: str, instead: str, found: re.Match[str]) -> str:
        written = found.expand(instead)
        if written != found[0]:
            self._stand_ins.removed(kind, found[0])
        return written

    def _assigned(self, found: re.Match[str]) -> str:
        kind = _NAME.search(found[1])
        name = kind[0] if kind else "secret"
        if kind_of(name) == "id" and len(found[2]) < _LONGEST_DEVICE:
            return found[1] + (self._stand_ins.person("id", found[2]) if fits("id", found[2]) else found[2])
        return found[1] + self._stand_ins.removed(name, found[2], found[0])

    def _parameter(self, found: re.Match[str]) -> str:
        value = unquote_plus(found[2])
        written = self.named(unquote(found[1]), value, form=True)
        return found[0] if written in (None, value) else f"{found[1]}={quote(written or REMOVED)}"

    def _less_people(self, text: str) -> str:
        if self._stand_ins.is_blind or not _NUMBERED.search(text):
            return text
        person = self._stand_ins.person
        text = REAL_XUID.sub(lambda xuid: person("xuid", xuid[0]) if is_real_xuid(xuid[0]) else xuid[0], text)
        if "(" in text:
            text = GAMERTAG_CALL.sub(lambda call: call[1] + person("gamertag", call[2]), text)
        text = XUID_CALL.sub(lambda xuid: person("xuid", xuid[0]), text)
        if "@" in text:
            text = MAIL.sub(lambda mail: person("mail address", mail[0]), text)
        return IP.sub(lambda ip: person("IP address", ip[0]) if personal_ip(ip[0]) else ip[0], text)

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
        # what is no text has no forms; only what was learned can be told there
        if plain.translate(_SPACES).isprintable():
            return self(plain, depth + 1) != plain
        return self._stand_ins.learned.replaced(plain) != plain
