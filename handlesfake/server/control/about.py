"""About: what server this is, and whether it is well."""

from __future__ import annotations

from importlib.metadata import version

from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.page.document import page
from handlesfake.server.control.request import ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import SWITCH, TEXT, TEXTS, WHOLE, record_schema
from handlesfake.server.control.worlds import WORLD, world_document
from handlesfake.server.worlds.misses import misses_of


def _about(ask: ControlRequest) -> Response:
    if ask.accepts("text/html"):
        return page()
    mpsd = ask.mpsd
    options, directory = ask.core.options, ask.core.world.directory
    return fine(
        {
            "version": version("handlesfake"),
            "mode": options.effective_mode,
            "cassette": str(options.cassette or ""),
            "strict": options.strict,
            "dialect": options.dialect,
            "url": ask.places.url,
            "ca": ask.places.ca_file,
            "rta": ask.places.rta,
            "control": ask.control_url,
            "now": mpsd.clock.now.isoformat(),
            "users": len(directory.users),
            "sessions": len(directory.sessions),
            "handles": len(directory.handles),
            "requests": ask.core.journal.total,
            "in_flight": mpsd.journal.in_flight,
            "held": len(mpsd.journal.waiting),
            "assumptions": len(mpsd.assumptions),
            "unanswered": len(misses_of(ask.worlds, ask.world)),
            "worlds": [world.name for world in ask.worlds.others],
            "world": world_document(ask, ask.here) if ask.world else None,
        }
    )


_ABOUT = record_schema(
    version=TEXT,
    mode=TEXT,
    cassette=TEXT,
    strict=SWITCH,
    dialect=TEXT,
    url=TEXT,
    ca=TEXT,
    rta=TEXT,
    control=TEXT,
    now=TEXT,
    users=WHOLE,
    sessions=WHOLE,
    handles=WHOLE,
    requests=WHOLE,
    in_flight=WHOLE,
    held=WHOLE,
    assumptions=WHOLE,
    unanswered=WHOLE,
    worlds=TEXTS,
    world={"anyOf": [WORLD, {"type": "null"}]},
)

CALLS = (
    ControlCall(
        "GET",
        "",
        "Version, mode, switches and counts; also the health check. A browser gets the live page.",
        _about,
        answer=_ABOUT,
        texts=("text/html",),
    ),
)
