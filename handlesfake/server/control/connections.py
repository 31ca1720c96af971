"""Connections: the push channel as a test sees it."""

from __future__ import annotations

from handlesfake.errors import SettingsError
from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.state.connection import BROKEN
from handlesfake.server.control.request import DONE, ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import SWITCH, TEXT, WHOLE, record_schema, several
from handlesfake.server.rta.channel import Channel
from handlesfake.server.rta.connection import PushConnection
from handlesfake.world.recorded_world import RecordedWorld

_DROP = {"noticed": SWITCH, "code": {**WHOLE, "minimum": 1000, "maximum": 4999}, "mute": SWITCH}
_SHOWN = record_schema(connection=TEXT, xuid=TEXT, role=TEXT, mute=SWITCH)


def calls_of(channel: Channel) -> tuple[ControlCall, ...]:
    """The calls about the connections of ``channel``."""
    calls = _Calls(channel)
    one = "/connections/{who}"
    return (
        ControlCall(
            "GET",
            "/connections",
            "The open connections, and whose each is.",
            calls.listed,
            answer=several(_SHOWN),
        ),
        ControlCall(
            "POST",
            f"{one}/drop",
            "Break a connection, or all of a role or xuid, as the network would. code: the close code. mute: leave "
            "it open and push nothing. noticed: whether the service knows at once.",
            calls.drop,
            body=_DROP,
            status=204,
        ),
        ControlCall(
            "POST",
            f"{one}/resync",
            "Tell the client of a connection, role or xuid that it may have missed something.",
            calls.resync,
            status=204,
        ),
    )


class _Calls:
    """The calls that need the open connections of a server."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def listed(self, ask: ControlRequest) -> Response:
        users = ask.core.world.directory.users
        return fine(
            [
                {
                    "connection": one.id,
                    "xuid": one.xuid,
                    "role": users[one.xuid].role if one.xuid in users else "",
                    "mute": one.is_mute,
                }
                for one in self._channel.connections(ask.world)
            ]
        )

    def drop(self, ask: ControlRequest) -> Response:
        words = ask.words(_DROP)
        who, code, mute = self._who(ask), words.get("code", BROKEN), words.get("mute", False)
        world = ask.core.world
        if not isinstance(world, RecordedWorld):
            where = f"POST /connections/{ask.parts['who']}/drop"
            world.connections.drop(who, noticed=words.get("noticed"), code=code, mute=mute, where=where)
            return DONE
        for one in self._open(ask, who):  # it has no state that could change: the sockets alone are ended
            if mute:
                one.mute()
            else:
                one.end(code)
        return DONE

    def resync(self, ask: ControlRequest) -> Response:
        found = self._open(ask, self._who(ask))
        if not found:
            raise SettingsError(self._none(ask))
        for one in found:
            one.resync()
        return DONE

    def _who(self, ask: ControlRequest) -> str:
        """The connection's id, or the xuid, that the address names.

        :raises SettingsError: it is neither, and no role.
        """
        who, world = ask.parts["who"], ask.core.world
        if who in world.roles:
            return world.user(who).xuid
        if self._open(ask, who):
            return who.lower()
        try:
            return world.connections.named(who, "the address")
        except SettingsError as error:
            problem = "" if "connection" in str(error) else ask.not_a_player(who)
            raise SettingsError(problem or self._none(ask)) from None

    def _open(self, ask: ControlRequest, who: str) -> list[PushConnection]:
        return [one for one in self._channel.connections(ask.world) if who.lower() in (one.id, one.xuid)]

    def _none(self, ask: ControlRequest) -> str:
        known = ", ".join(one.id for one in self._channel.connections(ask.world)) or "none"
        return f"there is no connection {ask.parts['who']!r:.60}. Open: {known}."
