"""The tables of the docs say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.generate import PAGES, generated


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_generated_page_is_up_to_date(page: Path) -> None:
    """A name, setting, refusal or choice that comes or goes stands in the docs, or does not."""
    is_fresh = generated(page) == page.read_text(encoding="utf-8")

    assert is_fresh, f"docs/{page.name} is stale. Write it anew:  python -m docs.generate"


def test_the_pages_with_tables_are_known() -> None:
    """Names, choices and evidence are generated."""
    assert {"choices.md", "evidence.md", "names.md"} <= {page.name for page in PAGES}
