"""The party of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import handlesfake
from tests.rules.party import gather


@pytest.fixture
def party() -> Iterator[handlesfake.Double]:
    """A fake in which Host is active in lobby-1, and Guest and Far are users."""
    with handlesfake.fake() as double:
        yield gather(double)
