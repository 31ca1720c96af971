"""What the fake took for granted, and which of that a test allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from handlesfake.errors import SettingsError
from handlesfake.mpsd.assumption import Assumption
from handlesfake.reporting.timeline import counted, said_instead
from handlesfake.suggestions import nearest
from handlesfake.vocabulary import PYTHON, Vocabulary

QUESTIONS = ("caller", "title", "session", "member", "template")
"""What the fake may take for granted."""


def questions_of(except_: object, words: Vocabulary = PYTHON) -> tuple[str, ...]:
    """What ``except_`` names, one question or several, each once.

    :raises TypeError: it is neither a text nor a list of texts.
    :raises SettingsError: it names something that is never assumed; the nearest and all are named.
    """
    __tracebackhide__ = True
    said = (except_,) if isinstance(except_, str) else except_
    asked = tuple(said) if isinstance(said, Iterable) and not isinstance(said, (bytes, Mapping)) else (said,)
    for word in asked:
        call = words.call("assert_no_assumptions", "except_", except_)
        if not isinstance(word, str):
            raise TypeError(f"{call}: write one question or a list of them, such as {QUESTIONS[0]!r}.")
        if word not in QUESTIONS:
            hint = nearest(word, QUESTIONS)
            raise SettingsError(f"{call}: {word!r} is never assumed{hint}\n  known: {', '.join(QUESTIONS)}")
    return tuple(dict.fromkeys(asked))


def nothing_but(allowed: Collection[str], assumptions: Sequence[Assumption]) -> str | None:
    """The text of the failure where the fake took more for granted than is ``allowed``; None where it did not."""
    found = [one for one in assumptions if one.question not in allowed]
    if not found:
        return None
    lines = [f"the fake took {counted(len(found), 'thing')} for granted:"]
    for one in found:
        lines += [f"  {one.text}. To say it:", f"      {said_instead(one)}"]
    return "\n".join(lines)
