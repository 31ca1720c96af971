"""The content of a request: contract version, JSON body, and fields."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from handlesfake.mpsd.http.body import (
    DEEPEST_BODY,
    LARGEST_BODY,
    a_text,
    a_title_id,
    a_xuid,
    an_object,
    contract_version,
    read_json,
    read_object,
    short,
    type_name,
)
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.mpsd.refusals.catalogue import Refusal


def refusal_of(reading: Callable[..., Any], *arguments: Any) -> Refusal:
    """The refusal that ``reading`` raises."""
    with pytest.raises(Refusal) as raised:
        reading(*arguments)
    return raised.value


def versioned(text: str | None) -> Request:
    """A request that states ``text`` as its contract version."""
    return Request("GET", "/", Headers([] if text is None else [("x-xbl-contract-version", text)]))


@pytest.mark.parametrize(
    ("text", "version"),
    [("104", 104), ("105", 105), ("0105", 105), (" 107 ", 107), ("106", 107), ("999999999", 107)],
)
def test_versions_are_read(text: str, version: int) -> None:
    """104 and 105 are served as such, everything later as 107 (U81)."""
    assert version == contract_version(versioned(text), 400)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "The header X-Xbl-Contract-Version is missing: send 107."),
        ("", 'The header X-Xbl-Contract-Version must be an integer, and is "".'),
        ("1e2", 'The header X-Xbl-Contract-Version must be an integer, and is "1e2".'),
        ("9" * 70, f'The header X-Xbl-Contract-Version must be an integer, and is "{"9" * 56}....'),
        ("0103", "The header X-Xbl-Contract-Version must be 104 or later, and is 103."),
    ],
)
def test_versions_are_refused(text: str | None, sentence: str) -> None:
    """A missing, unreadable or old version is refused with the status of the choice (U79, U80)."""
    refusal = refusal_of(contract_version, versioned(text), 406)

    assert (406, sentence) == (refusal.status, refusal.sentence)


def test_json_is_read() -> None:
    """Plain or packed, in any case of the coding's name, the value is the same."""
    plain = b' {"a": [1, 2.5, null, "\xc3\xa9"]} '
    value = {"a": [1, 2.5, None, "é"]}

    assert value == read_json(plain, None)
    assert value == read_json(plain, "identity")
    assert value == read_json(gzip.compress(plain, mtime=0), "GZIP")
    assert value == read_object(gzip.compress(plain, mtime=0), " x-gzip ")


@pytest.mark.parametrize(
    ("body", "coding", "name", "sentence"),
    [
        (b"", None, "malformed_body", "The request body is empty."),
        (b" ", None, "malformed_body", "The request body is empty."),
        (b"[1]", None, "malformed_body", "The request body must be a JSON object, and is an array."),
        (b"\xff", None, "malformed_body", "The request body is not UTF-8 at byte 0."),
        (b"{]", None, "malformed_body", "The request body is not JSON: "),
        (b"[NaN]", None, "malformed_body", "The request body holds NaN, which is not JSON."),
        (b"[1e999]", None, "request_too_large", "The request body holds a number that is too large."),
        (b"[%b]" % (b"1" * 5000), None, "request_too_large", "The request body holds a number that is too large."),
        (b"[" * 100_000, None, "request_too_large", "The request body is nested deeper than 200 levels."),
        (b"[" * 201 + b"]" * 201, None, "request_too_large", "The request body is nested deeper than 200 levels."),
        (b"{}", "gzip", "malformed_body", "The request body says that it is gzip, and is not."),
        (
            gzip.compress(b"{}", mtime=0)[:-2],
            "gzip",
            "malformed_body",
            "The request body says that it is gzip, and is cut short.",
        ),
        (b"{}", "br", "content_coding", 'The request body has the content coding "br"; gzip is known.'),
    ],
)
def test_bodies_are_refused(body: bytes, coding: str | None, name: str, sentence: str) -> None:
    """Each way not to be a JSON object has its own sentence."""
    refusal = refusal_of(read_object, body, coding)

    assert (400, name) == (refusal.status, refusal.kind.name)
    assert refusal.sentence.startswith(sentence)


def test_a_bomb_is_not_unpacked() -> None:
    """A body that unpacks to more than the bound is refused before it is whole."""
    refusal = refusal_of(read_json, gzip.compress(b" " * (LARGEST_BODY + 1)), "gzip")

    assert "The request body unpacks to more than 8388608 bytes." == refusal.sentence


def test_nesting_within_the_bound_is_read() -> None:
    """The deepest body is read; breadth is not depth."""
    deepest = b'{"a":' * (DEEPEST_BODY - 1) + b"[]" + b"}" * (DEEPEST_BODY - 1)

    assert isinstance(read_json(deepest, None), dict)
    assert [[]] * 300 == read_json(b"[" + b",".join([b"[]"] * 300) + b"]", None)


@pytest.mark.parametrize(
    ("reading", "value", "read"),
    [
        (a_text, "a", "a"),
        (an_object, {"a": 1}, {"a": 1}),
        (a_xuid, "9000000000000001", "9000000000000001"),
        (a_title_id, 4294967295, "4294967295"),
        (a_title_id, "0000000001", "1"),
    ],
)
def test_fields_are_read(reading: Callable[..., Any], value: Any, read: Any) -> None:
    """A field of the right type is given back; a title id as text."""
    assert read == reading(value, "f")


TITLE = "The field f must be a decimal uint32 from 1 to 4294967295, and is "


@pytest.mark.parametrize(
    ("reading", "value", "sentence"),
    [
        (a_text, None, "The field f is missing."),
        (a_text, 1, "The field f must be a string, and is a number."),
        (a_text, "", "The field f must not be empty."),
        (an_object, None, "The field f is missing."),
        (an_object, [], "The field f must be an object, and is an array."),
        (a_xuid, None, "The field f is missing."),
        (a_xuid, "guest", 'The field f must be a decimal xuid, and is "guest".'),
        (a_title_id, None, "The field f is missing."),
        (a_title_id, 0, f"{TITLE}0."),
        (a_title_id, "4294967296", f'{TITLE}"4294967296".'),
        (a_title_id, 1.5, f"{TITLE}1.5."),
        (a_title_id, "²", f'{TITLE}"\\u00b2".'),
        (a_title_id, True, f"{TITLE}true."),
        (a_title_id, [], f"{TITLE}an array."),
    ],
)
def test_fields_are_refused(reading: Callable[..., Any], value: Any, sentence: str) -> None:
    """The sentence names the field, what it must be, and what it is."""
    assert sentence == refusal_of(reading, value, "f").sentence


def test_types_have_the_names_of_json() -> None:
    """Sentences speak of JSON, not of Python."""
    names = ["null", "a boolean", "a number", "a number", "a string", "an array", "an object"]

    values: list[Any] = [None, True, 1, 1.5, "", [], {}]

    assert names == [type_name(each) for each in values]


def test_nonsense_does_not_come_back_whole() -> None:
    """What is shown of a value is cut."""
    assert '"abc"' == short("abc")
    assert 60 == len(short("x" * 1_000_000))
