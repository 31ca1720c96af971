"""Parts of paths: what the part before calls, ``name(value)``, a token behind a word, names that clients choose."""

from __future__ import annotations

import re

from handlesfake.cassettes.people.pseudonyms import KINDS, is_pseudonym
from handlesfake.cassettes.scrubbing.field_names import Meaning, is_counted, is_route, meaning
from handlesfake.cassettes.scrubbing.known_values import KnownTexts
from handlesfake.cassettes.scrubbing.patterns import GUID, is_typed
from handlesfake.cassettes.scrubbing.randomness import looks_opaque
from handlesfake.cassettes.scrubbing.replacements import StandIns

_NAMES_FOLLOW = frozenset({"serviceconfigs", "sessiontemplates", "sessions", "members", "servers"})
"""What the contract has names behind that are a client's to choose."""

_CHOSEN = re.compile(r"[\w.~:!$@ -]{1,100}")
"""A name that a client would choose, or draw; none has the signs of base64 that addresses have no room for."""

_CALLED = re.compile(r"([A-Za-z][\w.-]{0,60})\((['\"]?)(.+)\2\)")
_GLUED = re.compile(r"(?!v|ver|version|rev|release|build)([a-z]{2,8})(?=[^a-z_.-])(.{6,})", re.S)
_WORD = re.compile(r"[a-z]+(?:[-_.][a-z]+)?|[A-Za-z]{1,24}|v\d+(?:\.\d+)*|\d{1,3}|\.|\.\.|\*|\{.*\}|:\w+")
"""A word of an address: ``reset``, ``by-mail``, ``v2.0``."""

_BOT, _SHORTEST_TOKEN = "bot", 8
_SIGN = re.compile(r"[^\w.-]")


class PathParts:
    """The parts of the paths of one message."""

    def __init__(self, stand_ins: StandIns, known: KnownTexts) -> None:
        self._stand_ins = stand_ins
        self._known = known

    def is_named_by_client(self, text: str, before: str) -> bool:
        """Whether ``text`` is a name that a client has chosen, behind the part ``before``: chance says nothing."""
        return before.lower() in _NAMES_FOLLOW and _CHOSEN.fullmatch(text) is not None

    def less_named(self, text: str, before: str) -> str | None:
        """The replacement of the part ``text`` because of a name; None where no name says something about it."""
        means = meaning(before)
        if means.is_any and (written := self._called(text, before, means)) is not None:
            return written
        called = _CALLED.fullmatch(text)
        if called is not None:
            name, mark, value = called.groups()
            means = meaning(name, "", form=True)
            written = self._called(value, name, means) if means.is_any else None
            return None if written is None else f"{name}({mark}{written}{mark})"
        return self._glued(text)

    def _called(self, text: str, name: str, means: Meaning) -> str | None:
        """The replacement of ``text``, which may be a word of an address as well as a value called ``name``."""
        if looks_opaque(text) and (means.is_secret or means.is_secret_where_opaque):
            return self._stand_ins.removed(name, text)
        if not text or _WORD.fullmatch(text):
            return None
        if means.is_secret:
            # /tickets/<GUID> is one of many, and none of them opens anything
            is_one = is_counted(name) or (GUID.fullmatch(text) is not None and name.lower().endswith("ticket"))
            return None if is_one else self._known.meant(means, name, text)
        if is_route(name) and not is_typed(means.kind, text):
            return None
        return self._known.meant(means, name, text)

    def _glued(self, text: str) -> str | None:
        """A value behind a word without a mark between: ``/bot<token>/`` of Telegram, ``/user2533274790395904``."""
        glued = _GLUED.fullmatch(text)
        if glued is None:
            return None
        word, value = glued.groups()
        if word == _BOT and _may_be_token(value):
            written = self._stand_ins.learned.replaced(value)
            return word + (self._stand_ins.removed("bot", value) if written == value else written)
        written = self._known(value)
        return None if written == value else word + written


def _may_be_token(value: str) -> bool:
    """Whether ``value`` after ``/bot`` is a token: not the number of a bot, and not made up."""
    if len(value) < _SHORTEST_TOKEN or value.isdigit() or any(is_pseudonym(kind, value) for kind in KINDS):
        return False
    return value[0].isdigit() or _SIGN.search(value) is not None
