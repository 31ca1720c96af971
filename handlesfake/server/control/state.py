"""State: what the service knows, set and read; and snapshots of it."""

from __future__ import annotations

from collections.abc import Mapping

from handlesfake.double.core import DoubleCore
from handlesfake.errors import SettingsError
from handlesfake.files.strict_yaml import decode, read_yaml
from handlesfake.mpsd.http.message import Response
from handlesfake.seeding.loading import load_state
from handlesfake.server.control.holds import Holds
from handlesfake.server.control.openapi.files import STATE, reference
from handlesfake.server.control.request import DONE, ControlRequest, fine, plain_response
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import TEXTS
from handlesfake.server.control.snapshots import Snapshots
from handlesfake.server.rta.channel import Channel
from handlesfake.server.rta.connection import RESTARTED
from handlesfake.server.worlds.misses import forget_misses
from handlesfake.server.worlds.people import lead_here
from handlesfake.values.values import replace


class State:
    """The calls that change what the server knows."""

    def __init__(self, snapshots: Snapshots, holds: Holds, channel: Channel) -> None:
        self._snapshots = snapshots
        self._holds = holds
        self._channel = channel

    @property
    def calls(self) -> tuple[ControlCall, ...]:
        """The table of them."""
        named = "/snapshots/{name}"
        return (
            ControlCall(
                "POST",
                "/reset",
                "Back to how the server began: state, rules, clock, choices and journal.",
                self._reset,
                status=204,
            ),
            ControlCall(
                "GET",
                "/state",
                "The world as a state file: what PUT takes. YAML, or JSON where that is accepted.",
                _state,
                answer=reference(STATE),
                texts=("application/yaml",),
            ),
            ControlCall(
                "PUT",
                "/state",
                "Replace the world by a state file, YAML or JSON; all of it or nothing.",
                _put_state,
                file="state file",
                file_schema=reference(STATE),
                status=204,
            ),
            ControlCall(
                "POST",
                "/state",
                "Add what a state file says; all of it or nothing.",
                _add_state,
                file="state file",
                file_schema=reference(STATE),
                status=204,
            ),
            ControlCall("GET", "/snapshots", "The names of the snapshots.", self._names, answer=TEXTS),
            ControlCall("PUT", named, "Keep everything as it is now, under a name.", self._take, status=204),
            ControlCall("POST", f"{named}/restore", "Go back to a snapshot.", self._restore, status=204),
        )

    def _reset(self, ask: ControlRequest) -> Response:
        ask.worlds.is_about_to_end(ask.world)
        self._channel.end(ask.world, RESTARTED, "the world was reset")
        self._holds.end(ask.world)
        self._snapshots.restore(ask.world, ask.core)
        ask.silences.end(ask.core.engine)
        forget_misses(ask.worlds, ask.world)
        return DONE

    def _names(self, ask: ControlRequest) -> Response:
        return fine(self._snapshots.names(ask.world))

    def _take(self, ask: ControlRequest) -> Response:
        self._snapshots.take(ask.world, ask.core, ask.parts["name"])
        return DONE

    def _restore(self, ask: ControlRequest) -> Response:
        self._snapshots.restore(ask.world, ask.core, ask.parts["name"])
        ask.silences.end(ask.core.engine)
        return DONE


def _state(ask: ControlRequest) -> Response:
    dumped = ask.mpsd.dump()
    if ask.accepts("json"):
        return fine(read_yaml(decode(dumped.encode())).root)
    return plain_response(200, dumped, "application/yaml")


def _put_state(ask: ControlRequest) -> Response:
    world = ask.core.world
    with world.all_or_nothing():
        world.restore(DoubleCore(replace(ask.core.options, state=())).world.state())
        load_state(ask.core.world, _mapping(ask), "the body")
    lead_here(ask.here)
    return DONE


def _add_state(ask: ControlRequest) -> Response:
    load_state(ask.core.world, _mapping(ask), "the body")
    lead_here(ask.here)
    return DONE


def _mapping(ask: ControlRequest) -> Mapping[str, object]:
    document = ask.document()
    if not isinstance(document, Mapping):
        raise SettingsError("a state file is a mapping of users, sessions and so on, and this is not")
    return document
