"""One text after the other, as it may be written: by its name, by what is known in it, then by chance."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from handlesfake.cassettes.scrubbing.field_names import is_digest, meaning, meaning_of_header, normalized_name
from handlesfake.cassettes.scrubbing.header_names import HARMLESS, OPAQUE
from handlesfake.cassettes.scrubbing.known_values import KnownTexts
from handlesfake.cassettes.scrubbing.path_parts import PathParts
from handlesfake.cassettes.scrubbing.randomness import SHORTEST_CHANCE, chance
from handlesfake.cassettes.scrubbing.replacements import StandIns

_NUMBER = re.compile(r"\d{12,20}")
_WORD = re.compile(r"[\w+-]{24,}={0,2}")
_EXEMPT = frozenset(
    {"pfn", "scid", "sessionname", "titleid", "templatename", "etag", "useragent", "contenttype", "accept"}
)
"""Names, in plain spelling, whose values are the contract's own and no secret, however they look."""

_PLAIN = re.compile(r"\s*(?:[a-z]{1,20}|[a-z]{1,20}=[a-z]{1,20})?\s*")
"""An option in a header, or a word for a missing one."""

_FILE = re.compile(r"(?i)(\bfilename\*?=(?:UTF-8'\w*')?\"?)([^\";]+)")
_NAMED_FILE = re.compile(r"([A-Za-z]{2,20}[-_ ])(.{6,}?)(\.\w{1,5})?")
_SHOWN, _SHORT = 80, 11


class ScrubbedText:
    """The texts of one message.

    :param allowed: places in lower case whose values look secret but are not; None for all.
    """

    def __init__(self, stand_ins: StandIns, allowed: frozenset[str] | None) -> None:
        self.stand_ins = stand_ins
        self.known = KnownTexts(stand_ins)
        self._parts = PathParts(stand_ins, self.known)
        self._allowed = allowed

    def header(self, name: str, value: str) -> str:
        """The value of the header ``name``."""
        lower = name.lower()
        if lower in HARMLESS:
            return self.stand_ins.learned.replaced(value)
        if lower in OPAQUE:
            return self.known(value)
        means = meaning_of_header(name)
        if means.is_any:
            written = self.known.meant(means, name, value)
            if written is not None:
                return written
        if lower == "x-xbl-onbehalfof-users":
            return ",".join(map(self._acting, value.split(",")))
        if lower == "content-disposition":
            value = _FILE.sub(self._file, value)
        text = self.known(value, name=name)
        if "xuid" in lower:
            text = self._less_numbers(text)
        if lower == "user-agent":  # products and versions as a whole look like chance
            return _WORD.sub(lambda word: self.judged(word[0], f"header.{name}", ""), text)
        return self.judged(text, f"header.{name}", name)

    def _less_numbers(self, text: str) -> str:
        return _NUMBER.sub(lambda number: self.stand_ins.person("xuid", number[0]), text)

    def _acting(self, user: str) -> str:
        """``<xuid>[;priv=multiplayer]`` (contract 1.2): what is neither stands where tokens stand elsewhere."""
        first, *options = user.split(";")
        who = self._less_numbers(self.known(first))
        is_somebody = not _NUMBER.sub("", who).strip() or self.stand_ins.learned.stands_in(who.strip())
        left = [who if is_somebody or _PLAIN.fullmatch(who) else self._removed(who)]
        left += [one if _PLAIN.fullmatch(one) else self._removed(one) for one in options]
        return ";".join(left)

    def _removed(self, text: str) -> str:
        return self.stand_ins.removed("X-Xbl-OnBehalfOf-Users", text)

    def _file(self, found: re.Match[str]) -> str:
        """The name of a file: the part between a word and the ending is looked at by itself."""
        is_encoded = "*" in found[1]
        named = _NAMED_FILE.fullmatch(unquote(found[2]) if is_encoded else found[2])
        if named is None:
            return found[0]
        known = self.known(named[2])
        if known == named[2]:
            return found[0]
        written = f"{named[1]}{known}{named[3] or ''}"
        return found[1] + (quote(written, safe="") if is_encoded else written)

    def value(self, text: str, place: str, name: str, parent: str = "", *, form: bool = False) -> str:
        """The text called ``name`` at ``place``, below ``parent``; ``form``: of a query or a form."""
        if not text:
            return text
        means = meaning(name, parent, form)
        named = self.known.meant(means, name, text) if means.is_any else None
        if named is not None:
            return named
        scrubbed = self.at(place, text, name)
        if means.is_free_text:
            self.stand_ins.found.texts.setdefault(name, scrubbed[:_SHOWN])
        return scrubbed

    def at(self, place: str, text: str, name: str = "") -> str:
        """A text whose name says nothing."""
        if len(text) < _SHORT and text.isalpha():  # a word
            return self.stand_ins.learned.word(text)
        known = self.known(text, 0, name)
        return known if len(known) < SHORTEST_CHANCE else self.judged(known, place, name)

    def part(self, text: str, before: str) -> str:
        """A part of a path, behind the part ``before``: what the contract has names for is a client's to choose."""
        named = self._parts.less_named(text, before)
        if named is not None:
            return named
        known = self.known(text)
        return known if self._parts.is_named_by_client(known, before) else self.judged(known, "path", "")

    def unreadable(self, body: bytes, why: str) -> bytes:
        """A body that is not text; an allowed one is kept, without what is recognised in it."""
        if self._allowed is None or "body" in self._allowed:
            return self.known(body.decode("latin-1")).encode("latin-1", "replace")
        return self.packed(why)

    def packed(self, why: str) -> bytes:
        """A body that is packed in a way that is not read here: no setting writes it, since it may hold anything."""
        return self.stand_ins.unread("body", why).encode()

    def judged(self, text: str, place: str, name: str) -> str:
        """``text`` as it is, or withheld where it looks like chance."""
        if len(text) < SHORTEST_CHANCE or self._allowed is None or normalized_name(name) in _EXEMPT:
            return text
        if place.lower() in self._allowed or is_digest(name, text) or not chance(text):
            return text
        return self.stand_ins.withheld(place, f"{len(text)} characters that look like chance", text)
