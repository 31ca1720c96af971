"""How many examples a property is tried with: few every day, since they are the same ones, and many in ``tox -e long``."""

from __future__ import annotations

import os

from hypothesis import settings

TIMES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 1


def examples(count: int) -> settings:
    """``count`` examples every day, twenty times as many in the long run, without a limit of time for each."""
    return settings(max_examples=count * TIMES, deadline=None)
