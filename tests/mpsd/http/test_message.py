"""Request and Response: HTTP as values."""

from __future__ import annotations

import pytest

from handlesfake.mpsd.http.message import MPSD_HOST, NO_HEADERS, Headers, Request, Response

LINES = Headers([("If-Match", "*"), ("x-debug", "1"), ("X-Debug", "2")])


def test_names_compare_without_case() -> None:
    """A header is found however its name is written."""
    assert "*" == LINES.first("if-match")
    assert ["1", "2"] == LINES.every("X-DEBUG")


def test_the_first_line_wins() -> None:
    """Of two lines of one name, the first is the header's value."""
    assert "1" == LINES.first("X-Debug")


def test_a_header_that_is_not_there() -> None:
    """A missing header is None, or the default that was asked for."""
    assert LINES.first("Date") is None
    assert "never" == LINES.first("Date", "never")
    assert [] == LINES.every("Date")


def test_lines_are_taken_away_and_added() -> None:
    """What is left keeps its order, and what is added comes after it."""
    assert Headers([("If-Match", "*")]) == LINES.without("X-DEBUG")
    assert Headers([("A", "1"), ("B", "2")]) == Headers([("A", "1")]).plus([("B", "2")])
    assert isinstance(LINES.without("x-debug"), Headers)


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/handles", "/handles", ""),
        ("/handles?include=a%2Cb", "/handles", "include=a%2Cb"),
        ("/handles?a?b", "/handles", "a?b"),
        (
            "/serviceconfigs/a/sessionTemplates/b/sessions/c%20d",
            "/serviceconfigs/a/sessionTemplates/b/sessions/c d",
            "",
        ),
    ],
)
def test_a_target_is_path_and_query(target: str, path: str, query: str) -> None:
    """The path is resolved, the query is left as it was sent."""
    request = Request("GET", target)

    assert (path, query) == (request.path, request.query)


def test_a_request_defaults_to_mpsd() -> None:
    """Without a word, a request has no headers and no body, and is for the canonical host."""
    assert Request("GET", "/", NO_HEADERS, b"", MPSD_HOST) == Request("GET", "/")


@pytest.mark.parametrize(
    ("response", "phrase"),
    [(Response(201), "Created"), (Response(201, reason="Made"), "Made"), (Response(599), "")],
)
def test_a_status_has_its_phrase(response: Response, phrase: str) -> None:
    """The recorded phrase, else the usual one, else none."""
    assert phrase == response.phrase


def test_headers_are_shown_without_their_secrets() -> None:
    """A failure message may show headers, and never a token."""
    shown = repr(Headers([("authorization", "XBL3.0 x=1;token"), ("If-Match", "*")]))

    assert "<Headers authorization: ..., If-Match: *>" == shown
