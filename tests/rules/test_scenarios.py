"""Each ready scenario catches a naive client, and a careful one copes with it: on a fake, a replay and a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlesfake.double.double import core_of
from handlesfake.rules.bundled import NAMES
from handlesfake.rules.loading import load_rules
from tests.rules.clients import CLIENTS
from tests.rules.scenario_transports import ROADS, Road, is_well
from tests.server.servers import posted, process

ON_EVERY_ROAD = pytest.mark.parametrize("road", ROADS.values(), ids=ROADS)


def test_every_scenario_has_its_clients() -> None:
    """At least twelve, none forgotten."""
    assert set(NAMES) == set(CLIENTS)
    assert 12 <= len(NAMES)


@pytest.mark.parametrize("scenario", CLIENTS)
@ON_EVERY_ROAD
def test_a_naive_client_fails(road: Road, scenario: str, tmp_path: Path) -> None:
    """Else no client needed the scenario; every rule of it that should has acted."""
    naive, _ = CLIENTS[scenario]
    with road([f"ready/{scenario}"], naive, tmp_path) as player:
        was_well = is_well(naive, player)

        assert not was_well
        assert any(acted for _, _, acted in core_of(player.party).rules.counts())


@pytest.mark.parametrize("scenario", CLIENTS)
@ON_EVERY_ROAD
def test_the_naive_client_is_well_on_a_good_day(road: Road, scenario: str, tmp_path: Path) -> None:
    """It is the scenario that it fails at, and nothing else."""
    naive, _ = CLIENTS[scenario]
    with road([], naive, tmp_path) as player:
        assert is_well(naive, player)


@pytest.mark.parametrize("scenario", CLIENTS)
@ON_EVERY_ROAD
def test_a_careful_client_copes(road: Road, scenario: str, tmp_path: Path) -> None:
    """All rules of the scenario have acted, and all is well."""
    _, careful = CLIENTS[scenario]
    with road([f"ready/{scenario}"], careful, tmp_path) as player:
        was_well = is_well(careful, player)

        assert was_well
        assert [] == [rule.name for rule in core_of(player.party).rules.unfired()]


@pytest.mark.parametrize("scenario", CLIENTS)
def test_a_scenario_is_named_as_its_file(scenario: str) -> None:
    """One of its rules has its name, so that journal and messages show it."""
    names = [rule.name for rule in load_rules(f"ready/{scenario}")]

    assert scenario in names


def test_the_command_serves_them_by_name() -> None:
    """``handlesfake serve --rules ready/throttled_burst``: the first two are throttled, the third is not."""
    with process("--json", "--rules", "ready/throttled_burst") as server:
        answers = [posted(server.ready["url"], server.ready.get("ca")) for _ in range(3)]

    assert [429, 429, 201] == [answer.status for answer in answers]
