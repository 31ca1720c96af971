"""The traceback of an error that handlesfake raised: it ends in the user's code, and not in ours."""

from __future__ import annotations

import os
from types import TracebackType

import pytest

from handlesfake.callsite.call_site import line_of

_OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")


def cut(caught: pytest.ExceptionInfo[BaseException]) -> None:
    """Leave out what lies below the last line of the user's, where the error is from handlesfake itself.

    Between the two lie only a client's own frames and ours: the message says all that they could.
    """
    frames = []
    raw: TracebackType | None = caught.tb
    while raw is not None:
        frames.append(raw)
        raw = raw.tb_next
    if not frames or not frames[-1].tb_frame.f_code.co_filename.startswith(_OURS):
        return
    while frames and not line_of(frames[-1].tb_frame, outwards=False):
        frames.pop()
    if frames:
        # pytest goes back to the linked list more than once: a shorter list of entries would not last
        frames[-1].tb_next = None
        caught.traceback = type(caught.traceback)(caught.tb)
