"""State: what the service knows, set and read; snapshots and worlds."""

from __future__ import annotations

from collections.abc import Mapping

from handlesfake.double import Double
from handlesfake.errors import SettingsError
from handlesfake.files.strict_yaml import decode, read
from handlesfake.mpsd.message import Response
from handlesfake.server.control.ask import DONE, Ask, fine, plain
from handlesfake.server.control.calls import TEXTS, Call
from handlesfake.server.control.snapshots import Snapshots


class State:
    """The calls that change what the server knows."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots

    @property
    def calls(self) -> tuple[Call, ...]:
        """The table of them."""
        named = "/snapshots/{name}"
        return (
            Call(
                "POST",
                "/reset",
                "Back to how the server began: state, rules, clock and journal.",
                self._reset,
                status=204,
            ),
            Call(
                "GET",
                "/state",
                "The world as a state file: what PUT takes. YAML, or JSON where that is accepted.",
                _state,
            ),
            Call(
                "PUT",
                "/state",
                "Replace the world by a state file, YAML or JSON; all of it or nothing.",
                _put_state,
                status=204,
            ),
            Call("POST", "/state", "Add what a state file says; all of it or nothing.", _add_state, status=204),
            Call("GET", "/snapshots", "The names of the snapshots.", self._names),
            Call("PUT", named, "Keep everything as it is now, under a name.", self._take, status=204),
            Call("POST", f"{named}/restore", "Go back to a snapshot.", self._restore, status=204),
            Call("GET", "/worlds", "The names of the worlds.", _worlds),
            Call(
                "POST",
                "/worlds",
                "Make a world for one test among many; its tokens lead there.",
                self._add_world,
                body={"users": TEXTS},
                status=201,
            ),
            Call("DELETE", "/worlds/{name}", "End a world.", self._remove_world, status=204),
        )

    def _reset(self, ask: Ask) -> Response:
        self._snapshots.restore(ask.world, ask.mpsd)
        return DONE

    def _names(self, ask: Ask) -> Response:
        return fine(self._snapshots.names(ask.world))

    def _take(self, ask: Ask) -> Response:
        self._snapshots.take(ask.world, ask.mpsd, ask.parts["name"])
        return DONE

    def _restore(self, ask: Ask) -> Response:
        self._snapshots.restore(ask.world, ask.mpsd, ask.parts["name"])
        return DONE

    def _add_world(self, ask: Ask) -> Response:
        roles = ask.words("users").get("users") or ()
        name = ask.worlds.add()
        self._snapshots.begin(name, ask.worlds[name])
        users = {role: ask.worlds.user(name, role) for role in roles}
        shown = {
            role: {"xuid": user.xuid, "authorization": user.authorization, "headers": user.headers}
            for role, user in users.items()
        }
        return fine({"name": name, "control": f"{ask.control_url}/worlds/{name}", "users": shown}, 201)

    def _remove_world(self, ask: Ask) -> Response:
        ask.worlds.remove(ask.parts["name"])
        self._snapshots.forget(ask.parts["name"])
        return DONE


def _worlds(ask: Ask) -> Response:
    return fine([name for name in ask.worlds if name])


def _state(ask: Ask) -> Response:
    dumped = ask.mpsd.dump()
    if ask.accepts("json"):
        return fine(read(decode(dumped.encode())).root)
    return plain(200, dumped, "application/yaml")


def _put_state(ask: Ask) -> Response:
    world = ask.mpsd._world  # noqa: SLF001 - a test has a double of its own for each state
    with world.all_or_nothing():
        blank = Double(ask.mpsd._options)  # noqa: SLF001 - as above
        world.restore(blank._world.state())  # noqa: SLF001 - as above
        ask.mpsd.load(_mapping(ask))
    return DONE


def _add_state(ask: Ask) -> Response:
    ask.mpsd.load(_mapping(ask))
    return DONE


def _mapping(ask: Ask) -> Mapping[str, object]:
    document = ask.document()
    if not isinstance(document, Mapping):
        raise SettingsError("a state file is a mapping of users, sessions and so on, and this is none")
    return document
