"""New ids from a seed: the same test gets the same handle ids on every run."""

from __future__ import annotations

from random import Random
from typing import Any


class Ids:
    """A source of lower-case GUIDs (version 4) that a seed decides."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - repeatable is what is wanted here, secrecy is not

    def __call__(self) -> str:
        """The next GUID."""
        text = f"{self._random.getrandbits(128):032x}"
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"

    def state(self) -> tuple[Any, ...]:
        """What :meth:`restore` puts back."""
        return self._random.getstate()

    def restore(self, state: tuple[Any, ...]) -> None:
        """Go on from an earlier state."""
        self._random.setstate(state)
