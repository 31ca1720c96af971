"""The tables of the docs say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import FILES, PAGES, ROOT, generated, long_description


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_up_to_date(page: Path) -> None:
    """A name, setting, refusal or choice that comes or goes is in the docs, or is not."""
    is_fresh = generated(page) == page.read_text(encoding="utf-8")

    assert is_fresh, f"{page.relative_to(ROOT)} is stale. Write it anew:  python -m docs.generate"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_generated_file_is_up_to_date(path: Path) -> None:
    """The schema of rules for editors, and what a package index shows."""
    is_fresh = FILES[path]() == path.read_text(encoding="utf-8")

    assert is_fresh, f"{path.relative_to(ROOT)} is stale. Write it anew:  python -m docs.generate"


def test_a_package_index_shows_no_dead_link() -> None:
    """Relative links would lead nowhere there, and comments would be seen."""
    text = long_description()

    assert [] == re.findall(r"\]\((?!https?://)[^)]*\)|<!--", text)
    assert "[in-memory\nconnection](https://" in text


def test_the_pages_with_tables_are_known() -> None:
    """Rooms, names, choices and evidence are generated."""
    assert {"ARCHITECTURE.md", "choices.md", "evidence.md", "reference.md"} <= {page.name for page in PAGES}
