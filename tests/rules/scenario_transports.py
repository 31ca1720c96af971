"""The transports of a simulated failure: a fake, a replay of a recorded failure, and a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.rules.loading import load_rules
from tests.rules.clients import SHORT, Player
from tests.rules.party import gather
from tests.server.servers import thread

Client: TypeAlias = Callable[[Player], bool]
Road: TypeAlias = Callable[[list[str], Client, Path], AbstractContextManager[Player]]
"""``(rules, client, folder)`` to the player of that client; only a replay has to know the client before."""


def arranged(double: handlesfake.Double) -> handlesfake.Double:
    """The party; Guest shows an activity, and there is a second lobby."""
    gather(double)
    guest = double.user("guest")
    double.friends(double.user("host"), guest)
    double.activity(guest, double.session("lobby-2", members=[guest]))
    return double


def is_well(client: Client, player: Player) -> bool:
    """Whether the client succeeded; an exception is not a success."""
    try:
        with player.party.clock.skip_sleeps():
            return client(player)
    except (ValueError, KeyError, OSError):  # requests' own errors are among them
        return False


@contextmanager
def on_a_fake(rules: list[str], client: Client, folder: Path) -> Iterator[Player]:
    """The service is the fake, and the client is intercepted in this process."""
    with handlesfake.fake(rules=rules) as double:
        yield Player(arranged(double))


@contextmanager
def on_a_server(rules: list[str], client: Client, folder: Path) -> Iterator[Player]:
    """The fake is behind a socket; what the client sleeps, the test's clock passes."""
    with thread(rules=rules) as (double, url):
        player = Player(arranged(double), url, sleep=double.clock.advance)
        if rules:
            player.patience = SHORT
        yield player


@contextmanager
def on_a_replay(rules: list[str], client: Client, folder: Path) -> Iterator[Player]:
    """The client is recorded on such a day, and what the service itself said is played on another one."""
    path = folder / "day.yaml"
    with thread() as (service, url):
        arranged(service)
        users = {role: service.user(role) for role in ("host", "guest", "far")}
        credentials = {role: {"xuid": user.xuid, "authorization": user.authorization} for role, user in users.items()}
        hosts = (url.removeprefix("http://"),)
        with handlesfake.record(path, credentials=credentials, hosts=hosts) as double:
            player = Player(double, url)
            player.sign_in = service.user("host").renew  # only the real service has tokens here
            player.send("GET", double.session("lobby-2").path)  # a day without any real answer leaves no recording
            core_of(double).rules.add(*(rule for file in rules for rule in load_rules(file)))
            is_well(client, player)
    with handlesfake.replay(path, rules=rules) as double:
        yield Player(double)


ROADS: Mapping[str, Road] = MappingProxyType({"fake": on_a_fake, "replay": on_a_replay, "server": on_a_server})
"""Each road by its name."""
