"""A browser and a server, for the tests of the live page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.browser import Browser, browser
from tests.server.servers import Remote, controlled


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all tests: it takes a second to start."""
    with browser(tmp_path_factory.mktemp("profile")) as made:
        yield made


@pytest.fixture
def remote() -> Iterator[Remote]:
    """A server."""
    with controlled() as made:
        yield made
