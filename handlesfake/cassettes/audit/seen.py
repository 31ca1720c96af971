"""Seen: what the scrubber would write something else for, with the line on which it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from handlesfake.cassettes.audit.lines import Lines
from handlesfake.cassettes.audit.placeholders import is_no_secret, is_nobody
from handlesfake.cassettes.cassette import REMOVED
from handlesfake.cassettes.people.pseudonyms import SHORTEST_CHECKED, Pseudonyms, is_made_up_gamertag, is_pseudonym
from handlesfake.cassettes.scrubbing.findings import Findings
from handlesfake.cassettes.scrubbing.learned_values import SHORTEST, Learned
from handlesfake.cassettes.scrubbing.replacements import WITHHELD, StandIns

_TELLING = (
    "xuid",
    "id",
    "bank account",
    "card number",
    "mail address",
    "picture",
    "secure device address",
    "IP address",
    "MAC address",
    "user name",
    "security identifier",
)
"""Kinds whose pseudonyms look like nothing else."""

_OF_THE_FAKE = re.compile(r"FakeTag( \d+)?")
LOOKS = "looks like a secret"
AGAIN = "what is found elsewhere in the file, encoded"


class _Noted(Learned):
    """Reports texts that contain something that was learned before."""

    def __init__(self, again: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = again

    def replaced(self, text: str) -> str:
        """See :meth:`Learned.replaced`."""
        found = super().replaced(text)
        if found != text:
            self._tell(text)
        return found


class Seen(StandIns):
    """Notes what a file contains and should not.

    :param text: the file's.
    """

    def __init__(self, text: str) -> None:
        super().__init__(_Noted(self.again), Pseudonyms(b""), Findings())
        self.lines = Lines(text)
        self._start = self._behind = 0
        self._end = len(text)
        self._found: set[tuple[int, str]] = set()
        self._values: dict[str, set[str]] = {}
        self._again: set[tuple[int, int]] = set()

    def looks_at(self, start: int, end: int) -> None:
        """The next texts are between these characters."""
        self._start, self._end, self._behind = start, end, start

    def leaks(self) -> set[tuple[int, str]]:
        """Line and kind, also of a repetition of what was found."""
        found = self._found | {
            (line, kind) for value, line in self.lines.elsewhere(self._values) for kind in self._values[value]
        }
        lines = {line for line, _ in found}
        spans = ((self.lines.at(start), self.lines.at(end)) for start, end in self._again)
        return found | {(first, AGAIN) for first, last in spans if lines.isdisjoint(range(first, last + 1))}

    def again(self, text: str) -> None:
        """``text``, as it reads, has something in it that was learned before."""
        if any(len(value) >= SHORTEST and value in text for value in self._values):
            self._again.add((self._start, self._end))

    def add(self, kind: str, value: str) -> None:
        """``value`` should not be there."""
        value = self.wrapping or value
        at = self.lines.of(value, self._start, self._end, self._behind)
        if at >= 0:
            self._behind = at
        self._found.add((self.lines.at(self._start if at < 0 else at), kind))
        self._values.setdefault(value, set()).add(kind)

    def person(self, kind: str, value: str) -> str:
        """See :meth:`StandIns.person`."""
        # a value that was learned under one name can be under others, too
        plain = unquote(unquote(value))  # the recorder writes it with the escapes that it was sent with
        is_made_up = is_made_up_gamertag(plain) or any(is_pseudonym(one, plain) for one in (kind, *_TELLING))
        if is_nobody(kind, value) or value.partition("#")[0] in (REMOVED, WITHHELD):
            return value
        if not (is_made_up or _cannot_be_told(kind, value) or self.learned.stands_in(value)):
            self.add(kind, value)
        return super().person(kind, value)

    def removed(self, kind: str, value: str, written: str = "") -> str:
        """See :meth:`StandIns.removed`."""
        if not is_no_secret(kind, value, written):
            self.add(kind, written or value)
            if _is_unlike_others(value):  # it may stand elsewhere without its name
                self._values.setdefault(value, set()).add(kind)
        return REMOVED

    def unread(self, place: str, why: str) -> str:  # noqa: ARG002 - the file's lines say where
        """See :meth:`StandIns.unread`."""
        self.add(why, "")
        return WITHHELD

    def withheld(self, place: str, why: str, value: str) -> str:  # noqa: ARG002 - the file's lines say where
        """See :meth:`StandIns.withheld`."""
        if value != WITHHELD:
            self.add(LOOKS if value else why, value)
        return WITHHELD


def _is_unlike_others(value: str) -> bool:
    """Whether ``value`` has letters and other characters, so that no innocent place has it, too."""
    return len(value) >= SHORTEST and " " not in value and not (value.isalpha() or value.isdigit())


def _cannot_be_told(kind: str, value: str) -> bool:
    """Whether ``value`` may be made up: a short number that is an id, or the fake's word for everybody."""
    if kind == "xuid" and value.startswith("0"):  # the service counts from 1; it is the suffix of a gamertag
        return True
    return (kind == "id" and value.isdigit() and len(value) < SHORTEST_CHECKED) or (
        kind == "gamertag" and bool(_OF_THE_FAKE.fullmatch(value))
    )
