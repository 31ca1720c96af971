"""Alarms of the push channel: what is to happen at a time of a double's clock."""

from __future__ import annotations

import asyncio
from typing import Any

from handlesfake.double.double import Double, core_of
from handlesfake.mpsd.push.line import Line
from handlesfake.options.options import Options
from handlesfake.server.rta.alarms import Alarms
from handlesfake.server.rta.connection import PushConnection
from handlesfake.timing.clock import Clock
from handlesfake.timing.virtual_time import VirtualTime
from tests.patience import PATIENCE


def test_an_alarm_that_fails_stops_no_other() -> None:
    """Its error goes to the event loop; what is due with it and after it happens."""
    clock, alarms = VirtualTime(), Alarms()
    failed: list[str] = []

    def fail() -> None:
        raise RuntimeError("an alarm")

    async def run() -> None:
        with_it, after_it = asyncio.Event(), asyncio.Event()
        asyncio.get_running_loop().set_exception_handler(lambda _, said: failed.append(repr(said["exception"])))
        alarms.at(clock, clock.ticks, fail, "fails")
        alarms.at(clock, clock.ticks, with_it.set, "with it")
        alarms.at(clock, clock.ticks + 10_000_000, after_it.set, "after it")
        await asyncio.wait_for(with_it.wait(), PATIENCE)
        Clock(clock).advance(1)
        await asyncio.wait_for(after_it.wait(), PATIENCE)

    asyncio.run(run())

    assert ["RuntimeError('an alarm')"] == failed


class Closing:
    """What a request's cycle is to a push connection, with a transport that is closing."""

    def __init__(self) -> None:
        self.transport = self
        self.was_asked = asyncio.Event()

    async def send(self, _message: dict[str, Any]) -> None:
        """Take a message."""

    def is_closing(self) -> bool:
        """As every transport says it."""
        self.was_asked.set()
        return True

    def write(self, _data: bytes) -> None:
        """As asyncio's TLS does once it has let go of the connection."""
        raise AttributeError("'NoneType' object has no attribute '_write_appdata'")


def test_no_pong_goes_to_a_connection_that_is_closing() -> None:
    """The silence is over, and the client has gone: nothing fails."""
    failed: list[str] = []

    async def run(core: Any) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, said: failed.append(repr(said["exception"])))
        cycle, clock = Closing(), core.time
        line = Line("cccc0000-0000-4000-8000-00000000c0de", "9000000000000001", 10, clock.ticks)
        connection = PushConnection(line, "", "", core, cycle.send, Alarms())
        core.clock.advance(11)
        await asyncio.wait_for(cycle.was_asked.wait(), PATIENCE)
        connection.closed()

    with Double(Options(name="a test of the push channel")) as mpsd:
        asyncio.run(run(core_of(mpsd)))

    assert [] == failed
