"""Face: what a test may say, over the core of a double."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlesfake.double.core import DoubleCore


class Face:
    """Base of the faces of a double: each has the words for one purpose, and no state but the core.

    ``Double`` is all of them over one core. What a word does lies in the core and its parts.
    """

    _core: DoubleCore

    def __init__(self, core: DoubleCore) -> None:
        self._core = core
