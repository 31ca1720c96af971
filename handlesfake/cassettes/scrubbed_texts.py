"""One text after the other, as it may be written: learned words, known forms, people and machines, then chance."""

from __future__ import annotations

import re
from typing import Protocol

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.field_names import is_free_text, is_secret, kind_of, plain
from handlesfake.cassettes.findings import Findings
from handlesfake.cassettes.learned import Learned
from handlesfake.cassettes.pseudonyms import is_made_up_xuid, is_real_xuid
from handlesfake.cassettes.shapes import (
    GUID,
    IN_TEXT,
    IN_XML,
    IP,
    MAIL,
    REAL_XUID,
    SECRETS,
    XUID_CALL,
    chance,
    personal_ip,
)

WITHHELD = "withheld"
"""What stands in the place of what looks like a secret that nobody knew."""

_HARMLESS = re.compile(r"[A-Za-z _/*-]{0,15}|\d{1,9}|\d{4}-\d\d-\d\dT[\d:.]+Z?")
_NAMING = re.compile(r"[=:<]")
_NUMBERED = re.compile(r"[\d:@]")
_SHORTEST_FORM = 14
"""Characters of the shortest secret that is known by its form."""

_NUMBER = re.compile(r"\d{12,20}")
_EXEMPT = frozenset({"pfn", "scid", "titleid", "templatename", "etag", "useragent", "contenttype", "accept"})
"""Names, in plain spelling, whose values are the contract's own and no secret, however they look."""


class Disguise(Protocol):
    """What makes pseudonyms."""

    def of(self, kind: str, value: str) -> str:
        """What stands for ``value``."""


class ScrubbedText:
    """The texts of one message.

    :param disguise: None where there is no key: what is personal stays.
    :param allowed: places in lower case whose values are no secret although they look it; None for all.
    """

    def __init__(
        self, learned: Learned, disguise: Disguise | None, found: Findings, allowed: frozenset[str] | None
    ) -> None:
        self._learned = learned
        self._disguise = disguise
        self._found = found
        self._allowed = allowed

    def header(self, name: str, value: str) -> str:
        """The value of the header ``name``."""
        text = self.known(value)
        if "xuid" in name.lower() or "onbehalfof-users" in name.lower():
            text = _NUMBER.sub(lambda number: self.person("xuid", number[0]), text)
        return text if name.lower() == "user-agent" else self._judged(text, f"header.{name}", plain(name))

    def value(self, text: str, place: str, name: str, parent: str = "", *, form: bool = False) -> str:
        """The text called ``name`` at ``place``, below ``parent``; ``form``: of a query or a form."""
        if not text:
            return text
        if is_secret(name, form=form) and not self._is_device(text, name):
            return self.removed(name)
        kind = kind_of(name, parent)
        if kind and self._fits(kind, text):
            return self.person(kind, text)
        if is_free_text(name):
            scrubbed = self.at(place, text, name)
            self._found.texts.setdefault(name, scrubbed[:80])
            return scrubbed
        return self.at(place, text, name)

    def at(self, place: str, text: str, name: str = "") -> str:
        """A text whose name says nothing."""
        return text if _HARMLESS.fullmatch(text) else self._judged(self.known(text), place, plain(name))

    def known(self, text: str) -> str:
        """``text`` less what is known: what was learned, and what has the form of a secret, a person, a machine."""
        if _HARMLESS.fullmatch(text):
            return text
        text = self.learned(text)
        if GUID.fullmatch(text):
            return text
        return self._people(self._less_secrets(text))

    def _less_secrets(self, text: str) -> str:
        if len(text) >= _SHORTEST_FORM or "://" in text:
            for kind, pattern, instead in SECRETS:
                text, count = pattern.subn(instead, text)
                if count:
                    self._found.removed[kind] += count
        if _NAMING.search(text):
            for pattern in (IN_XML, IN_TEXT):
                text, count = pattern.subn(rf"\g<1>{REMOVED}", text)
                if count:
                    self._found.removed["secret"] += count
        return text

    def _people(self, text: str) -> str:
        if self._disguise is None or not _NUMBERED.search(text):
            return text
        text = REAL_XUID.sub(lambda xuid: self.person("xuid", xuid[0]) if is_real_xuid(xuid[0]) else xuid[0], text)
        text = XUID_CALL.sub(lambda xuid: self.person("xuid", xuid[0]), text)
        if "@" in text:
            text = MAIL.sub(lambda mail: self.person("mail address", mail[0]), text)
        return IP.sub(lambda ip: self.person("IP address", ip[0]) if personal_ip(ip[0]) else ip[0], text)

    def learned(self, text: str) -> str:
        """``text`` with what was learned replaced."""
        return self._learned.replaced(text)

    def person(self, kind: str, value: str) -> str:
        """The pseudonym for ``value``, which is learned from now on."""
        known = self._learned.replaced(value)
        if known != value or value in self._learned:
            return known
        if self._disguise is None or (kind == "xuid" and is_made_up_xuid(value)):
            return value
        pseudonym = self._disguise.of(kind, value)
        self._learned.learn(value, pseudonym)
        self._found.replace(kind, pseudonym)
        return pseudonym

    def removed(self, kind: str) -> str:
        """What stands for a secret, which is counted."""
        self._found.removed[kind] += 1
        return REMOVED

    def withheld(self, place: str, why: str) -> str:
        """What stands for something that could not be judged."""
        self._found.withheld[place] = why
        return WITHHELD

    def _judged(self, text: str, place: str, name: str) -> str:
        if name in _EXEMPT or self._allowed is None or place.lower() in self._allowed or not chance(text):
            return text
        return self.withheld(place, f"{len(text)} characters that look like chance")

    def _fits(self, kind: str, text: str) -> bool:
        """Whether ``text`` can be of ``kind`` at all."""
        if kind == "xuid":
            return text.isascii() and text.isdigit() and len(text) >= 10
        if kind == "id":
            return len(text) >= 8 and not any(char in text for char in ".: ")
        return kind != "picture" or "//" in text

    def _is_device(self, text: str, name: str) -> bool:
        """A short device token is MPSD's id of a device; a long one is the sign-in's."""
        return kind_of(name) == "id" and len(text) < 100
