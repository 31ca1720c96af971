"""A suite of a user of the plugin, to run in separate sessions."""

from __future__ import annotations

import pytest

from tests.plugin.sessions import Suite


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite in a separate folder."""
    return Suite(pytester, monkeypatch)
