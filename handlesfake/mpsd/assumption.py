"""Assumption: what the test left unsaid and the fake took for granted."""

from __future__ import annotations

import json
from typing import Any

from handlesfake.values.values import frozen


@frozen
class Assumption:
    """Something that the test left unsaid and the fake took for granted."""

    question: str
    """What was assumed: ``caller``, ``title``, ``session``, ``member`` or ``template``."""

    text: str
    """One sentence for people."""

    instead: str = ""
    """The line of a test in Python that would say it instead of leaving it open."""

    by_control: str = ""
    """What a test in another language would say over the control interface."""


def state_call(**said: Any) -> str:
    """The call of the control interface that adds a state: ``POST /state {"users": [{"role": "host"}]}``."""
    return f"POST /state {json.dumps(said, ensure_ascii=False)}"
