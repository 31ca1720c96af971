"""What a rule can do to a request: refuse it, respond to it, or lose the answer to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handlesfake.mpsd.message import Response
from handlesfake.outcome import Answer, Ending, Fault, Forward, Outcome, Proceed
from handlesfake.rules.refusing import refused
from handlesfake.rules.rule import Question


@dataclass(frozen=True, slots=True)
class Refuse:
    """The service says no, by name; it does not act."""

    name: str
    retry_after: int | None = None
    """Seconds that ``Retry-After`` says; None for the usual ones of that refusal."""

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:  # noqa: ARG002 - nobody else acts
        """Answer with the refusal."""
        return refused(self.name, self.retry_after, question, title)


@dataclass(frozen=True, slots=True)
class Respond:
    """A response that the test wrote; the service does not act."""

    response: Response

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:  # noqa: ARG002 - nobody else acts
        """Answer with the response."""
        return Answer(self.response, title, caller=question.caller)


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """The service acts, and the caller never hears: the connection ends as ``how`` says."""

    how: Ending

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let the service act, and lose its answer."""
        return after(proceed(question.call), lambda answer: Fault(self.how, title, answer))


def after(outcome: Outcome, change: Callable[[Answer], Outcome]) -> Outcome:
    """``outcome`` with its answer changed: at once, or, where the request is made for real, once that has come back.

    A fault and a request that nothing answers stay as they are.
    """
    if isinstance(outcome, Answer):
        return change(outcome)
    if isinstance(outcome, Forward):
        return Forward(lambda response: after(outcome.then(response), change))
    return outcome
