"""Face: what a test may say, over the core of a double."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlesfake.double.core import DoubleCore


class Face:
    """Base of the faces of a double: each has the words for one purpose, and no state but the core.

    ``Double`` is all of them over one core. The core and its parts do the work of each method.
    """

    _core: DoubleCore

    def __init__(self, core: DoubleCore) -> None:
        self._core = core
