"""Site: all that is served of one double, on how many sockets it takes."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from handlesfake.double.double import Double
from handlesfake.server.addresses import Places
from handlesfake.server.app import App, Part
from handlesfake.server.control.dispatch import Control
from handlesfake.server.http.address import Address, listen, url_of
from handlesfake.server.http.asgi import Receive, Scope, Send, send_response, text
from handlesfake.server.http.certificates import Certificates
from handlesfake.server.http.limits import DEFAULT, ConnectionLimits
from handlesfake.server.http.silences import Silences
from handlesfake.server.rta.channel import Channel
from handlesfake.server.run.listener import Listener
from handlesfake.server.upstream import Upstream
from handlesfake.server.worlds.past_worlds import WorldEnd
from handlesfake.server.worlds.under_way import UnderWay
from handlesfake.server.worlds.world import World
from handlesfake.server.worlds.worlds import Worlds

_LOOK = 0.25
"""Seconds between two looks at the lives of worlds."""


class Site:
    """A double on a real port. Its sockets listen from the start; it answers while :meth:`run` runs.

    The control interface is beside the service where that speaks plain HTTP on loopback. Otherwise, and where
    ``control`` says so, it has its own socket.

    :param begin: arranges what each further world begins with, as ``double`` does already.
    :param upstream: the real service, for a double that records.
    :param limits: what is taken of clients.
    :raises SettingsError: an address cannot be had.
    """

    def __init__(
        self,
        double: Double,
        address: Address,
        certificates: Certificates | None = None,
        *,
        control: Address | None = None,
        begin: Callable[[Double], object] | None = None,
        upstream: Upstream | None = None,
        limits: ConnectionLimits = DEFAULT,
    ) -> None:
        self.worlds = Worlds(double, begin)
        self._loop: asyncio.AbstractEventLoop | None = None
        service = listen(address)
        beside = control is None and certificates is None and address.is_loopback
        other = service if beside else _second(control or Address(), service)
        self._under_way = under_way = UnderWay()
        self.worlds.on_end.append(self._end_under_way)  # before any of it is let go
        channel, silences = Channel(self.worlds), Silences()
        hosts = (*address.names, address.host, (control or address).host)
        controls = Control(self.worlds, url_of(other, "http"), channel, silences, under_way, hosts)
        url = url_of(service, "https" if certificates else "http")
        self.places = Places(
            url,
            f"ws{url.removeprefix('http')}/connect",
            controls.url,
            str(certificates.ca_file.absolute()) if certificates else "",
        )
        controls.places = self.places
        parts: tuple[Part, ...] = (controls, channel) if beside else (channel,)
        way_out = upstream or Upstream()
        way_out.own_ports = frozenset({service.getsockname()[1]})
        engines = self.worlds.engine_for
        app = App(engines, *parts, way_out=way_out, limits=limits, silences=silences, under_way=under_way)
        self._listeners = [Listener(app, service, self._one_is_ready, certificates, limits)]
        if not beside:
            self._listeners.append(Listener(_Only(controls), other, self._one_is_ready, limits=limits))
        self._unready = len(self._listeners)

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until :meth:`end`.

        :param ready: called once, when all of it answers.
        """
        self._loop = asyncio.get_running_loop()
        self._ready = ready
        sweeping = asyncio.create_task(self._sweep())
        try:
            await asyncio.gather(*(listener.run_until_ended() for listener in self._listeners))
        finally:
            sweeping.cancel()

    def _end_under_way(self, world: World, _: WorldEnd) -> None:
        self._under_way.end(world.core.engine, str(self.worlds.past.error(world.id, self.worlds.clock())))

    async def _sweep(self) -> None:
        """End worlds whose time has passed although no client asks for them."""
        while True:
            await asyncio.sleep(_LOOK)
            self.worlds.sweep()

    def end(self) -> None:
        """Begin to end; from any thread, and from a signal's."""
        if self._loop is None:  # not yet running: then it will end as soon as it runs
            self._end()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for listener in self._listeners:
            listener.end()

    def _one_is_ready(self) -> None:
        self._unready -= 1
        if not self._unready:
            self._ready()


def _second(address: Address, first: socket.socket) -> socket.socket:
    try:
        return listen(address)
    except BaseException:
        first.close()
        raise


class _Only:
    """The control interface on its own socket."""

    def __init__(self, control: Control) -> None:
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._control.takes(scope):
            await self._control(scope, receive, send)
        elif scope["type"] == "http":
            await send_response(send, text(404, f"There is only the control interface here: {self._control.url}"))
        elif scope["type"] == "websocket":
            nowhere = text(404, f"There is no WebSocket here, only the control interface: {self._control.url}")
            await send_response(send, nowhere, "websocket.http.response")
