"""From what was done or refused to the response on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from json import encoder
from typing import Any

import pytest

from handlesfake.mpsd import rendering
from handlesfake.mpsd.choices import Choices
from handlesfake.mpsd.context import Result
from handlesfake.mpsd.refusals.catalogue import refuse
from handlesfake.mpsd.rendering import REVALIDATED, json_bytes, render, render_refusal
from handlesfake.mpsd.settings import Settings
from handlesfake.mpsd.state.directory import Directory

NOW = 17_676_936_000_000_000
COMMON = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-XblCorrelationId", "id"),
    ("Date", "Tue, 06 Jan 2026 10:00:00 GMT"),
)
USUAL = Settings()


def rendered(status: int, document: Any = None, *headers: tuple[str, str], settings: Settings = USUAL) -> Any:
    """What was done, as a response."""
    return render(Result(Directory(), status, document, headers), NOW, lambda: "id", settings)


def refused(name: str, status: int | None = None, settings: Settings = USUAL, **facts: Any) -> Any:
    """A refusal as a response."""
    return render_refusal(refuse(name, status, **facts), NOW, lambda: "id", settings)


def test_a_document_has_the_captured_headers_in_captured_order() -> None:
    """What is not a session is not stored."""
    response = rendered(201, {"a": 1}, ("Content-Location", "/b"), ("Location", "/b"))

    assert (201, b'{"a":1}') == (response.status, response.body)
    assert (
        ("Cache-Control", "no-cache, no-store"),
        ("Content-Type", "application/json"),
        ("Content-Location", "/b"),
        ("Location", "/b"),
        *COMMON,
    ) == response.headers


def test_an_operation_may_say_how_it_is_cached() -> None:
    """A session document is revalidated."""
    response = rendered(200, {}, REVALIDATED)

    assert (REVALIDATED, ("Content-Type", "application/json"), *COMMON) == response.headers


def test_no_document_is_no_body_and_no_type() -> None:
    """Empty answers say nothing of a type."""
    response = rendered(204)

    assert (b"", (("Cache-Control", "no-cache, no-store"), *COMMON)) == (response.body, response.headers)


def test_a_refusal_is_one_sentence_with_its_line_end() -> None:
    """Plain text, ended by CR LF as one log shows it."""
    response = refused("missing_field", field="type")

    assert (400, b"The field type is missing.\r\n") == (response.status, response.body)
    assert "text/plain; charset=utf-8" == response.headers.first("Content-Type")


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    """A lone surrogate in a field does not break the sentence."""
    assert b"The field ? is missing.\r\n" == refused("missing_field", field="\ud800").body


def test_a_refusal_without_a_sentence_has_no_body() -> None:
    """401 is empty; by choice it says how to authenticate."""
    by_choice = Settings(choices=Choices(authenticate_header=True))

    assert (b"", None) == ((response := refused("unauthenticated")).body, response.headers.first("Content-Type"))
    assert response.headers.first("WWW-Authenticate") is None
    assert "XBL3.0" == refused("unauthenticated", settings=by_choice).headers.first("WWW-Authenticate")


def test_a_wrong_verb_says_which_is_right() -> None:
    """405 has Allow."""
    assert "POST" == refused("method_not_allowed", method="GET", allow="POST").headers.first("Allow")


def test_a_refusal_may_show_the_session() -> None:
    """Then the body is JSON, with the session's ETag."""
    refusal = refuse("precondition_failed")
    refusal.document, refusal.etag = {"a": 1}, '"e"'
    response = render_refusal(refusal, NOW, lambda: "id", Settings())

    assert (412, b'{"a":1}') == (response.status, response.body)
    assert ("application/json", '"e"') == (response.headers.first("Content-Type"), response.headers.first("ETag"))


def test_busy_answers_say_when_to_come_again() -> None:
    """429 with its JSON, 503 empty; the wait is the rule's, else the usual one."""
    assert {"version", "currentRequests", "maxRequests", "periodInSeconds", "limitType"} == set(
        json.loads(refused("throttled").body)
    )
    assert "15" == refused("throttled").headers.first("Retry-After")
    assert ("7", b"") == (
        (response := refused("unavailable", retry_after=7)).headers.first("Retry-After"),
        response.body,
    )
    assert "5" == refused("unavailable").headers.first("Retry-After")


def test_the_debug_header_is_sent_by_choice() -> None:
    """It says that it is made up."""
    by_choice = Settings(choices=Choices(debug_header=True))

    assert rendered(204).headers.first("X-Xbl-Debug") is None
    assert "test double" in rendered(204, settings=by_choice).headers.first("X-Xbl-Debug")


@pytest.mark.parametrize(
    ("document", "body"),
    [
        ({"b": 1, "a": [True, None]}, b'{"b":1,"a":[true,null]}'),
        ({"name": "é"}, b'{"name":"\xc3\xa9"}'),
        ({"name": "\ud800é"}, rb'{"name":"\ud800\u00e9"}'),
        ({"id": 18446744073709551615}, b'{"id":18446744073709551615}'),
    ],
)
def test_json_is_written_as_mpsd_writes_it(document: Any, body: bytes) -> None:
    """No spaces, keys in their order, UTF-8, integers whole."""
    assert body == json_bytes(document)


@pytest.mark.parametrize("moved", [None, lambda *words: None])
def test_a_python_whose_encoder_is_made_otherwise_writes_the_same(
    moved: Callable[..., None] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The encoder in C is a private name: where it is missing, or takes other words, that of the library writes."""
    monkeypatch.setattr(encoder, "c_make_encoder", moved)
    written = "".join(rendering._made_once()({"a": ["é", 1.5, None]}, 0))

    assert '{"a":["é",1.5,null]}' == written
