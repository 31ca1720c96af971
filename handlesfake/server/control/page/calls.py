"""What the live page is asked for: itself, and what it shows."""

from __future__ import annotations

from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.page.overview import SCHEMA, overview
from handlesfake.server.control.request import ControlRequest, fine
from handlesfake.server.control.routes import ControlCall


def _overview(ask: ControlRequest) -> Response:
    return fine(overview(ask.core, ask.worlds))


CALLS = (
    ControlCall(
        "GET",
        "/overview",
        "The newest two hundred users, sessions and handles as they are now, and the number of requests of each "
        "world. The live page shows this.",
        _overview,
        answer=SCHEMA,
    ),
)
