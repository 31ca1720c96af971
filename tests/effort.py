"""What a call costs, counted instead of timed: the same on every machine, however busy it is.

Times are in ``benchmarks/``. A count finds what a time finds here: work that grows with what is stored. A loop in
Python is counted line by line, and a loop in C by the Python that it calls.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(call: Callable[[], object]) -> int:
    """How many lines of Python are run by ``call``, and functions of C called."""
    for _ in range(2):  # what is made once and kept is made now: a constructor is compiled for the second instance
        call()
    count = 0

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def function(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(line)
    sys.setprofile(function)
    try:
        call()
    finally:
        sys.setprofile(before[1])
        sys.settrace(before[0])
    return count
