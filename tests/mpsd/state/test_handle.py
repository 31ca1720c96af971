"""Handle: the document that it shows, of the little that it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from handlesfake.mpsd.state.handle import OWN, Handle, kept
from handlesfake.mpsd.state.session import SessionRef

REF = SessionRef("7e570100-1111-4222-8333-444455556666", "FakeLobby", "Lobby-1")
CREATED = 17_676_936_000_000_001
TIME = "2026-01-06T10:00:00.0000001Z"


def handle(document: dict[str, Any], created_at: int | None = CREATED) -> Handle:
    """A handle that keeps ``document``."""
    return Handle("id", "activity", REF, "9000000000000001", "1234567890", CREATED, kept(document, REF, created_at))


@pytest.mark.parametrize(
    "sent",
    [
        REF.wire,
        dict(reversed(REF.wire.items())),
        {**REF.wire, "name": "lobby-1"},
        {**REF.wire, "branch": "b"},
        {"scid": REF.scid},
        {},
    ],
)
def test_the_document_is_the_one_that_was_kept(sent: dict[str, Any]) -> None:
    """Its fields in their order, and its session reference in the words and the order of its writer."""
    document = {"version": 1, "sessionRef": sent, "type": "activity", "id": "id", "createTime": TIME}
    shown = handle(document).document

    assert document == shown
    assert list(document) == list(shown)
    assert list(sent) == list(shown["sessionRef"])


@pytest.mark.parametrize(
    "document", [{}, {"id": "id"}, {"createTime": "once"}, {"sessionRef": None, "createTime": 7}]
)
def test_a_time_that_the_handle_does_not_say_stays(document: dict[str, Any]) -> None:
    """A recording may show anything under ``createTime``, or nothing."""
    assert document == handle(document, created_at=None).document


def test_what_the_handle_says_is_not_kept_twice() -> None:
    """Two handles alike share the names of their fields, and keep neither the reference nor the time."""
    one, other = (handle({"sessionRef": REF.wire, "id": name, "createTime": TIME}).kept for name in ("a", "b"))

    assert one[1:] == (OWN, "a", OWN)
    assert one[0] is other[0]


def test_a_document_is_the_readers_own() -> None:
    """Adding to it changes nothing for others."""
    shown = handle({"sessionRef": REF.wire, "id": "id", "createTime": TIME})
    shown.document["sessionRef"]["name"] = shown.document["id"] = "other"

    assert {"sessionRef": REF.wire, "id": "id", "createTime": TIME} == shown.document


def test_a_field_is_read_alone() -> None:
    """The value, what the handle says itself, and None where it is missing."""
    one = handle({"sessionRef": REF.wire, "id": "id", "createTime": TIME})

    assert ["id", REF.wire, TIME, None] == [one.said(name) for name in ("id", "sessionRef", "createTime", "type")]
