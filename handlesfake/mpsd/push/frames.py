"""Frames: what is said over the push channel, as JSON arrays (contract 11 and 19.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.values.values import frozen

SUBSCRIBE, UNSUBSCRIBE, EVENT, RESYNC = 1, 2, 3, 4
OK, UNKNOWN_RESOURCE, NO_DATA = 0, 1, 3
SUB_PROTOCOL = "rta.xboxlive.com.V2"


@frozen
class Said:
    """What a client said: subscribe to ``subject``, an address, or unsubscribe from ``subject``, a subscription."""

    kind: int
    sequence: Any
    subject: Any


def read_frame(text: str) -> Said | None:
    """What ``text`` says; None when it is not a frame that the service accepts."""
    try:
        frame = json.loads(text)
        if not isinstance(frame, list) or len(frame) < 3 or frame[0] not in (SUBSCRIBE, UNSUBSCRIBE):
            return None
        json.dumps(frame[1], allow_nan=False)  # the answer says it again: NaN, and 1e999, are Python's alone
    except (ValueError, RecursionError):
        return None
    return Said(frame[0], frame[1], frame[2])


def write_frame(*frame: Any) -> str:
    """A frame as text."""
    return json.dumps(frame, separators=(",", ":"))


def coalesced(taps: Iterable[Tap]) -> list[Tap]:
    """Of taps for one connection, the newest of each subscription and session, in the order of their first.

    So a client may hear of change 2 and then of change 4 (captured).
    """
    newest: dict[tuple[str, str, str], Tap] = {}
    for tap in taps:
        newest[tap.subscription.lower(), tap.resource, tap.branch] = tap
    return list(newest.values())


def tapped(subscription: int, ncid: str, taps: Iterable[Tap]) -> str:
    """The frame that taps a client's shoulder.

    :param ncid: a new GUID for each frame, and never the ConnectionId (captured).
    """
    return write_frame(EVENT, subscription, {"ncid": ncid, "shoulderTaps": [tap.wire for tap in taps]})
