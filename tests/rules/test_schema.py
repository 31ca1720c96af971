"""The JSON Schema that is published says what the reader takes."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest

from handlesfake.files.placed import without_places
from handlesfake.files.strict_yaml import decode, read_yaml
from handlesfake.rules.bundled import HERE, NAMES
from handlesfake.rules.question import TEXTS
from handlesfake.rules.reading import RULE
from handlesfake.rules.rule import When
from handlesfake.rules.schema import schema
from handlesfake.rules.then.consequences import BESIDE, DOINGS
from handlesfake.rules.when.conditions import WORDS
from handlesfake.rules.when.matcher_parser import DEMANDS
from tests.rules.test_loading import WHOLE

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def is_valid(raw: bytes) -> bool:
    """Whether a file is valid by the schema."""
    return jsonschema.Draft202012Validator(schema()).is_valid(without_places(read_yaml(decode(raw)).root))


def test_the_schema_knows_the_words_of_the_reader() -> None:
    """None more, none less."""
    found = schema()["$defs"]

    assert {*RULE} == {*found["rule"]["properties"]}
    assert {*WORDS} == {*found["when"]["properties"]}
    assert {*DOINGS, *BESIDE} == {*found["then"]["properties"]}
    assert {*DEMANDS} == {*found["demand"]["properties"]}


@pytest.mark.parametrize(("heading", "words"), [("when", WORDS), ("then", (*DOINGS, *BESIDE))], ids=["when", "then"])
def test_the_page_has_a_row_for_each_word(heading: str, words: tuple[str, ...]) -> None:
    """Users read of each word in ``docs/rules.md``, below the heading that it belongs to."""
    part = PAGE.partition(f"## `{heading}`")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]

    assert set() == {*words} - {*re.findall(r"`(\w+)`", " ".join(rows))} - {"retry_after"}  # goes with refuse


def test_each_word_for_a_text_is_known_to_index_and_order() -> None:
    """A condition that these do not know is left out where rules are compared; the other words have separate code."""
    conditions = {field.name for field in fields(When)}

    assert {*TEXTS} <= {*WORDS}
    assert {*TEXTS} == conditions - {"operations", "services", "headers", "fields", "states", "nth"}


@pytest.mark.parametrize("name", NAMES)
def test_the_ready_scenarios_are_valid(name: str) -> None:
    """What ships is what editors take."""
    assert is_valid((HERE / f"{name}.yaml").read_bytes())


def test_a_whole_file_is_valid() -> None:
    """The one that says all of it."""
    assert is_valid(WHOLE)


WRONG = (
    "rules: []",
    "rule: []",
    "rules: [{when: {}}]",
    "rules: [{then: {}}]",
    "rules: [{then: {refuse: throtled}}]",
    "rules: [{then: {refuse: throttled}, times: 0}]",
    "rules: [{then: {refuse: throttled}, when: {operation: create_handel}}]",
    "rules: [{then: {refuse: throttled}, when: {session: {lik: x}}}]",
    "rules: [{then: {respond: {status: 99}}}]",
    "rules: [{then: {fault: rest}}]",
    "rules: [{include: a, name: b}]",
)


@pytest.mark.parametrize("text", WRONG)
def test_what_the_reader_refuses_the_schema_refuses(text: str) -> None:
    """As far as words and types go."""
    assert not is_valid(text.encode())
