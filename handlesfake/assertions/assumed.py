"""What the fake took for granted, and which of that a test allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlesfake.errors import SettingsError
from handlesfake.mpsd.assumption import Assumption
from handlesfake.reporting.timeline import counted
from handlesfake.suggestions import nearest

QUESTIONS = ("caller", "session", "member", "template")
"""What the fake may take for granted."""


def nothing_but(except_: Iterable[str], assumptions: Sequence[Assumption]) -> str | None:
    """The text of the failure where the fake took more for granted than ``except_`` names; None where it did not.

    :raises SettingsError: ``except_`` names something that is never assumed.
    """
    __tracebackhide__ = True
    allowed = {except_} if isinstance(except_, str) else set(except_)
    for word in sorted(allowed.difference(QUESTIONS)):
        hint = nearest(word, QUESTIONS)
        raise SettingsError(f"except_: {word!r} is never assumed{hint}\n  known: {', '.join(QUESTIONS)}")
    found = [one for one in assumptions if one.question not in allowed]
    if not found:
        return None
    lines = [f"the fake took {counted(len(found), 'thing')} for granted:"]
    for one in found:
        lines += [f"  {one.text}. To say it:", f"      {one.instead}"]
    return "\n".join(lines)
