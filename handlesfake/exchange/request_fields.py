"""Fields: the names in the requests of each operation, in snake case for tests and as they are on the wire."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.exchange.field_values import HANDLE_TYPES
from handlesfake.mpsd.operations import UNROUTED
from handlesfake.services.table import operation_names, operations_called
from handlesfake.suggestions import nearest
from handlesfake.vocabulary import spoken

_SESSION_REF = ("scid", "templateName", "name")
_CLOSED: Mapping[str, tuple[str, ...]] = {
    "sessionRef": _SESSION_REF,
    "originSessionRef": _SESSION_REF,
    "inviteAttributes": ("titleId", "context", "contextString", "senderString"),
    "searchAttributes": ("tags", "numbers", "strings", "achievementIds", "locale"),
}
"""Objects whose names are all known; every other object may hold any name, as written."""


def snake(name: str) -> str:
    """``sessionRef`` as Python writes it: ``session_ref``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def known_operation(operation: str) -> str:
    """``operation``, checked.

    :raises SettingsError: MPSD has no such operation; the nearest and all are named.
    """
    if operations_called(operation):
        return operation
    if operation == UNROUTED:
        raise SettingsError(
            "an address that MPSD does not have is not an operation. Look for it in the journal:\n"
            + spoken().either(
                '  [entry for entry in mpsd.journal if entry.operation == "unrouted"]',
                '  GET /journal, the entries whose operation is "unrouted"',
            )
        )
    is_type = operation in HANDLE_TYPES
    instead = spoken().either(f'"create_handle", type="{operation}"', f"create_handle, and the type {operation}")
    hint = f": it is a type; write {instead}" if is_type else ""
    raise SettingsError(
        f"operation {operation!r} is not known{hint or nearest(str(operation), operation_names())}\n"
        f"  known: {', '.join(operation_names())}"
    )


def known_fields(operation: str) -> tuple[str, ...]:
    """The names that a request of ``operation`` can be asked for, in snake case: body and parts of the path."""
    return tuple(dict.fromkeys(map(snake, _names(operation))))


def is_open(operation: str) -> bool:
    """Whether a body of ``operation`` may hold more than is listed here."""
    return any(one.open_body for one in operations_called(operation))


HANDLE_OF_SESSION = ("get_session_by_handle", "put_session_by_handle", "get_handle", "delete_handle")
"""Operations that lead to a session by its handle, and never name it."""


def names_session(operation: str) -> bool:
    """Whether a request of ``operation`` says which session it is about, in its body or its address."""
    return bool({"session_ref", "name"}.intersection(known_fields(operation)))


def _names(operation: str) -> list[str]:
    """The fields of its body, and the variable parts of its address, as they are on the wire."""
    from string import Formatter  # when a message names the fields

    found = operations_called(operation)
    body = [name for one in found for name in one.body]
    return body + [name for one in found for _, name, _, _ in Formatter().parse(one.template) if name]


class UnknownField(SettingsError):
    """A request has no such field."""

    def __init__(self, what: str, word: str, known: Iterable[str]) -> None:
        known = list(known)
        super().__init__(f"{what} has no field {word!r}{nearest(word, known)}\n  known: {', '.join(known)}")
        self.word = word
        """As it was given."""


def on_the_wire(operation: str, given: Mapping[str, Any], shown_as: Callable[[str], str] = str) -> dict[str, Any]:
    """``given`` with its names as they are on the wire; both spellings are taken.

    :param shown_as: how the message spells a name in snake case.
    :raises UnknownField: a request of ``operation`` has no such field; the nearest and all are named.
    """
    return _spelled(given, _names(operation), f"a request of {operation}", None if is_open(operation) else shown_as)


def _spelled(
    given: Mapping[str, Any], known: Iterable[str], what: str, shown_as: Callable[[str], str] | None
) -> dict[str, Any]:
    by_snake = {snake(name): name for name in known}
    found = {}
    for word, value in given.items():
        name = by_snake.get(snake(word))
        if name is None and shown_as is not None:
            raise UnknownField(what, word, map(shown_as, by_snake))
        name = name or word
        inside = isinstance(value, Mapping) and name in _CLOSED
        found[name] = _spelled(value, _CLOSED[name], name, shown_as or str) if inside else value
    return found
