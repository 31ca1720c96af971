"""Each ready scenario catches a naive client, and a careful one copes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

import handlesfake
from handlesfake.rules.loading import load
from handlesfake.rules.ready import NAMES
from tests.rules.clients import CLIENTS, Player
from tests.rules.party import gather


@contextmanager
def bad_day(scenario: str) -> Iterator[Player]:
    """The party, on a day as the scenario tells; Guest shows an activity, and there is a second lobby."""
    with handlesfake.fake(rules=[f"ready/{scenario}"]) as double:
        gather(double)
        guest = double.user("guest")
        double.friends(double.user("host"), guest)
        double.activity(guest, double.session("lobby-2", members=[guest]))
        yield Player(double)


def is_well(client: Callable[[Player], bool], player: Player) -> bool:
    """Whether the client came through; what it raises is no way through."""
    try:
        with player.party.clock.skip_sleeps():
            return client(player)
    except (ValueError, KeyError, OSError):  # requests' own errors are among them
        return False


def test_every_scenario_has_its_clients() -> None:
    """At least twelve, none forgotten."""
    assert set(NAMES) == set(CLIENTS)
    assert 12 <= len(NAMES)


@pytest.mark.parametrize("scenario", CLIENTS)
def test_a_naive_client_fails(scenario: str) -> None:
    """Else nobody needed the scenario; every rule of it that should has acted."""
    with bad_day(scenario) as player:
        was_well = is_well(CLIENTS[scenario][0], player)

        assert not was_well
        assert any(acted for _, _, acted in player.party._rules.counts())


@pytest.mark.parametrize("scenario", CLIENTS)
def test_the_naive_client_is_well_on_a_good_day(scenario: str) -> None:
    """It is the scenario that it fails at, and nothing else."""
    with bad_day(scenario) as player:
        player.party._rules.keep(lambda _: False)

        assert is_well(CLIENTS[scenario][0], player)


@pytest.mark.parametrize("scenario", CLIENTS)
def test_a_careful_client_copes(scenario: str) -> None:
    """All rules of the scenario have acted, and all is well."""
    with bad_day(scenario) as player:
        was_well = is_well(CLIENTS[scenario][1], player)

        assert was_well
        assert [] == [rule.name for rule in player.party._rules.unfired()]


@pytest.mark.parametrize("scenario", CLIENTS)
def test_a_scenario_is_named_as_its_file(scenario: str) -> None:
    """One of its rules bears its name, so that journal and messages tell it."""
    names = [rule.name for rule in load(f"ready/{scenario}")]

    assert scenario in names
