"""Stand-ins: what is written instead of a secret or a person, and the note about it."""

from __future__ import annotations

from typing import Protocol

from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.people.pseudonyms import is_pseudonym, is_real_xuid
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.scrubbing.learned_values import Learned

WITHHELD = "withheld"
"""The replacement of what looks like an unknown secret."""


class Disguise(Protocol):
    """What makes pseudonyms."""

    def of(self, kind: str, value: str) -> str:
        """The replacement of ``value``."""


def pseudonym_of(kind: str, value: str, disguise: Disguise) -> str:
    """The replacement of ``value``, or what it would be if ``value`` were a person."""
    return StandIns(Learned(), disguise, Findings()).person(kind, value)


class StandIns:
    """Those of one message.

    :param disguise: None where there is no key: what is personal stays.
    """

    def __init__(self, learned: Learned, disguise: Disguise | None, found: Findings) -> None:
        self.learned = learned
        self.found = found
        self.wrapping = ""
        """What is written in the file, while that is looked at which is encoded in it."""
        self._disguise = disguise

    @property
    def is_blind(self) -> bool:
        """Whether everybody stays who they are."""
        return self._disguise is None

    def person(self, kind: str, value: str) -> str:
        """The pseudonym for ``value``, which is learned from now on; a pseudonym stays what it is."""
        known = self.learned.of(value)
        if known is not None:
            return known
        if is_real_xuid(value):  # a user id may be one
            kind = "xuid"
        if self._disguise is None or is_pseudonym("xuid", value) or is_pseudonym("id", value):
            return value
        if kind not in ("xuid", "id") and is_pseudonym(kind, value):
            return value
        if value in (REMOVED, WITHHELD) or self.learned.stands_in(value):
            return value
        pseudonym = self._made(self._disguise, kind, value)
        if kind == "xuid":  # which SDKs log as a hexadecimal number
            self.learned.name(value, pseudonym)
        else:
            self.learned.learn(value, pseudonym)
        self.found.replace(kind, pseudonym)
        return pseudonym

    def _made(self, disguise: Disguise, kind: str, value: str) -> str:
        name, mark, suffix = value.partition("#")
        if kind == "gamertag" and name and suffix.isdigit():
            return self.person(kind, name) + mark + self.person(kind, suffix)
        pseudonym = disguise.of(kind, value)
        if kind == "id" and value.lower() != value.upper():  # the service writes some of them in its own case
            self.learned.learn(value.lower(), pseudonym.lower())
            self.learned.learn(value.upper(), pseudonym.upper())
        return pseudonym

    def removed(self, kind: str, value: str, written: str = "") -> str:  # noqa: ARG002 - for who wants to find it
        """The replacement of the secret ``value``, which is counted.

        :param written: ``value`` with what is written around it, where that is at hand.
        """
        if value != REMOVED:
            self.found.removed[kind] += 1
        return REMOVED

    def unread(self, place: str, why: str) -> str:
        """The replacement of what is at ``place`` and cannot be read; no setting allows such a text."""
        self.found.unread[place] = why
        return WITHHELD

    def withheld(self, place: str, why: str, value: str) -> str:  # noqa: ARG002 - for who wants to know where it stood
        """The replacement of ``value`` at ``place``, which could not be judged."""
        self.found.withheld[place] = why
        return WITHHELD
