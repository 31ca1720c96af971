"""Clock: the service's time."""

from __future__ import annotations

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import SWITCH, TEXT, Words, record_schema


def _clock(ask: ControlRequest) -> Response:
    clock = ask.mpsd.clock
    return fine({"now": clock.now.isoformat(), "frozen": clock.frozen})


def _set_clock(ask: ControlRequest) -> Response:
    words, clock = ask.words(_WORDS), ask.mpsd.clock
    if not words or {"advance", "set"} <= set(words):
        raise SettingsError(
            'the body must be {"advance": "2h"}, {"set": "2026-01-06T10:00:00Z"} or {"freeze": true}; '
            "freeze goes with each of the others"
        )
    if words.get("freeze", False):
        clock.freeze()
    if "advance" in words:
        clock.advance(words["advance"])
    elif "set" in words:
        clock.set(words["set"])
    if not words.get("freeze", True):
        clock.thaw()
    return _clock(ask)


_WORDS: Words = {
    "advance": {"type": ["string", "number"], "pattern": r"^[0-9]+(\.[0-9]+)?(ms|[smhd])$", "minimum": 0},
    "set": {"type": "string", "format": "date-time"},
    "freeze": SWITCH,
}
_UNSAID = {"type": "null"}
_ONE_MOVE = {
    "anyOf": [
        {"required": ["advance"], "properties": {"advance": {"type": ["string", "number"]}, "set": _UNSAID}},
        {"required": ["set"], "properties": {"set": TEXT, "advance": _UNSAID}},
        {"required": ["freeze"], "properties": {"freeze": SWITCH, "advance": _UNSAID, "set": _UNSAID}},
    ]
}
_NOW = record_schema(now=TEXT, frozen=SWITCH)


CALLS = (
    ControlCall("GET", "/clock", "The service's time, and whether it stands still.", _clock, answer=_NOW),
    ControlCall(
        "POST",
        "/clock",
        "Move the service's time on, set it, let it stand still or go on by itself.",
        _set_clock,
        body=_WORDS,
        together=_ONE_MOVE,
        answer=_NOW,
    ),
)
