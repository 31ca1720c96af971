"""Written: what a recording has changed in its cassette, for reports, which read no cassettes."""

from __future__ import annotations

from handlesfake.values.values import frozen


@frozen
class Written:
    """What a recording has changed."""

    is_changed: bool = True
    """Whether the file is another one than before the run."""

    ids: int = 0
    """How many ids are those of the recording before."""

    times: int = 0
    """How many times are those of the recording before."""

    number: int = 0
    """The how manieth it was of those of one run, which is asked of the last; 0 outside of one."""
