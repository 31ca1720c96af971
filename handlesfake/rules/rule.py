"""Rule: what happens to the requests that match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from handlesfake.exchange.outcome import Outcome, Proceed
from handlesfake.rules.matchers import Wanted, among, meets
from handlesfake.rules.question import Path, Question
from handlesfake.services.table import service_of
from handlesfake.values.values import frozen


@frozen
class When:
    """What a request must be like. What is not said may be anything."""

    operations: tuple[str, ...] = ()
    """One of these; none for any."""

    services: tuple[str, ...] = ()
    """Of one of these services, by name; none for any. They are those that have the refusal of the rule."""

    type: Wanted | None = None
    """The ``type`` in the body of a request about handles: ``invite``."""

    caller: Wanted | None = None
    """A role or a xuid."""

    session: Wanted | None = None
    """The name of a session, in lower case."""

    invitee: Wanted | None = None
    """A role or a xuid: who is invited."""

    method: Wanted | None = None
    path: Wanted | None = None
    """Without the query, in lower case."""

    query: Wanted | None = None
    """What follows the ``?``, as sent."""

    headers: tuple[tuple[str, Wanted], ...] = ()
    fields: tuple[tuple[Path, Any], ...] = ()
    """Fields of the body, in wire spelling, and what they must equal, or what is asked of them."""

    states: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Scenarios, and the states of which each must be in one; looked at by the stage."""

    nth: tuple[int, int | None] | None = None
    """The first and the last time, counted from 1, of the times that all the rest is so; None for no end."""

    def fits(self, question: Question) -> bool:
        """Whether the request is like this; ``nth``, ``operations`` and ``states`` are not looked at."""
        return (
            (not self.services or service_of(question.call.request).name in self.services)
            and (self.type is None or self.type == question.call.type or among(self.type, question.types))
            and all(meets(wanted, question.value(path)) for path, wanted in self.fields)
            and (self.session is None or among(self.session, question.sessions))
            and (self.invitee is None or among(self.invitee, question.invitees))
            and (self.caller is None or among(self.caller, question.callers))
            and self._fits_head(question)
        )

    def _fits_head(self, question: Question) -> bool:
        return (
            (self.method is None or among(self.method, question.methods))
            and (self.path is None or among(self.path, question.paths))
            and (self.query is None or among(self.query, question.queries))
            and all(among(wanted, question.header(name)) for name, wanted in self.headers)
        )


Action: TypeAlias = Callable[[Question, Proceed, str], Outcome]
"""What happens to a request, from the question, the further stages, and what the answer says about who decided."""


@frozen
class Rule:
    """What happens to the requests that match."""

    when: When
    then: Action
    title: str
    """How journal and messages call it: ``rule 'busy'``, ``refuse('throttled', times=2)``."""

    times: int | None = None
    """How often it acts at most; None for always."""

    probability: float | None = None
    """How likely it is to act on a request that fits; None for always."""

    seed: int = 0
    """Of what is drawn for ``probability``: the same on every run."""

    becomes: tuple[tuple[str, str], ...] = ()
    """Scenarios, and the state that each is in once the rule has acted."""

    name: str = ""
    place: str = ""
    """Where it stands: ``rules/busy.yaml, line 3``, or the line of the test that made it."""

    from_file: bool = False

    @property
    def fails_to_connect(self) -> bool:
        """Whether the client is to fail as it connects."""
        return bool(getattr(self.then, "fails_to_connect", False))
