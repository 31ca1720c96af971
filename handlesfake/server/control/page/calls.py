"""What the live page is asked for: itself, and what it shows."""

from __future__ import annotations

from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.page.overview import SCHEMA, overview
from handlesfake.server.control.request import Ask, fine
from handlesfake.server.control.routes import Call


def _overview(ask: Ask) -> Response:
    return fine(overview(ask.core))


CALLS = (
    Call(
        "GET",
        "/overview",
        "Users, sessions and handles as they are now, the newest two hundred of each; what the live page shows.",
        _overview,
        answer=SCHEMA,
    ),
)
