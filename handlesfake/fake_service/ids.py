"""New ids from a seed: the same test gets the same handle ids on every run."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

_VERSION_4 = 0x00000000_0000_4000_8000_000000000000
_RANDOM = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF
"""What is fixed in a GUID of version 4, and what is left to chance (RFC 9562)."""


class Ids:
    """A source of lower-case GUIDs (version 4) that a seed decides."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    @cached_property
    def _random(self) -> Random:
        from random import Random  # once an id is wanted

        return Random(self._seed)  # noqa: S311 - repeatable is what is wanted here, secrecy is not

    def __call__(self) -> str:
        """The next GUID."""
        text = (self._random.getrandbits(128) & _RANDOM | _VERSION_4).to_bytes(16, "big").hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def state(self) -> tuple[Any, ...]:
        """What :meth:`restore` puts back."""
        return self._random.getstate()

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go on from an earlier state."""
        self._random.setstate(state)
