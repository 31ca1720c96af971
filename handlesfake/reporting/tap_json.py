"""A tap as JSON: the same for reports and the control interface."""

from __future__ import annotations

from typing import Any

from handlesfake.mpsd.shoulder_taps import Tap
from handlesfake.mpsd.ticks import wire_time


def tap_as_json(tap: Tap) -> dict[str, Any]:
    """The user that it was pushed to, over which connection, about which session, and what had changed there."""
    return {
        "xuid": tap.xuid,
        "connection": tap.connection,
        "sessionRef": tap.session_ref.wire,
        "changeNumber": tap.change_number,
        "at": wire_time(tap.at),
        "changes": sorted(tap.changes),
    }
