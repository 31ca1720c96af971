"""Tests of pytest-recording: what its marker ``vcr`` means here, under ``mpsd_vcr_marker = true``."""

from __future__ import annotations

from pathlib import Path

import pytest

_MARKERS = (
    "vcr: the test replays from handlesfake what pytest-recording has recorded for it.",
    "default_cassette: the name of the test's cassette, as pytest-recording has it.",
    "block_network: nothing to do here; pytest-recording's.",
    "allowed_hosts: nothing to do here; pytest-recording's.",
)
_FORBIDDEN = str.maketrans(dict.fromkeys("<>?%*:|\"'/\\", "-"))


class VcrMarker:
    """Gives each test that bears ``vcr`` the cassette of its name in pytest-recording's folders."""

    def __init__(self, config: pytest.Config) -> None:
        for line in _MARKERS:  # a session with --strict-markers knows them without pytest-recording
            config.addinivalue_line("markers", line)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """The marker ``mpsd``, where the test has one, says more and stays."""
        if item.get_closest_marker("vcr") is not None and item.get_closest_marker("mpsd") is None:
            item.add_marker(pytest.mark.mpsd(cassette=recorded_for(item)))


def recorded_for(item: pytest.Item) -> Path:
    """Where pytest-recording keeps what it records for ``item``: ``cassettes/<module>/<test>.yaml`` beside it."""
    said = item.get_closest_marker("default_cassette")
    if said is not None and said.args:
        name = str(said.args[0])
    else:
        holder = getattr(item, "cls", None)
        name = (f"{holder.__name__}.{item.name}" if holder is not None else item.name).translate(_FORBIDDEN)
    return item.path.parent / "cassettes" / item.path.stem / (name if name.endswith(".yaml") else f"{name}.yaml")
