"""Hooks: what schemathesis is told beside the settings: how long a call may wait, so that a run ends."""

from __future__ import annotations

from typing import Any

import schemathesis

_WAITING = ("within", "seconds", "at_most", "wait")
_LONGEST = 0.01


@schemathesis.hook
def map_body(_context: Any, body: Any) -> Any:
    """A claim without other settings waits a moment, and not five minutes."""
    return _shorter(body)


@schemathesis.hook
def map_query(_context: Any, query: Any) -> Any:
    """The same of a query."""
    return _shorter(query)


def _shorter(words: Any) -> Any:
    if not isinstance(words, dict):
        return words
    return {word: _moment(value) if word in _WAITING else value for word, value in words.items()}


def _moment(value: Any) -> Any:
    is_long = isinstance(value, (int, float)) and not isinstance(value, bool) and value > _LONGEST
    return _LONGEST if is_long else value


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """No address has an empty part: a user without a role has none."""
    case.path_parameters = {name: part or "nobody" for name, part in (case.path_parameters or {}).items()}
