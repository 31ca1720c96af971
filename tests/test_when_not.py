"""The comparison of `docs/when-not.md` is about the releases that were measured."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "when-not.md").read_text(encoding="utf-8")
MEASURED = dict(re.findall(r"\b([a-z-]+\d?) (\d+\.\d+\.\d+)", (ROOT / "benchmarks" / "speed.md").read_text("utf-8")))


@pytest.mark.parametrize(
    "tool", ["responses", "requests-mock", "respx", "pytest-httpx", "vcrpy", "cassetter", "pytest-httpserver"]
)
def test_the_release_is_the_measured_one(tool: str) -> None:
    """Who measures a newer one reads this page again."""
    assert f"| {tool} {MEASURED[tool]} (" in PAGE


def test_the_factor_is_the_measured_one() -> None:
    """The page says what a call through requests takes beside responses."""
    row = r"through requests \| \*\*handlesfake\*\* \| \*\*[\d,]+\*\* \| ([\d.]+) x"
    (factor,) = re.findall(row, (ROOT / "benchmarks" / "speed.md").read_text(encoding="utf-8"))

    assert f"{float(factor):.1f} times the time of responses" in PAGE
