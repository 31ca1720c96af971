"""Bodies that are not JSON, as texts to look at."""

from __future__ import annotations

from handlesfake.exchange.entry import Entry
from handlesfake.mpsd.http.message import Request, Response

LONGEST_TEXT = 20_000
"""Characters that are shown of a body that is not JSON."""


def texts_of(entry: Entry) -> dict[str, str]:
    """``body_text`` and ``answer_text``: the text of a body that is not JSON; empty for any other."""
    return {
        "body_text": _text(entry.request) if entry.document is None else "",
        "answer_text": _text(entry.response) if entry.response and entry.answer is None else "",
    }


def _text(message: Request | Response) -> str:
    text = message.body.decode("utf-8", "replace")
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}... ({len(text)} characters)"
