"""The words that claims share, checked: what a claim can never be asked for is an error, and no claim that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from handlesfake.errors import SettingsError
from handlesfake.exchange.request_fields import known_operation, on_the_wire
from handlesfake.mpsd.operations import route
from handlesfake.traffic.frozen_json import Frozen
from handlesfake.traffic.traffic import Traffic
from handlesfake.vocabulary import Vocabulary
from handlesfake.world.seeded_session import SeededSession


def check_words(where: str, traffic: Traffic, words: Mapping[str, Any]) -> None:
    """Check those that are among ``words``: ``times``, ``accepted``, ``only``, ``since``, ``within``, and the times.

    :param where: the claim, ``assert_sent``, for messages.
    :raises TypeError: a value is of another type.
    :raises SettingsError: a value can never be.
    """
    for word, check in _CHECKS.items():
        if words.get(word) is not None or (word in words and word in _NEEDED):
            problem = check(words[word], traffic)
            if problem is not None:
                kind, sentence = problem
                raise kind(f"{traffic.words.call(where, word, words[word])}: {sentence}")


def wanted_session(session: object, where: str, traffic: Traffic) -> dict[str, str]:
    """What is wanted of a session reference, by wire names: all of a session, else what is given.

    :param session: a session of the test, a reference or a part of one, a name, or the address of a session.
    :raises TypeError: it is something else.
    :raises SettingsError: the mapping has a name that no reference has, or the address is not one of a session.
    """
    if session is None:
        return {}
    if isinstance(session, SeededSession):
        return session.ref
    if isinstance(session, str) and session:
        return (
            _of_address(session, where, traffic.words)
            if session.startswith("/") or "://" in session
            else {"name": session}
        )
    if isinstance(session, Mapping) and session:
        given = session.wire if isinstance(session, Frozen) else session
        ref: dict[str, str] = on_the_wire("create_handle", {"sessionRef": given})["sessionRef"]
        if all(isinstance(part, str) and part for part in ref.values()):
            return ref
    got = "a mapping of others" if isinstance(session, Mapping) else type(session).__name__
    got = "nothing in it" if session in ("", {}) else got
    raise TypeError(f"{traffic.words.call(where, 'session', session)}: expected {traffic.words.session}, got {got}.")


def _of_address(address: str, where: str, words: Vocabulary) -> dict[str, str]:
    parameters = route("GET", urlsplit(address).path).parameters
    if "template_name" in parameters and "name" in parameters:
        return {name: parameters[part] for name, part in _PARTS.items()}
    raise SettingsError(
        f"{words.call(where, 'session', address)}: this is not the address of a session.\n"
        f"  write {words.instead_of_address}"
    )


_PARTS = {"scid": "scid", "templateName": "template_name", "name": "name"}


def check_steps(steps: Sequence[Any], words: Vocabulary) -> list[tuple[str, Mapping[str, Any]]]:
    """The steps of an order, each an operation and its fields.

    :raises TypeError: a step is nothing of the kind, or there are not two; the message shows the form.
    :raises SettingsError: an operation is unknown; the nearest and all are named.
    """
    if len(steps) == 1 and isinstance(steps[0], (list, set, frozenset)):
        raise TypeError(words.one_by_one("assert_in_order", "steps"))
    found = [(step, {}) if isinstance(step, str) else step for step in steps]
    for step in found:
        if not (isinstance(step, tuple) and list(map(_kind, step)) == [str, Mapping]):
            raise TypeError(
                f"{words.call('assert_in_order')}: {step!r:.60} is not a step; a step is an operation, or a pair of "
                f"operation and fields:\n  {words.steps}"
            )
    for operation, _ in found:
        known_operation(operation)
    if len(found) < 2:
        told = f"one step, {steps[0]!r:.60}, has no order" if found else "no step is named"
        raise TypeError(
            f"{words.call('assert_in_order')}: {told}; name two at least, or claim {words.call('assert_sent')}:\n"
            f"  {words.steps}"
        )
    return found


def _kind(value: object) -> type:
    return next((kind for kind in (str, Mapping) if isinstance(value, kind)), object)


# ---- each word; what is wrong as the error to raise and its sentence

_Problem = tuple[type[Exception], str] | None


def _times(value: Any, _: Traffic) -> _Problem:
    sentence = "write how often, a whole number from 0 on; without it, at least once."
    if not _is_whole(value):
        return TypeError, sentence
    return (SettingsError, sentence) if value < 0 else None


def _accepted(value: Any, _: Traffic) -> _Problem:
    sentence = "write True for what MPSD accepted, False for what it did not; without it, every attempt counts."
    return None if isinstance(value, bool) else (TypeError, sentence)


def _only(value: Any, _: Traffic) -> _Problem:
    return None if isinstance(value, bool) else (TypeError, "write True or False.")


def _since(value: Any, traffic: Traffic) -> _Problem:
    if not _is_whole(value):
        return TypeError, f"write a mark of the journal, a whole number: {traffic.words.mark}."
    total = traffic.journal.total
    if 0 <= value <= total:
        return None
    return SettingsError, (
        f"the journal has no such mark: {total} requests were sent so far. Take one: {traffic.words.mark}."
    )


def _within(value: Any, _: Traffic) -> _Problem:
    sentence = "write real seconds, a number from 0 on."
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return TypeError, sentence
    return None if value >= 0 and isfinite(value) else (SettingsError, sentence)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS = {
    "times": _times, "accepted": _accepted, "only": _only, "since": _since, "within": _within,
    "seconds": _within, "at_most": _within,
}  # fmt: skip
_NEEDED = ("seconds", "at_most")
"""Words without a default: None means that they were left out."""
