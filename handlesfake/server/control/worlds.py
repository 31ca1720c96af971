"""Worlds: made for one test each, named, listed, renewed and ended."""

from __future__ import annotations

from typing import Any

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.server.control.request import DONE, ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import (
    NUMBER,
    NUMBER_OR_NONE,
    ONE_OR_MORE,
    TEXT,
    WHOLE,
    Words,
    record_schema,
    several,
)
from handlesfake.server.control.snapshots import Snapshots
from handlesfake.server.control.users import SHOWN, user_document
from handlesfake.server.worlds.people import user_in
from handlesfake.server.worlds.words import LONGEST_LIFE, LONGEST_NAME, NAME
from handlesfake.server.worlds.world import World

_LIFE: Words = {"expires_after": {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_LIFE}}
_NEW: Words = {"name": {"type": "string", "pattern": NAME, "maxLength": LONGEST_NAME}, **_LIFE, "users": ONE_OR_MORE}
_MADE = record_schema(
    id=TEXT,
    name=TEXT,
    control=TEXT,
    expires_after=NUMBER_OR_NONE,
    users={"type": "object", "additionalProperties": SHOWN},
)

WORLD = record_schema(
    id=TEXT,
    name=TEXT,
    control=TEXT,
    age=NUMBER,
    expires_after=NUMBER_OR_NONE,
    expires_in=NUMBER_OR_NONE,
    requests=WHOLE,
    connections=WHOLE,
)
"""What is answered of a world; times are seconds of the machine's own clock."""


def world_document(ask: ControlRequest, world: World) -> dict[str, Any]:
    """A world as it is answered."""
    now = ask.worlds.clock()
    left = world.expires_in(now)
    return {
        "id": world.id,
        "name": world.name,
        "control": ask.place_of(world.id),
        "age": round(now - world.made_at, 3),
        "expires_after": world.expires_after,
        "expires_in": None if left is None else round(left, 3),
        "requests": world.core.journal.total,
        "connections": world.connections,
    }


class WorldCalls:
    """The calls that make and end worlds."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    @property
    def calls(self) -> tuple[ControlCall, ...]:
        """The table of them."""
        one = "/worlds/{name}"
        return (
            ControlCall(
                "GET",
                "/worlds",
                "The worlds besides the default one: the age of each in seconds, and the seconds until it ends by "
                "itself.",
                _listed,
                answer=several(WORLD),
            ),
            ControlCall(
                "POST",
                "/worlds",
                "Make a world for one test among many; its tokens lead there. It ends by itself after expires_after "
                "seconds without use: no request with its tokens, no call about it, no frame of its clients.",
                self._add,
                body=_NEW,
                status=201,
                answer=_MADE,
            ),
            ControlCall(
                "DELETE", one, "End a world: its tokens are refused, its connections end.", _remove, status=204
            ),
            ControlCall(
                "POST",
                f"{one}/renew",
                "Restart the time of a world, as each use of it does; expires_after: the number of seconds.",
                _renew,
                body=_LIFE,
                answer=WORLD,
            ),
            ControlCall("POST", f"{one}/expire", "End a world as if its time had passed.", _expire, status=204),
        )

    def _add(self, ask: ControlRequest) -> Response:
        words = ask.words(_NEW)
        said = words.get("users", [])
        world = ask.worlds.add(words.get("name"), words.get("expires_after"))
        self._snapshots.begin(world.id, world.core)
        try:
            users = {
                role: user_document(user_in(world, role)) for role in ([said] if isinstance(said, str) else said)
            }
        except SettingsError:  # what is refused has made nothing
            ask.worlds.remove(world)
            raise
        return fine(
            {
                "id": world.id,
                "name": world.name,
                "control": ask.place_of(world.id),
                "expires_after": world.expires_after,
                "users": users,
            },
            201,
        )


def _listed(ask: ControlRequest) -> Response:
    ask.worlds.sweep()
    return fine([world_document(ask, world) for world in ask.worlds.others])


def _remove(ask: ControlRequest) -> Response:
    ask.worlds.remove(ask.worlds.find(ask.parts["name"]))
    return DONE


def _renew(ask: ControlRequest) -> Response:
    world = ask.worlds.find(ask.parts["name"])
    ask.worlds.renew(world, ask.words(_LIFE).get("expires_after"))
    return fine(world_document(ask, world))


def _expire(ask: ControlRequest) -> Response:
    ask.worlds.expire(ask.worlds.find(ask.parts["name"]))
    return DONE
