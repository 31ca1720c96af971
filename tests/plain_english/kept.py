"""Turns that stay where they are, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

KEPT: Mapping[str, Mapping[str, str]] = {
    "CONTRIBUTING.md": dict.fromkeys(
        ("nobody", "whom", "what becomes of", "becomes of a", "in the place of", "is no"), "examples of the rule"
    ),
    "handlesfake/plugin/settings.py": {"is none": "none is a value of the option"},
    "README.md": {"a bad day": "the README says what it is, and rule files are named after it"},
}
"""The turns that a file may have, in small letters."""
