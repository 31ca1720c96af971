"""Which tests share a cassette, as far as the markers of a session say."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from handlesfake.cassettes.sharing import Collected
from handlesfake.plugin.configuration import SEEN
from handlesfake.plugin.marker_arguments import cassette_path, marked


def named_by(items: Iterable[pytest.Item], folder: Path) -> dict[pytest.Item, Path]:
    """The cassettes that the markers of ``items`` name.

    :param folder: that of the cassettes.
    """
    said = {item: marked(item).get("cassette") for item in items}
    return {item: cassette_path(item, folder, name) for item, name in said.items() if name is not None}


def collected(session: pytest.Session, folder: Path) -> Collected:
    """What ``session`` has collected, also the tests that were deselected: they still share cassettes."""
    stash = session.config.stash.get(SEEN, [])
    seen = [item for _, items in stash for item in items if _has_a_double(item)]
    named: dict[str, list[str]] = {}
    for item, path in named_by(dict.fromkeys((*seen, *session.items)), folder).items():
        named.setdefault(os.path.realpath(path), []).append(item.nodeid)
    return Collected(
        session.config.rootpath,
        {path: tuple(tests) for path, tests in named.items()},
        frozenset(item.nodeid for item in seen),
        frozenset(item.nodeid for item in session.items),
        frozenset(name for name, _ in stash),
    )


def _has_a_double(item: pytest.Item) -> bool:
    return "mpsd" in getattr(item, "fixturenames", ()) or item.get_closest_marker("mpsd") is not None
