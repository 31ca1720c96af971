"""A suite of a user of the plugin, to run in sessions of its own."""

from __future__ import annotations

import pytest

from tests.plugin.sessions import Suite


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite in a folder of its own."""
    return Suite(pytester, monkeypatch)
