"""Site: all that is served of one double, on how many sockets it takes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handlesfake.double import Double
from handlesfake.server.address import Address, listen, url_of
from handlesfake.server.app import App
from handlesfake.server.certificates import Certificates
from handlesfake.server.listener import Listener
from handlesfake.server.worlds import Worlds


@dataclass(frozen=True, slots=True)
class Places:
    """Where a site answers."""

    url: str
    """The service: ``https://127.0.0.1:41873``."""

    ca_file: str = ""
    """What a client has to trust; empty without TLS."""

    @property
    def as_json(self) -> dict[str, Any]:
        """What a program needs to know of a server."""
        return {"url": self.url, "pid": os.getpid()} | ({"ca": self.ca_file} if self.ca_file else {})


class Site:
    """A double on a real port. Its sockets listen from the start; it answers while :meth:`run` runs.

    :raises SettingsError: an address cannot be had.
    """

    def __init__(self, double: Double, address: Address, certificates: Certificates | None = None) -> None:
        self.worlds = Worlds(double)
        service = listen(address)
        secure = "s" if certificates else ""
        self.places = Places(url_of(service, f"http{secure}"), str(certificates.ca_file) if certificates else "")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unready = 1
        self._listeners = [Listener(App(self.worlds.engine_for), service, self._one_is_ready, certificates)]

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until :meth:`end`.

        :param ready: called once, when all of it answers.
        """
        self._loop = asyncio.get_running_loop()
        self._ready = ready
        await asyncio.gather(*(listener.run_until_ended() for listener in self._listeners))

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
