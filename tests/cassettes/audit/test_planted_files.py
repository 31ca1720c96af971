"""Files of every tool: each planted secret is found, on its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.cassettes.audit.scanning import scan
from tests.cassettes.audit.planted_files import FILES, VALUES, Planted, lines_of


@pytest.mark.parametrize("name", FILES)
def test_each_line_with_a_planted_value_is_found(name: str, tmp_path: Path) -> None:
    """Whatever the layout: walked where it is understood, looked through where it is not; nothing else is told."""
    path, text = tmp_path / name, FILES[name](Planted())
    path.write_text(text, encoding="utf-8")

    assert set().union(*(lines_of(value, text) for value in VALUES.values())) == {leak.line for leak in scan(path)}


@pytest.mark.thorough
@pytest.mark.parametrize("name", FILES)
def test_each_planted_value_is_found_on_its_line(name: str, tmp_path: Path) -> None:
    """Each alone, so that no value is found instead of another."""
    path = tmp_path / name
    missed, wrong = [], []
    for place, value in VALUES.items():
        text = FILES[name](Planted(place))
        path.write_text(text, encoding="utf-8")
        found, lines = {leak.line for leak in scan(path)}, lines_of(value, text)
        missed += [place] if lines - found else []
        wrong += [place] if found - lines else []

    assert ([], []) == (missed, wrong)
