"""Clock: the service's time."""

from __future__ import annotations

from handlesfake.errors import SettingsError
from handlesfake.mpsd.message import Response
from handlesfake.server.control.ask import Ask, fine
from handlesfake.server.control.calls import TEXT, Call


def _clock(ask: Ask) -> Response:
    return fine({"now": ask.mpsd.clock.now.isoformat()})


def _set_clock(ask: Ask) -> Response:
    words, clock = ask.words("advance", "set"), ask.mpsd.clock
    if len(words) != 1:
        raise SettingsError('the body must be one of {"advance": "2h"} and {"set": "2026-01-06T10:00:00Z"}')
    if "advance" in words:
        clock.advance(words["advance"])
    else:
        clock.set(words["set"])
    return _clock(ask)


CALLS = (
    Call("GET", "/clock", "The service's time.", _clock),
    Call("POST", "/clock", "Move the service's time on, or set it.", _set_clock, body={"advance": TEXT, "set": TEXT}),
)
