"""Vocabulary: what texts call the calls of handlesfake, in the words of the language that asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Final, Protocol

from handlesfake.callsite.still_running import in_loop

UNSAID: Final = object()
"""No value: a text is about a word as such."""


class Vocabulary(Protocol):
    """What a text needs to name a call and its words, and to say what to write instead.

    It goes with what the text is about: ``Traffic.words`` for claims, ``Population.words`` for what a test arranges.
    """

    mark: str
    """How to take a mark of the journal."""

    only_since: str
    """How to ask for no more than what came after one."""

    forget: str
    """How to start the journal again."""

    journal: str
    """Where the whole journal is."""

    lists: Mapping[str, str]
    """Where the lists of what was sent are: ``invites``, ``activities``, ``refused``, ``assumptions``."""

    session: str
    """The word for a session, after "expected"."""

    instead_of_address: str
    """What to write instead of an address that is not the address of a session."""

    arranged: str
    """How a test arranges an activity."""

    steps: str
    """An order of two steps, as a test claims it."""

    limit: str
    """What bounds the journal."""

    def call(self, name: str, word: str = "", value: object = UNSAID) -> str:
        """What begins a text about ``name``, the call in Python, or about one ``word`` of it and its ``value``."""
        ...

    def one_by_one(self, name: str, what: str) -> str:
        """What to say where a list of ``what`` was given as if it were one of them."""
        ...

    def waiting(
        self, name: str, args: Sequence[Any], words: Mapping[str, Any], within: float, written: Callable[[Any], str]
    ) -> str:
        """The claim ``name`` as one that waits.

        :param args: what the claim is about; none where any will do.
        :param written: a value as a test in Python writes it.
        """
        ...

    def user(self, role: object) -> str:
        """The call that makes the user of ``role``."""
        ...

    def either(self, in_python: str, over_control: str) -> str:
        """That of two texts which is in these words, where a sentence as a whole is another one."""
        ...


class PythonWords:
    """The words of a test in Python."""

    mark = "mark = mpsd.journal.mark()"
    only_since = "mark = mpsd.journal.mark(), then since=mark"
    forget = "mpsd.journal.forget()"
    journal = "mpsd.journal"
    lists: Mapping[str, str] = MappingProxyType(
        {name: f"mpsd.{name}" for name in ("invites", "activities", "refused", "assumptions")}
    )
    session = "a session of mpsd.session(), a session reference of texts or a name"
    instead_of_address = "its name, the session of mpsd.session(), or its reference: session=lobby"
    arranged = "mpsd.activity(...)"
    steps = 'mpsd.assert_in_order("put_session", ("create_handle", {"type": "activity"}))'
    limit = "journal_limit"

    def call(self, name: str, word: str = "", value: object = UNSAID) -> str:
        """``mpsd.assert_sent()``, ``mpsd.assert_sent(by=)``, ``mpsd.assert_sent(times=-1)``."""
        said = "" if value is UNSAID else f"{value!r:.80}"
        return f"mpsd.{name}({word and f'{word}={said}'})"

    def one_by_one(self, name: str, what: str) -> str:
        """A sentence that shows the call with the star."""
        star = {"users": "*xuids), with the star.", "steps": "*steps)."}[what]
        return f"mpsd.{name}() takes {what} one by one: write mpsd.{name}({star}"

    def waiting(
        self, name: str, args: Sequence[Any], words: Mapping[str, Any], within: float, written: Callable[[Any], str]
    ) -> str:
        """``await mpsd.soon.assert_invited("3210", within=1.0)`` in a loop, ``mpsd.assert_invited(...)`` outside."""
        prefix = "await mpsd.soon" if in_loop() else "mpsd"
        given = [written(arg) for arg in args] + [f"{word}={written(value)}" for word, value in words.items()]
        return f"{prefix}.{name}({', '.join([*given, f'within={within}'])})"

    def user(self, role: object) -> str:
        """``mpsd.user('host')``."""
        return f"mpsd.user({role!r})"

    def either(self, in_python: str, over_control: str) -> str:  # noqa: ARG002 - as the protocol has it
        """The first."""
        return in_python


PYTHON: Final[Vocabulary] = PythonWords()
"""What is spoken where nothing else is said."""

_spoken: ContextVar[Vocabulary] = ContextVar("handlesfake_vocabulary", default=PYTHON)


def spoken() -> Vocabulary:
    """The words for the reader of the text that is made now: Python's, unless this thread or task chose others."""
    return _spoken.get()


@contextmanager
def speaking(words: Vocabulary) -> Iterator[None]:
    """Inside, texts are made in ``words``."""
    token = _spoken.set(words)
    try:
        yield
    finally:
        _spoken.reset(token)
