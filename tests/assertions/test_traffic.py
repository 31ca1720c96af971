"""What three real clients send, through the service: each answer is one that the client goes on with."""

from __future__ import annotations

import pytest

from handlesfake.options.options import Options
from tests.traffic.over_tls import over_tls
from tests.traffic.replay import Traffic, every_traffic, replay
from tests.transports import ROADS

MINECRAFT_LOBBY = {
    "system": {
        "version": 1,
        "maxMembersCount": 30,
        "visibility": "open",
        "inviteProtocol": "game",
        "readyRemovalTimeout": 240_000,
        "reservedRemovalTimeout": 240_000,
        "inactiveRemovalTimeout": 300_000,
        "sessionEmptyTimeout": 0,
        "capabilities": {
            "connectivity": True,
            "connectionRequiredForActiveMembers": True,
            "gameplay": True,
            "crossPlay": True,
            "userAuthorizationStyle": True,
        },
        "memberInitialization": {"membersNeededToStart": 1},
    },
    "custom": {},
}
"""The template of contract 18."""


WAYS = {**ROADS, "server under TLS": over_tls}


@pytest.mark.parametrize("road", WAYS)
@pytest.mark.parametrize("traffic", every_traffic(), ids=lambda traffic: traffic.client)
def test_a_real_client_goes_on(traffic: Traffic, road: str) -> None:
    """Every answer has a status that the client accepts, and the parts that it reads."""
    with WAYS[road](Options(name=traffic.client), {"MinecraftLobby": MINECRAFT_LOBBY}) as service:
        problems = list(replay(traffic, service.send))

    assert [] == problems
