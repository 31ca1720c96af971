"""ControlWords: the calls of the control interface, as texts name them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from handlesfake.vocabulary import UNSAID, Vocabulary

POSITIONAL: Mapping[str, str] = {
    "invited": "xuids", "not_invited": "xuids", "no_invites": "", "activity": "user", "no_activity": "user",
    "sent": "operation", "not_sent": "operation", "in_order": "steps",
}  # fmt: skip
"""Each claim, and the word for what Python gives it without one."""

_PATHS = {
    "user": "/users",
    "load": "/state",
    "settle": "/settle",
    "service": "/service",
    "hold": "/hold",
    "title": "/state",
}
"""Calls in Python, and the addresses of their twins; those of claims follow a rule."""

_IN_PYTHON = {"except_": "except"}


class ControlWords:
    """The words of a test that talks to the control interface: ``POST /assert/sent, times -1``."""

    mark = "since is the next of GET /journal"
    only_since = "since: the next of GET /journal"
    forget = "DELETE /journal"
    journal = "GET /journal"
    lists: Mapping[str, str] = MappingProxyType(
        {name: f"GET /{name}" for name in ("invites", "activities", "assumptions")}
    )
    session = "a session reference of texts or a name"
    instead_of_address = 'its name, or its reference: "session": {"name": "lobby-1"}'
    arranged = "POST /state"
    steps = 'POST /assert/in_order {"steps": ["put_session", ["create_handle", {"type": "activity"}]]}'
    limit = "--journal-limit"

    def call(self, name: str, word: str = "", value: object = UNSAID) -> str:
        """``POST /assert/sent``, ``POST /assert/sent, by``, ``POST /assert/sent, times -1``."""
        said = "" if value is UNSAID else f" {json.dumps(value, default=repr)[:80]}"
        return f"POST {_path(name)}" + (f", {_IN_PYTHON.get(word, word)}{said}" if word else "")

    def one_by_one(self, name: str, what: str) -> str:
        """A sentence about the word of the call that is a list."""
        return f"{self.call(name, _word(name))}: a list holds {what}, and no lists."

    def waiting(
        self, name: str, args: Sequence[Any], words: Mapping[str, Any], within: float, written: Callable[[Any], str]
    ) -> str:
        """``POST /assert/invited {"xuids": ["3210"], "within": 1.0}``."""
        del written  # all values here came as JSON
        word, given = _word(name), list(args)
        about = {word: given[0] if word in ("user", "operation") else given} if word and given else {}
        return f"POST {_path(name)} {json.dumps({**about, **words, 'within': within}, default=repr)}"

    def user(self, role: object) -> str:
        """``PUT /users/host``."""
        return f"PUT /users/{role}"

    def either(self, in_python: str, over_control: str) -> str:  # noqa: ARG002 - as the protocol has it
        """The second."""
        return over_control


def _path(name: str) -> str:
    return _PATHS.get(name) or f"/{name.replace('assert_', 'assert/')}"


def _word(name: str) -> str:
    return POSITIONAL.get(name.removeprefix("assert_"), "")


CONTROL: Final[Vocabulary] = ControlWords()
