"""A system that replaces no open file, as Windows does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handlesfake.files import placing

IN_USE = PermissionError(13, "The process cannot access the file because it is being used by another process")


class Windows:
    """Replaces a file only once it was asked so often: another process has it open."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refusals: int) -> None:
        self.asked = self.slept = 0
        self._refusals = refusals
        self._replace = os.replace
        monkeypatch.setattr(placing, "IS_WINDOWS", True)
        monkeypatch.setattr(placing.os, "replace", self.replace)
        monkeypatch.setattr(placing.time, "monotonic", lambda: float(self.slept))
        monkeypatch.setattr(placing.time, "sleep", self.sleep)

    def replace(self, draft: Path, path: Path) -> None:
        """What ``os.replace`` does there."""
        self.asked += 1
        if self.asked <= self._refusals:
            raise IN_USE
        self._replace(draft, path)

    def sleep(self, _: float) -> None:
        """A second passes at once."""
        self.slept += 1
