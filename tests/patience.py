"""How long a test waits for what is to come: only a hang takes so long, on however busy a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Came = TypeVar("Came")

PATIENCE = 120
"""Seconds. A test that passes never waits for them: it goes on with the event that it waits for."""


def outwaited(attempt: Callable[[float], tuple[Came, float]]) -> Came:
    """What a client with a real timeout comes to at a server that says something and then falls silent.

    The timeout has to begin with the silence. On a busy machine a short one may be over before the server has
    answered. Such an attempt shows nothing, and is made again with a longer one.

    :param attempt: given the timeout in seconds, what the client came to, and the seconds of silence before that.
    """
    for seconds in (0.05, 0.5, 5.0, 50.0):
        came, silence = attempt(seconds)
        if silence >= seconds:
            return came
    raise AssertionError("the server has taken a minute to fall silent")
