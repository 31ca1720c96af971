"""Connections: the push channel as a test sees it, and what was pushed."""

from __future__ import annotations

from handlesfake.mpsd.http.message import Response
from handlesfake.mpsd.ticks import wire_time
from handlesfake.server.control.request import DONE, ControlRequest, fine
from handlesfake.server.control.routes import ControlCall
from handlesfake.server.control.schemas import OBJECT, TEXT, TEXTS, WHOLE, record_schema, several
from handlesfake.server.rta.channel import Channel


def calls_of(channel: Channel) -> tuple[ControlCall, ...]:
    """The calls about the connections of ``channel``."""

    async def drop(ask: ControlRequest) -> Response:
        await channel.drop(ask.parts["id"])
        return DONE

    def resync(ask: ControlRequest) -> Response:
        channel.resync(ask.parts["id"])
        return DONE

    one = "/connections/{id}"
    return (
        ControlCall(
            "GET",
            "/connections",
            "The ids of the open connections.",
            lambda _: fine(channel.connections),
            answer=TEXTS,
        ),
        ControlCall("POST", f"{one}/drop", "Break a connection, as the network would.", drop, status=204),
        ControlCall("POST", f"{one}/resync", "Tell a client that it may have missed something.", resync, status=204),
        ControlCall(
            "GET",
            "/taps",
            "What was pushed to whom, or would have been, had they listened.",
            _taps,
            answer=several(_TAP),
        ),
    )


_TAP = record_schema(xuid=TEXT, connection=TEXT, sessionRef=OBJECT, changeNumber=WHOLE, at=TEXT, changes=TEXTS)


def _taps(ask: ControlRequest) -> Response:
    return fine(
        [
            {
                "xuid": tap.xuid,
                "connection": tap.connection,
                "sessionRef": tap.session_ref.wire,
                "changeNumber": tap.change_number,
                "at": wire_time(tap.at),
                "changes": sorted(tap.changes),
            }
            for tap in ask.mpsd.taps
        ]
    )
