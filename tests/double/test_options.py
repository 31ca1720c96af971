"""Options: what is left out is not read again for each double, since it has its one form already."""

from __future__ import annotations

from dataclasses import MISSING, fields

import pytest

from handlesfake.options.option_values import read_option
from handlesfake.options.options import Options

DEFAULTS = {one.name: one.default for one in fields(Options) if one.default is not MISSING}


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_default_is_what_its_reader_makes_of_it(name: str) -> None:
    """The same value, of the same type."""
    read = read_option(name, DEFAULTS[name])

    assert (type(DEFAULTS[name]), DEFAULTS[name]) == (type(read), read)
