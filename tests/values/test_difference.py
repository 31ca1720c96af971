"""Where two JSON values differ: one function to match by and to explain with."""

from __future__ import annotations

from unittest.mock import ANY

import pytest

from handlesfake.json_diff import MISSING, Difference, differences, table


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        (None, None),
        (1, 1.0),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "x"}]}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"id": ANY}, {"id": "7"}),
        ({"id": ANY}, {"id": True}),
        ((1, 2), [1, 2]),
    ],
)
def test_equal_values_have_no_differences(wanted: object, sent: object) -> None:
    """An empty list is a match, whatever the order of names, and a wanted value of one's own may decide."""
    assert [] == differences(wanted, sent)


@pytest.mark.parametrize(
    ("wanted", "sent"), [(1, True), (True, 1), (0, False), (1, "1"), (None, 0), ("", None), ({}, []), ([], {})]
)
def test_values_of_different_json_types_differ(wanted: object, sent: object) -> None:
    """What Python takes for equal and JSON does not is a difference."""
    assert [Difference("", wanted, sent)] == differences(wanted, sent)


def test_paths_lead_to_each_place() -> None:
    """Objects are entered by name, arrays by place, and what one side lacks is missing there."""
    wanted = {"a": {"b": 1, "c": 2}, "list": [1, 2]}
    sent = {"a": {"b": 3}, "list": [1, 5, 6], "more": None}

    assert [
        Difference("a.b", 1, 3),
        Difference("a.c", 2, MISSING),
        Difference("list.1", 2, 5),
        Difference("list.2", MISSING, 6),
        Difference("more", MISSING, None),
    ] == differences(wanted, sent)


def test_partial_asks_for_no_more_than_it_names() -> None:
    """What a partial object does not name may be anything, at every depth; an array is compared whole."""
    sent = {"a": {"b": 1, "c": 2}, "list": [1, 2], "more": 3}

    assert [] == differences({"a": {"b": 1}}, sent, partial=True)
    assert [Difference("list.1", MISSING, 2)] == differences({"list": [1]}, sent, partial=True)
    assert [Difference("a.d", None, MISSING)] == differences({"a": {"d": None}}, sent, partial=True)


def test_a_path_may_be_given() -> None:
    """Paths begin where the values stand."""
    assert [Difference("sessionRef.name", "a", "b")] == differences({"name": "a"}, {"name": "b"}, path="sessionRef")


def test_the_table_has_columns() -> None:
    """Paths and wanted values are in columns."""
    found = [Difference("invitedXuid", "12", "21"), Difference("a.b", "long one", MISSING), Difference("", 1, None)]

    assert [
        "  invitedXuid   wanted '12'         sent '21'",
        "  a.b           wanted 'long one'   sent nothing",
        "  the whole     wanted 1            sent None",
    ] == table(found, indent="  ")


def test_the_table_takes_other_words_and_a_limit() -> None:
    """A cassette calls its side recorded; the rest of a long list is counted."""
    found = [Difference(str(number), 1, 2) for number in range(5)]

    assert [
        "0   recorded 1   sent 2",
        "1   recorded 1   sent 2",
        "and 3 more",
    ] == table(found, indent="", words=("recorded", "sent"), limit=2)


def test_long_texts_are_shown_where_they_part() -> None:
    """Of two long texts that begin alike, the table shows the place where they do not."""
    wanted, sent = "x" * 300 + "A" + "y" * 300, "x" * 300 + "B" + "y" * 300

    (line,) = table([Difference("context", wanted, sent)], indent="")

    assert (f"context   wanted ...'{'x' * 20}A{'y' * 29}'...   sent ...'{'x' * 20}B{'y' * 29}'...") == line


def test_other_long_values_are_cut() -> None:
    """Sixty characters are enough of an object."""
    (line,) = table([Difference("a", {"b": "x" * 100}, 1)], indent="")
    (text,) = table([Difference("a", "x" * 100, "y")], indent="")

    assert "a   wanted {'b': '" + "x" * 50 + "...   sent 1" == line
    assert "a   wanted '" + "x" * 56 + "...   sent 'y'" == text
