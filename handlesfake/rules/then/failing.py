"""What a rule can let the network do to a request: fail, deliver it twice, or let its answer drip in."""

from __future__ import annotations

from handlesfake.exchange.faults import DUPLICATE, FAULTS, SLOW_DRIP
from handlesfake.exchange.outcome import Duplicate, Fault, Outcome, Proceed
from handlesfake.rules.question import Question
from handlesfake.rules.rule import Action
from handlesfake.rules.then.actions import Slow, after, with_note
from handlesfake.values.values import frozen

AT = ("before", "after")
"""Before the service has acted, so that it never does, or after it has."""

LONGEST = 31_536_000.0
"""Seconds of the longest delay, a year: one beyond the calendar would break the clock for all that follows."""

DRIPS_FOR = 10.0
"""Default: seconds that an answer drips in."""


def fault_action(name: str, at: str | None = None, seconds: float | None = None) -> Action:
    """What one of :data:`handlesfake.exchange.faults.NAMES` is.

    :param at: one of :data:`AT`; None for what that fault usually is.
    :param seconds: how late it comes, or how long the answer takes.
    :raises ValueError: it can never come then.
    """
    if name in (SLOW_DRIP, DUPLICATE) and at == "before":
        raise ValueError(f"{name} can never come before the service has acted: nothing fails, and the service acts")
    if name == SLOW_DRIP:
        return Slow(DRIPS_FOR if seconds is None else seconds, drips=True)
    action = DeliverTwice() if name == DUPLICATE else Fail(name, at)
    return action if seconds is None else Slow(seconds, action)


@frozen
class Fail:
    """The network fails, in one of the ways of :data:`handlesfake.exchange.faults.FAULTS`.

    :param name: which.
    :param at: one of :data:`AT`; None for what that way usually is.
    """

    name: str
    at: str | None = None

    def __post_init__(self) -> None:
        """Refuse what can never be.

        :raises ValueError: the service cannot have acted, or must have.
        """
        acting = FAULTS[self.name].service_acts
        if self.at == "after" and acting == "never":
            raise ValueError(f"{self.name} can never come after the service has acted: there was no connection")
        if self.at == "before" and acting == "always":
            raise ValueError(f"{self.name} can never come before the service has acted: it needs its answer")

    @property
    def fails_to_connect(self) -> bool:
        """Whether the client is to fail as it connects."""
        return FAULTS[self.name].ending.is_unconnected

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Fail, before or after the service has acted."""
        kind = FAULTS[self.name]
        if self.at != "after" and kind.service_acts != "always":
            sent = kind.wreck(b"", b"") if kind.wreck else b""
            return Fault(kind.ending, title, sent=sent, name=self.name)
        return after(
            proceed(question.call),
            lambda answer: Fault(kind.ending, title, answer, name=self.name, wreck=kind.wreck, delay=answer.delay),
        )


@frozen
class DeliverTwice:
    """The request reaches the service twice; the caller hears the second answer."""

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let the service act, and act again."""
        first, second = f"delivered twice by {title}", f"the second delivery by {title}"
        return Duplicate(with_note(proceed(question.call), first), lambda call: with_note(proceed(call), second))
