"""Cassettes with the line ends of Windows, as git may check them out."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.cassettes.format.loading import load_cassette

KEPT = Path(__file__).parents[1] / "cassettes" / "format" / "kept" / "format-1"


@pytest.mark.parametrize("name", ["all.yaml", "texts.json"])
def test_a_cassette_with_the_line_ends_of_windows_is_the_same(name: str, tmp_path: Path) -> None:
    """Every byte of every exchange."""
    path = tmp_path / name
    path.write_bytes((KEPT / name).read_bytes().replace(b"\n", b"\r\n"))

    assert load_cassette(KEPT / name).interactions == load_cassette(path).interactions
