"""Rule: when a request is of a certain kind, then this becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from handlesfake.difference import MISSING, differences
from handlesfake.mpsd.context import NewId
from handlesfake.mpsd.identity import Caller
from handlesfake.mpsd.message import Request
from handlesfake.mpsd.settings import Settings
from handlesfake.outcome import Call, Outcome, Proceed

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
    def session(self) -> str:
        """The name of the session that the request is about, in lower case (contract 16.2); else empty."""
        name = self.value(("sessionRef", "name"))
        if not isinstance(name, str):
            name = self.call.route.parameters.get("name", "")
        return name.lower()

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

    operation: str | None = None
    type: str | None = None
    """The ``type`` in the body of a request about handles: ``invite``."""

    caller: str | None = None
    """A role or a xuid."""

    session: str | None = None
    """The name of a session, in lower case."""

    invitee: str | None = None
    """A role or a xuid: who is invited."""

    fields: tuple[tuple[Path, Any], ...] = ()
    """Fields of the body, in wire spelling, and what they must equal."""

    nth: tuple[int, int | None] | None = None
    """The first and the last time, counted from 1, of the times that all the rest is so; None for no end."""

    def fits(self, question: Question) -> bool:
        """Whether the request is like this; ``nth`` and ``operation`` are not looked at."""
        return (
            (self.type is None or self.type == question.call.type)
            and all(same(wanted, question.value(path)) for path, wanted in self.fields)
            and (self.session is None or self.session == question.session)
            and (self.invitee is None or self.invitee in question.invitees)
            and (self.caller is None or self.caller in question.callers)
        )


def same(wanted: Any, sent: Any) -> bool:
    """Whether two values of a field are the same JSON."""
    if isinstance(wanted, str) or isinstance(sent, str):  # by far the most frequent, and a text equals nothing else
        return bool(wanted == sent)
    return not differences(wanted, sent)


Action: TypeAlias = Callable[[Question, Proceed, str], Outcome]
"""What becomes of a request: given the question, the further stages, and what the answer is to say of who decided."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``times`` is how often it acts at most; None for always."""

    when: When
    then: Action
    title: str
    """How journal and messages call it: ``rule 'busy'``, ``refuse('throttled', times=2)``."""

    times: int | None = None
    name: str = ""
    place: str = ""
    """Where it stands: ``rules/busy.yaml, line 3``, or the line of the test that made it."""

    from_file: bool = False
