"""Headers as they are shown: everything but what is secret."""

from __future__ import annotations

from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.reporting.shown_headers import credentials_of, shown_headers, without_credentials

SENT = Request(
    "GET",
    "/",
    Headers(
        [
            ("Authorization", "XBL3.0 x=1234;made-up-secret"),
            ("If-Match", '"7"'),
            ("X-Api-Key", "made-up-key"),
            ("X-Copy", "it was made-up-secret, x=1234;made-up-secret"),
            ("Cookie", "a=b"),
            ("Proxy-Authorization", "opaque"),
        ]
    ),
)


def test_credentials_are_masked_and_everything_else_is_shown() -> None:
    """By the name of the header, and where another header repeats a credential; the scheme stays."""
    assert [
        ["Authorization", "XBL3.0 (masked)"],
        ["If-Match", '"7"'],
        ["X-Api-Key", "(masked)"],
        ["X-Copy", "(masked)"],
        ["Cookie", "(masked)"],
        ["Proxy-Authorization", "(masked)"],
    ] == shown_headers(SENT)


def test_an_answer_keeps_what_a_client_reads() -> None:
    """``ETag`` and ``Retry-After`` are shown; a cookie is not."""
    answer = Response(429, Headers([("ETag", "5"), ("Retry-After", "2"), ("Set-Cookie", "a=b")]))

    assert [["ETag", "5"], ["Retry-After", "2"], ["Set-Cookie", "(masked)"]] == shown_headers(answer)


def test_a_text_that_quotes_a_credential_is_masked() -> None:
    """The credentials of a request, wherever a text has them, whole or cut."""
    secrets = credentials_of(SENT)
    texts = [
        "sent x=1234;made-up-secret, twice made-up-key",
        "'XBL3.0 x=1234...up-secret' == 'x=1234;made-...'",
        "a...",
    ]

    assert [
        "sent (masked), twice (masked)",
        "'XBL3.0 (masked)...(masked)' == '(masked)...'",
        "a...",
    ] == [without_credentials(text, secrets) for text in texts]
