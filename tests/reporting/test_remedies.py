"""What to do about a refusal."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from handlesfake.reporting.refusal_texts import EXPLAIN
from handlesfake.reporting.remedies import BAD_DAYS, IN_A_TEST_BY_CONTROL, IN_OTHER_WORDS, WAYS_OUT
from handlesfake.services.table import refusals


@pytest.mark.parametrize("table", [WAYS_OUT, EXPLAIN, BAD_DAYS, IN_OTHER_WORDS, IN_A_TEST_BY_CONTROL])
def test_each_name_of_a_table_is_a_refusal(table: Collection[str]) -> None:
    """A refusal that is renamed or removed takes its rows with it."""
    assert set() == {*table} - {*refusals()}
