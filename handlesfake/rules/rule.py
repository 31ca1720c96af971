"""Rule: when a request is of a certain kind, then this becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from handlesfake.difference import MISSING
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.identity import Caller
from handlesfake.mpsd.message import Request
from handlesfake.mpsd.settings import Settings
from handlesfake.outcome import Call, Outcome, Proceed
from handlesfake.rules.wanted import Wanted, among, meets

Path: TypeAlias = tuple[str, ...]
"""A field of the body: ``("inviteAttributes", "titleId")``."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What rules know of the double beside the request."""

    caller: Callable[[Request], Caller | None]
    """Who sends a request; None when that is not known."""

    names: Callable[[str], Iterable[str]]
    """What a xuid is called: itself, and its role if it has one."""

    settings: Settings
    new_id: NewId


class Question:
    """One call as rules ask about it; each answer is worked out at most once."""

    def __init__(self, call: Call, scene: Scene) -> None:
        self.call = call
        self.scene = scene

    @cached_property
    def caller(self) -> Caller | None:
        """Who sends the request."""
        return self.scene.caller(self.call.request)

    @cached_property
    def callers(self) -> tuple[str, ...]:
        """The roles and xuids of those whom the request speaks for."""
        return (
            ()
            if self.caller is None
            else tuple(name for user in self.caller.users for name in (user.xuid, user.role))
        )

    @cached_property
    def invitees(self) -> tuple[str, ...]:
        """The xuid of who is invited, and the role."""
        xuid = self.value(("invitedXuid",))
        return tuple(self.scene.names(xuid)) if isinstance(xuid, str) else ()

    @cached_property
    def sessions(self) -> tuple[str, ...]:
        """The name of the session that the request is about, in lower case (contract 16.2)."""
        name = self.value(("sessionRef", "name"))
        if not isinstance(name, str):
            name = self.call.route.parameters.get("name", "")
        return (name.lower(),) if name else ()

    @property
    def types(self) -> tuple[str, ...]:
        """The ``type`` of a request about handles."""
        return (self.call.type,) if self.call.type else ()

    @property
    def methods(self) -> tuple[str, ...]:
        """The method."""
        return (self.call.request.method,)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The path less its query, in lower case: most of it compares without case (contract 1.3)."""
        return (self.call.request.path.lower(),)

    @property
    def queries(self) -> tuple[str, ...]:
        """What stands behind the ``?``."""
        query = self.call.request.query
        return (query,) if query else ()

    def header(self, name: str) -> list[str]:
        """The values of the lines called ``name``."""
        return self.call.request.headers.every(name)

    def value(self, path: Path) -> Any:
        """The field at ``path`` of the body, or the variable part of the address of that name; else ``MISSING``."""
        found: Any = self.call.document
        for part in path:
            if not isinstance(found, dict) or part not in found:
                return self.call.route.parameters.get(path[0], MISSING) if len(path) == 1 else MISSING
            found = found[part]
        return as_mpsd_reads(part, found)


def as_mpsd_reads(field: str, value: Any) -> Any:
    """``value`` as MPSD reads it in ``field``: a title id is the same as number and as text (U11)."""
    if field == "titleId" and type(value) is int:
        return str(value)
    return value


@dataclass(frozen=True, slots=True)
class When:
    """What a request must be like. What is not said may be anything."""

    operations: tuple[str, ...] = ()
    """One of these; none for any."""

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
    """What stands behind the ``?``, as sent."""

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
            (self.type is None or self.type == question.call.type or among(self.type, question.types))
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
"""What becomes of a request: given the question, the further stages, and what the answer is to say of who decided."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a request is of a certain kind, then this becomes of it."""

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
