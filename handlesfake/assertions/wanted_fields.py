"""From the fields that a claim names to wire values, and which of them no request that MPSD accepts can have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.exchange.entry import Entry
from handlesfake.exchange.field_values import Path, is_xuid_field, value_problem
from handlesfake.exchange.request_fields import (
    HANDLE_OF_SESSION,
    is_open,
    known_fields,
    names_session,
    on_the_wire,
    snake,
)
from handlesfake.exchange.sent import sent_fields
from handlesfake.mpsd.state.identity import is_xuid
from handlesfake.suggestions import nearest
from handlesfake.traffic.frozen_json import Frozen
from handlesfake.traffic.traffic import Traffic
from handlesfake.users.resolving import not_a_player
from handlesfake.users.user import User
from handlesfake.values.values import frozen
from handlesfake.world.seeded_session import SeededSession


@frozen
class Doubt:
    """A value that is asked for and that no request can have, as far as is known: a slip, or a refused attempt."""

    problem: str
    path: Path = ()
    """The field, by wire names; empty where no request of that operation can be so."""

    value: Any = None
    error: type[Exception] = SettingsError

    def is_held(self, operation: str, entries: Iterable[Entry]) -> bool:
        """Whether a request had that value although it cannot be: then it is right to ask for it."""
        return bool(self.path) and any(
            entry.operation == operation and _at(self.path, sent_fields(entry)) == self.value for entry in entries
        )


def wire_fields(
    traffic: Traffic, operation: str, given: Mapping[str, Any], where: str
) -> tuple[dict[str, Any], tuple[Doubt, ...]]:
    """``given`` by wire names and as JSON, users and roles as xuids, and what is doubtful in it.

    :param where: the call, ``mpsd.assert_sent()``, for messages.
    :raises TypeError: a value is nothing that JSON could hold.
    :raises SettingsError: a request of ``operation`` has no such field; the nearest and all are named.
    """
    fields = on_the_wire(operation, {name: _plain(value, name, where) for name, value in given.items()})
    users = list(traffic.users().values())
    found = {name: _with_roles((name,), value, users) for name, value in fields.items()}
    return found, (*_unknown(operation, given), *_doubts((), found, users))


def session_doubt(operation: str) -> tuple[Doubt, ...]:
    """The doubt about ``session=`` where no request of ``operation`` names a session."""
    if names_session(operation):
        return ()
    instead = "; claim its handle: handle_id=" if operation in HANDLE_OF_SESSION else ""
    return (Doubt(f"session: a request of {operation} never names a session{instead}"),)


def _plain(value: Any, name: str, where: str) -> Any:
    """``value`` as JSON; a session of the test is its reference, or its name where a name is asked for."""
    if isinstance(value, User):
        return value.xuid
    if isinstance(value, SeededSession):
        return value.name if name == "name" else value.ref
    if isinstance(value, Frozen):
        return value.wire
    if isinstance(value, Mapping):
        return {key: _plain(one, str(key), where) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one, "", where) for one in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{where}: {name}={value!r:.60}: a request holds JSON, which {type(value).__name__} cannot be.")


def _with_roles(path: Path, value: Any, users: Sequence[User]) -> Any:
    if isinstance(value, dict):
        return {name: _with_roles((*path, str(name)), one, users) for name, one in value.items()}
    if not is_xuid_field(path):
        return value
    if isinstance(value, list):
        return [_with_roles(path, one, users) for one in value]
    roles = {user.role: user.xuid for user in users if user.role}
    return roles.get(value, value) if isinstance(value, str) and not is_xuid(value) else value


def _unknown(operation: str, given: Mapping[str, Any]) -> Iterator[Doubt]:
    """Names that an operation with an open body may have, and that are nearly those it is known to have."""
    known = known_fields(operation)
    for word in given if is_open(operation) else ():
        hint = nearest(snake(word), known)
        if snake(word) not in known and hint != ".":
            yield Doubt(f"a request of {operation} has no known field {word!r}{hint}", (word,), given[word])


def _doubts(before: Path, fields: Mapping[str, Any], users: Sequence[User]) -> Iterator[Doubt]:
    for name, value in fields.items():
        path = (*before, str(name))
        spelled = ".".join(map(snake, path))
        problem = value_problem(path, value, spelled)
        if problem is None and isinstance(value, dict):
            yield from _doubts(path, value, users)
        elif problem is not None and is_xuid_field(path) and isinstance(value, str):
            yield Doubt(f"{spelled}: {not_a_player(value, users)}", path, value)
        elif problem is not None:
            is_number = is_xuid_field(path) and isinstance(value, int)
            yield Doubt(problem, path, value, TypeError if is_number else SettingsError)


def _at(path: Path, fields: Mapping[str, Any]) -> Any:
    found: Any = fields
    for part in path:
        if not isinstance(found, Mapping) or part not in found:
            return Doubt  # nothing that JSON could be equal to
        found = found[part]
    return found
