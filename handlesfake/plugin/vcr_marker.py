"""Tests of pytest-recording: what its marker ``vcr`` means here, under ``mpsd_vcr_marker = true``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handlesfake.options.cassette_names import short_enough

_MARKERS = (
    "vcr: the test replays from handlesfake what pytest-recording has recorded for it.",
    "default_cassette: the name of the test's cassette, as pytest-recording has it.",
    "block_network: nothing to do here; pytest-recording's.",
    "allowed_hosts: nothing to do here; pytest-recording's.",
)
_MOST_BYTES = 255
"""Of the name of a file, on every system."""

_FORBIDDEN = str.maketrans(dict.fromkeys("<>?%*:|\"'/\\", "-"))


class VcrMarker:
    """Gives each test with the marker ``vcr`` the cassette of its name in pytest-recording's folders."""

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
    name = str(said.args[0]) if said is not None and said.args else recorded_name(item)
    folder = item.path.parent / "cassettes" / item.path.stem
    name = name.removesuffix(".yaml")
    # a name that no file can have is that of none of theirs
    is_possible = len(os.fsencode(f"{name}.yaml")) <= _MOST_BYTES
    return folder / f"{name if is_possible else short_enough(name)}.yaml"


def recorded_name(item: pytest.Item) -> str:
    """What pytest-recording calls the cassette of ``item``, less its ending."""
    holder = getattr(item, "cls", None)
    return (f"{holder.__name__}.{item.name}" if holder is not None else item.name).translate(_FORBIDDEN)
