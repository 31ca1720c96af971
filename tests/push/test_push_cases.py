"""Each row of the description of the push channel (contract 19.1) has a case, and each case holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from handlesfake.mpsd.evidence import Evidence
from tests.contract.sections import section_texts, strongest_mark
from tests.push.playing import play

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text())["cases"]
ROWS = {
    topic.strip("`"): strongest_mark(evidence)
    for topic, evidence in re.findall(r"^\| (.+?) \| .* \| (.+?) \|$", section_texts()["19.1"], re.M)
    if topic != "Topic"
}
"""The rows of the section, each with the strongest evidence in it."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_push_case(case: dict[str, Any]) -> None:
    """The service pushes and ends as the case says."""
    play(case)


def test_each_row_has_a_case() -> None:
    """No row is left out, and no case is of a missing row."""
    assert set(ROWS) == {case["row"] for case in CASES}


def test_no_case_is_stronger_than_its_row() -> None:
    """The strongest source of a row is the most that a case of it can rest on."""
    assert [] == [case["name"] for case in CASES if Evidence(case["evidence"]).rank < ROWS[case["row"]].rank]


def test_a_step_that_says_what_nothing_reads_is_an_error() -> None:
    """A slip in a case is told, and never a case that passes."""
    with pytest.raises(AssertionError, match="the step has no 'advanse'"):
        play({"name": "slip", "steps": [{"advanse": 3}]})
