"""Claims: Python's assertions for every language; a failure is 409 with its text, in this interface's words."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from handlesfake.assertions.api import Claims
from handlesfake.assertions.assumed import QUESTIONS, nothing_but, questions_of
from handlesfake.assertions.failure import ClaimCall
from handlesfake.assertions.nesting import heeding_nearer
from handlesfake.assertions.soon import Soon
from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import LONGEST_WAIT, ControlRequest, fine, plain_response
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import (
    COUNT,
    FROM_ZERO,
    OBJECT,
    ONE_OR_MORE,
    OPERATION,
    SWITCH,
    TEXT,
    TITLE,
    WORD,
    record_schema,
    several,
)
from handlesfake.server.control.words import CONTROL, POSITIONAL
from handlesfake.server.worlds.misses import misses_of
from handlesfake.services.table import SERVICES

_NEEDED = ("user", "operation")
_LISTS = ("not_invited", "in_order")
"""The claims that need their list."""

_QUESTION = {"enum": list(QUESTIONS)}
_EXCEPT = {"except": {"type": ["array", "string"], "anyOf": [_QUESTION, several(_QUESTION)]}}
_SETTLE = {"seconds": FROM_ZERO, "at_most": FROM_ZERO}
_HOLDS = record_schema(holds=SWITCH)
_SESSION = {
    "type": ["string", "object"],
    "minLength": 1,
    "minProperties": 1,
    "properties": {"scid": WORD, "templateName": WORD, "name": WORD},
}
_STEP = {
    "anyOf": [
        OPERATION,
        {"type": "array", "prefixItems": [OPERATION, OBJECT], "items": False, "minItems": 2},
    ]
}
_SCHEMAS = {
    "xuids": {**ONE_OR_MORE, "minItems": 1, "minLength": 1}, "user": WORD, "operation": OPERATION,
    "steps": {"type": "array", "items": _STEP, "minItems": 1},
    "session": _SESSION, "title_id": TITLE, "context": TEXT, "by": WORD, "only": SWITCH,
    "service": {"enum": list(SERVICES)},
    "times": COUNT, "since": COUNT, "within": FROM_ZERO, "accepted": SWITCH, "fields": OBJECT,
}  # fmt: skip

_ABOUT = {
    "invited": "Claim that each of these players, or any, was invited, and so many times.",
    "not_invited": "Claim that no request tried to invite any of these players.",
    "no_invites": "Claim that no request tried to invite a player.",
    "activity": "Claim that the activity of this user is shown now, in this session.",
    "no_activity": "Claim that no activity of this user is shown now.",
    "sent": "Claim that requests of this operation were sent that say these fields, and so many times.",
    "not_sent": "Claim that no such request was sent.",
    "in_order": "Claim that requests were sent in this order.",
}


def _words(claim: str) -> tuple[str, ...]:
    """The words that a claim takes: Python's keyword arguments."""
    parameters = inspect.signature(getattr(Claims, f"assert_{claim}")).parameters.values()
    named = [one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY]
    fields = ["fields"] if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters) else []
    return tuple(filter(None, (POSITIONAL[claim], *named, *fields)))


async def _claim(claim: str, ask: ControlRequest) -> Response:
    words = ask.words({word: _SCHEMAS[word] for word in _words(claim)})
    given = words.pop(POSITIONAL[claim], None) if POSITIONAL[claim] else None
    if given is None and POSITIONAL[claim] in _NEEDED:
        raise SettingsError(f"assert/{claim} needs {POSITIONAL[claim]!r}, and the body does not say it")
    if claim == "invited" and given == []:
        raise SettingsError("xuids: the list is empty; leave it out to claim that any player was invited")
    several = [] if given is None else given if isinstance(given, list) else [given]
    words |= words.pop("fields", None) or {}
    within = min(words.pop("within", 0), LONGEST_WAIT)
    asserting: Callable[..., Awaitable[None]] = getattr(_claims(ask), f"assert_{claim}")
    arguments = [_step(one) for one in several] if claim == "in_order" else several
    try:
        await asserting(*arguments, within=within, **words)
    except TypeError as error:
        raise SettingsError(str(error)) from None
    return fine({"holds": True})


def _step(step: Any) -> Any:
    """``"put_session"`` or ``["create_handle", {"type": "activity"}]``."""
    if isinstance(step, list) and len(step) == 2 and isinstance(step[1], Mapping):
        return step[0], step[1]
    if isinstance(step, str):
        return step
    raise SettingsError(
        f'steps: {step!r} is not a step; write "put_session" or ["create_handle", {{"type": "activity"}}]'
    )


def _claims(ask: ControlRequest) -> Soon:
    """The claims about the world of a call, in the words of this interface."""
    return Soon(ask.traffic)


def _no_assumptions(ask: ControlRequest) -> Response:
    allowed = questions_of(ask.words(_EXCEPT).get("except", ()), CONTROL)
    call = ClaimCall("assert_no_assumptions", (allowed,))
    text = heeding_nearer(lambda: nothing_but(allowed, ask.traffic.assumptions()), call, ask.traffic)()
    if text is not None:
        raise AssertionError(text)
    return fine({"holds": True})


def _all_answered(ask: ControlRequest) -> Response:
    ask.words({})
    misses = Counter(misses_of(ask.worlds, ask.world))
    if misses:
        told = [text + (f"\n  ({count} times)" if count > 1 else "") for text, count in misses.items()]
        raise AssertionError("\n".join(told))
    return fine({"holds": True})


def failed(error: AssertionError) -> Response:
    """What is answered where a claim does not hold."""
    return plain_response(409, str(error))


async def _settle(ask: ControlRequest) -> Response:
    words = ask.words(_SETTLE)
    at_most = min(words.get("at_most", 10), LONGEST_WAIT)
    await _claims(ask).settle(words.get("seconds", 0.2), at_most=at_most)
    return fine({"holds": True})


CALLS = (
    *(
        ControlCall(
            "POST",
            f"/assert/{claim}",
            f"{about} 409 with the text of the failure where it does not hold.",
            partial(_claim, claim),
            body={word: _SCHEMAS[word] for word in _words(claim)},
            needs=(POSITIONAL[claim],) if POSITIONAL[claim] in _NEEDED or claim in _LISTS else (),
            can_fail=True,
            answer=_HOLDS,
        )
        for claim, about in _ABOUT.items()
    ),
    ControlCall(
        "POST",
        "/assert/no_assumptions",
        "Claim that the fake assumed nothing, except for these questions.",
        _no_assumptions,
        body=_EXCEPT,
        can_fail=True,
        answer=_HOLDS,
    ),
    ControlCall(
        "POST",
        "/assert/all_answered",
        "Claim that the cassette held everything that was sent since the last reset.",
        _all_answered,
        body={},
        can_fail=True,
        answer=_HOLDS,
    ),
    ControlCall(
        "POST",
        "/settle",
        "Wait until no request has come for so many seconds.",
        _settle,
        body=_SETTLE,
        can_fail=True,
        answer=_HOLDS,
    ),
)
