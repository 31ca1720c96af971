"""The names in requests: snake case in tests, as they are on the wire, and nothing else."""

from __future__ import annotations

import pytest

from handlesfake import SettingsError
from handlesfake.exchange.request_fields import known_fields, known_operation, on_the_wire, snake


@pytest.mark.parametrize(
    ("wire", "expected"),
    [("sessionRef", "session_ref"), ("invitedXuid", "invited_xuid"), ("scid", "scid"), ("title_id", "title_id")],
)
def test_a_wire_name_in_snake_case(wire: str, expected: str) -> None:
    """Every capital begins a word."""
    assert expected == snake(wire)


def test_both_spellings_become_wire_names() -> None:
    """Known objects are spelled at every depth; what a title keeps under custom stays as it is."""
    assert {"inviteAttributes": {"titleId": "1"}, "sessionRef": {"templateName": "a"}} == on_the_wire(
        "create_handle", {"invite_attributes": {"title_id": "1"}, "sessionRef": {"templateName": "a"}}
    )
    assert {"properties": {"custom": {"my_name": 1}}} == on_the_wire(
        "put_session", {"properties": {"custom": {"my_name": 1}}}
    )


def test_the_path_has_fields() -> None:
    """Variable parts of an address count as fields of the request."""
    assert ("handle_id",) == known_fields("delete_handle")
    assert {"properties", "role_types", "template_name", "name"} <= {*known_fields("put_session")}


def test_a_query_may_hold_more_than_is_known() -> None:
    """The body of a query is not known to its last field: others are asked for as they are written."""
    assert {"orderBy": "x", "communicatePermissionRequired": True} == on_the_wire(
        "query_handles", {"order_by": "x", "communicatePermissionRequired": True}
    )


def test_an_unknown_name_inside_an_object_is_an_error() -> None:
    """The nearest name of that object is given, with all of them."""
    with pytest.raises(SettingsError) as caught:
        on_the_wire("create_handle", {"invite_attributes": {"titel_id": "1"}})

    assert (
        "inviteAttributes has no field 'titel_id'; did you mean 'title_id'?\n"
        "  known: title_id, context, context_string, sender_string"
    ) == str(caught.value)


def test_a_word_like_no_operation_lists_all() -> None:
    """Where nothing is near, the list alone has to do."""
    with pytest.raises(SettingsError, match=r"operation 'xyz' is not known\.\n  known: create_handle, query_handles"):
        known_operation("xyz")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("invite", "operation 'invite' is not known: it is a type; write \"create_handle\", type=\"invite\"\n  known: "),
        ("unrouted", "an address that MPSD does not have is not an operation. Look for it in the journal:\n  [entry for "),
        ("create_handel", "operation 'create_handel' is not known; did you mean 'create_handle'?\n  known: create_handle, "),
    ],
)  # fmt: skip
def test_what_is_no_operation_is_told_how_to_write_it(word: str, text: str) -> None:
    """The type of a handle and the journal's word for a wrong address are what newcomers write."""
    with pytest.raises(SettingsError) as caught:
        known_operation(word)

    assert str(caught.value).startswith(text)
