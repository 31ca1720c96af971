"""`docs/troubleshooting.md` explains each message that there is, and none that there is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.messages.templates import VALUE, Raised, raised, spoken

PAGE = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
ENTRIES = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.M)

BUILT = {
    "cassettes/recording/recorder.py": "is incomplete: ",
    "cassettes/replay/age.py": "days ago; ",
    "cassettes/replay/no_cassette.py": "replays ",
    "cassettes/replay/not_recorded.py": "is not in ",
    "files/settings_file.py": "cannot be read: ",
    "options/chosen.py": "choices=",
    "rules/loading.py": "the rule file ",
    "vcr/hooks.py": "looks like a secret",
}
"""Messages that are built in several steps: by their file, words of the first line."""


def test_each_message_is_explained() -> None:
    """Its first words are an entry of the page, or it begins with what the developer wrote."""
    lost = [f"{one.file}:{one.line}: {one.first}" for one in raised() if not _is_explained(one)]

    assert [] == lost, "docs/troubleshooting.md does not have:\n" + "\n".join(lost)


def _is_explained(one: Raised) -> bool:
    if not one.first.strip(VALUE + " "):
        return one.file in BUILT or one.file in _ELSEWHERE
    return any(_pattern(entry).match(one.first) for entry in ENTRIES)


_ELSEWHERE = ("plugin/marker_arguments.py", "server/control/assertions.py", "server/control/connections.py",
              "server/control/journal_query.py", "world/population.py")  # fmt: skip
"""Files that pass on the message of another error, or one that begins with the developer's own word."""


def _pattern(entry: str) -> re.Pattern[str]:
    """A value at the beginning of an entry is one of the message, or the word before ``=``; elsewhere it is any text."""
    head = rf"(?:{VALUE}(?: ?{VALUE})*|\w+(?==))" if entry.startswith(VALUE) else ""
    return re.compile(head + ".*?".join(map(re.escape, entry.removeprefix(VALUE).split(VALUE))))


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_entry_is_a_message(entry: str) -> None:
    """A message that has been reworded is not explained by its old words."""
    missing = [part for part in entry.split(VALUE) if part.strip() not in spoken()]

    assert [] == missing


@pytest.mark.parametrize(("file", "words"), BUILT.items())
def test_a_message_that_is_built_is_explained(file: str, words: str) -> None:
    """The page has the words that its file, or one that it calls, has."""
    assert words in spoken()
    assert any(words.strip() in entry for entry in ENTRIES), f"{file}: {words}"
