"""Renaming: which made-up value of a new recording matches which recorded one, one to one and everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.pairing.made_up import GUID_OR_DIGITS, is_distinctive, is_id
from handlesfake.mpsd.http.message import Headers
from handlesfake.values.values import replace


class Renaming:
    """Values are kept by their spelling; ids without regard to case, which addresses and GUIDs do not have.

    :param known: new value to recorded one, of before.
    :param fixed: values that keep their names: the xuids of roles.
    """

    def __init__(self, known: Mapping[str, str], fixed: Iterable[str] = ()) -> None:
        self.recorded = dict(known)
        """New value to recorded one."""

        self._fixed = frozenset(fixed)
        self._new = {recorded: new for new, recorded in self.recorded.items()}

    def bind(self, new: str, recorded: str) -> None:
        """From now on ``new`` is renamed to ``recorded``, where both are distinctive and still free."""
        if not (is_distinctive(new) and is_distinctive(recorded)) or is_id(new) != is_id(recorded):
            return
        new, recorded = _key(new), _key(recorded)
        if new in self.recorded or recorded in self._new or {new, recorded} & self._fixed:
            return
        self.recorded[new], self._new[recorded] = recorded, new

    def close(self, texts: Iterable[str]) -> None:
        """Rename what in ``texts`` has no recorded value and looks like one that is taken: there must not be two.

        A service that counts gives an id to another thing than it did before.
        """
        for found in {_key(one) for text in texts for one in self._pattern.findall(text)}:
            if found in self.recorded or found not in self._new:
                continue
            free = found
            while free in self._new:
                free = self._new[free]
            self.recorded[found] = free
        self._new = {recorded: new for new, recorded in self.recorded.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = {one for pair in self.recorded.items() for one in pair if not is_id(one)}
        longest = "|".join(map(re.escape, sorted(words, key=lambda one: (-len(one), one))))
        return re.compile(
            GUID_OR_DIGITS + (rf"|(?<![0-9A-Za-z_.:+-])(?:{longest})(?![0-9A-Za-z_:+-])" if longest else "")
        )

    def of(self, text: str) -> str:
        """``text`` with each value as it is recorded."""
        return self._pattern.sub(self._told, text) if self.recorded else text

    def _told(self, found: re.Match[str]) -> str:
        text = found[0]
        recorded = self.recorded.get(_key(text))
        if recorded is None:
            return text
        # an id is known in small letters, and written as it was
        return recorded.upper() if is_id(text) and text != text.lower() else recorded

    def less(self) -> Renaming:
        """The way back."""
        return Renaming({recorded: new for new, recorded in self.recorded.items()})


def _key(value: str) -> str:
    return value.lower() if is_id(value) else value


def rewritten(one: Interaction, say: Callable[[str], str]) -> Interaction:
    """``one`` with ``say`` applied to addresses, headers and bodies; a body that is not text stays."""
    sent, came = one.request, one.response
    request = replace(sent, target=say(sent.target), headers=_headers(sent.headers, say), body=_body(sent.body, say))
    response = replace(came, headers=_headers(came.headers, say), body=_body(came.body, say))
    return replace(one, request=request, response=response)


def _headers(headers: Headers, say: Callable[[str], str]) -> Headers:
    return Headers((name, say(value)) for name, value in headers)


def _body(body: bytes, say: Callable[[str], str]) -> bytes:
    try:
        return say(body.decode()).encode()
    except UnicodeDecodeError:
        return body
