"""A server whose worlds grow older only as a test says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from handlesfake.double.double import Double
from handlesfake.options.options import Options
from handlesfake.server.http.address import Address
from handlesfake.server.run.sockets import Site
from handlesfake.server.run.thread import in_thread
from tests.server.described import Described
from tests.server.lobby import activity
from tests.server.servers import Remote, call, connected


class Machine:
    """The machine's monotonic clock, which stands."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """The present in seconds."""
        return self.now


@dataclass
class Lived(Remote):
    """A server, its calls, and the clock by which its worlds live."""

    site: Site
    machine: Machine

    def world(self, name: str | None = None, expires_after: float | None = None) -> dict[str, Any]:
        """Make a world with a host."""
        words = {"name": name, "expires_after": expires_after, "users": ["host"]}
        answer = self.ask("POST", "/worlds", words)

        assert 201 == answer.status, answer.text
        found: dict[str, Any] = answer.json
        return found

    def show(self, world: dict[str, Any]) -> int:
        """The host of ``world`` shows a lobby; the status."""
        return self.post(world["users"]["host"], activity()).status

    def ids(self) -> list[str]:
        """The ids of the worlds that there are."""
        return [world["id"] for world in self.ask("GET", "/worlds").json]


@contextmanager
def lived(**words: Any) -> Iterator[Lived]:
    """A server in this process."""
    double, machine = Double(Options.of(name="a test of worlds", **words)), Machine()
    site = Site(double, Address())
    site.worlds.clock = machine
    with in_thread(site), connected(site.places.url) as connection:
        described = Described(call(connection, "GET", "/_handlesfake/openapi.json").json)
        yield Lived(double, site.places.url, connection, described, site, machine)
