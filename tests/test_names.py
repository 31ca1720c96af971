"""``docs/names.md``: the names that a user needs first, and that each of them is there."""

from __future__ import annotations

import inspect
import re
from contextlib import suppress
from pathlib import Path

import pytest

import handlesfake
from handlesfake.plugin import fixtures
from handlesfake.plugin.marker_arguments import WORDS
from handlesfake.plugin.settings import FLAGS

PAGE = (Path(__file__).parent.parent / "docs" / "names.md").read_text(encoding="utf-8")
TABLES = re.findall(r"^<!-- names: (\d+) -->\n(.+?)\n\n", PAGE, re.M | re.S)
NAMES = [
    name
    for _, table in TABLES
    for row in table.splitlines()
    for name in re.findall(r"`([^`]+)`", row)
    if name not in {"Authorization", "sessionRef"}  # words of the wire, in explanations
]


def test_the_page_has_as_many_names_as_it_says() -> None:
    """Ten for a first test, thirty for the weeks after it, and none twice."""
    said = [int(number) for number, _ in TABLES]

    assert [10, 30] == said
    assert sum(said) == len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name.startswith(("mpsd.", "host.", "lobby.", "handlesfake."))]
)
def test_a_name_of_the_page_can_be_written(name: str) -> None:
    """Python takes the expression: what it names is there, and takes what the page gives it."""
    with suppress(AssertionError), handlesfake.fake() as mpsd:  # nothing is sent, so claims and rules may be false
        host, guest = mpsd.user("host"), mpsd.user("guest")
        known = {"mpsd": mpsd, "host": host, "guest": guest, "handlesfake": handlesfake}
        known["lobby"] = mpsd.session("lobby-1", members=[host])
        eval(name, known)


def test_the_other_names_are_pytests() -> None:
    """Fixtures, options and words of the marker: each is known to the plugin, and ``within`` to a claim."""
    others = [name.partition("=")[0] for name in NAMES if "." not in name.partition("=")[0]]
    words = inspect.signature(handlesfake.Double.assert_invited).parameters

    assert [] == [name for name in others if not (hasattr(fixtures, name) or name in FLAGS or name in words)]
    for word in re.findall(r"@pytest\.mark\.mpsd\((\w+)=", PAGE):
        assert word in WORDS
