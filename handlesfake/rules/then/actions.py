"""What a rule can do to a request: refuse it, respond to it, lose its answer, or take its time."""

from __future__ import annotations

from collections.abc import Callable

from handlesfake.exchange.outcome import Answer, ConnectionEnd, Duplicate, Fault, Forward, Outcome, Proceed
from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.provenance import Provenance, with_notes
from handlesfake.rules.question import Question
from handlesfake.rules.rule import Action
from handlesfake.rules.then.refusing import refusal_answer
from handlesfake.values.values import frozen, replace


@frozen
class Refuse:
    """The service says no, by name; it does not act."""

    name: str
    retry_after: int | None = None
    """Seconds that ``Retry-After`` says; None for the usual ones of that refusal."""

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:  # noqa: ARG002 - nobody else acts
        """Answer with the refusal."""
        return refusal_answer(self.name, self.retry_after, question, title)


@frozen
class Respond:
    """A response that the test wrote; the service does not act."""

    response: Response

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:  # noqa: ARG002 - nobody else acts
        """Answer with the response."""
        return Answer(self.response, title, Provenance(caller=question.caller))


@frozen
class LoseAnswer:
    """The service acts, and the caller never hears: the connection ends as ``how`` says."""

    how: ConnectionEnd

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let the service act, and lose its answer."""
        return after(proceed(question.call), lambda answer: Fault(self.how, title, answer))


@frozen
class Slow:
    """What ``action`` does, or the service, takes ``seconds`` from the arrival of the request."""

    seconds: float
    action: Action | None = None
    drips: bool = False

    @property
    def fails_to_connect(self) -> bool:
        """Whether the client is to fail as it connects."""
        return bool(getattr(self.action, "fails_to_connect", False))

    def __call__(self, question: Question, proceed: Proceed, title: str) -> Outcome:
        """Let it be done, and end later."""
        if self.action is None:
            late = with_note(proceed(question.call), f"{self.seconds:g} s late by {title}")
            return after(late, self._late, self._late_fault)
        return after(self.action(question, proceed, title), self._late, self._late_fault)

    def _late(self, answer: Answer) -> Outcome:
        return replace(answer, delay=answer.delay + self.seconds, drips=self.drips)

    def _late_fault(self, fault: Fault) -> Outcome:
        return replace(fault, delay=fault.delay + self.seconds)


def after(
    outcome: Outcome, change: Callable[[Answer], Outcome], fail: Callable[[Fault], Outcome] | None = None
) -> Outcome:
    """``outcome`` with its answer changed: at once, or, where the request is made for real, once that has come back.

    A request that nothing answers stays as it is, and so does a fault unless ``fail`` changes it.
    """
    if isinstance(outcome, Answer):
        return change(outcome)
    if isinstance(outcome, Fault):
        return outcome if fail is None else fail(outcome)
    if isinstance(outcome, Forward):
        return Forward(lambda response: after(outcome.then(response), change, fail))
    if isinstance(outcome, Duplicate):
        return Duplicate(outcome.first, lambda call: after(outcome.again(call), change, fail))
    return outcome


def with_note(outcome: Outcome, note: str) -> Outcome:
    """``outcome`` with a note on its answer: the service decided, and a rule had a part in it."""
    return after(outcome, lambda answer: replace(answer, provenance=with_notes(answer.provenance, note)))
