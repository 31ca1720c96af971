"""MPSD's own traffic is recorded complete: nothing of it is taken for a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from handlesfake.cassettes.people.pseudonyms import Pseudonyms
from handlesfake.cassettes.scrubbing.scrubber import Scrubber
from handlesfake.mpsd.http.message import Headers, Request, Response
from handlesfake.options.options import Options
from tests.assertions.test_traffic import MINECRAFT_LOBBY
from tests.contract.cases import FOLDER
from tests.traffic.replay import Traffic, every_traffic, replay
from tests.transports import ROADS

JSON = Headers([("Content-Type", "application/json")])
SCID = "7e570100-1111-4222-8333-444455556666"
WORLD = "A world where friends meet on Fridays, bring cake, and build what nobody asked for; version 1.21.113 (hard)"


def withheld(request: Request, response: Response) -> dict[str, str]:
    """What a recorder would not write of it."""
    return Scrubber(Pseudonyms(b"a key that only tests have")).exchange(request, response, "host").found.withheld


@pytest.mark.parametrize("traffic", every_traffic(), ids=lambda traffic: traffic.client)
def test_what_real_clients_send_is_recorded_complete(traffic: Traffic) -> None:
    """Each call of three real clients, with its answer: GUIDs, ETags, connections, properties."""
    found: dict[str, str] = {}
    count = 0
    with ROADS["core"](Options(name=traffic.client), {"MinecraftLobby": MINECRAFT_LOBBY}) as service:

        def send(method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, Headers, bytes]:
            nonlocal count
            status, came, answer = service.send(method, target, headers, body)
            found.update(withheld(Request(method, target, Headers(headers), body), Response(status, came, answer)))
            count += 1
            return status, came, answer

        problems = list(replay(traffic, send))

    assert [] == problems
    assert count > 10
    assert {} == found


def bodies() -> list[Any]:
    """All that the conformance cases send and expect as JSON."""
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]:
            for step in case["steps"]:
                found += [one for one in (step.get("body"), step.get("expect", {}).get("body")) if one is not None]
    return found


def test_the_contracts_own_bodies_are_recorded_complete() -> None:
    """Each body that a conformance case sends or expects, as an answer."""
    documents = bodies()
    request = Request("GET", "/handles/x", JSON)
    found = [
        (one, why) for one in documents if (why := withheld(request, Response(200, JSON, json.dumps(one).encode())))
    ]

    assert len(documents) > 100
    assert [] == found


NAMES = {
    "100 characters": "aB3dE5gH7jK9" * 8 + "xY2z",
    "64 digits of base 16": "0a1b2c3d4e5f6789" * 4,
    "base64url": "q7Rk2Zp9Xw4Tn8Vb3Lm6Hs1Jd5_-q7Rk2Zp9Xw4Tn8Vb",
    "GUID": "8f0a6b2c-4d1e-4f7a-9b3c-2d5e6f708192",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_session_may_be_called_anything(name: str) -> None:
    """In the path, in references, in headers and in URLs, a session's name stays what its client made it."""
    path = f"/serviceconfigs/{SCID}/sessiontemplates/FakeLobby/sessions/{name}"
    body = json.dumps({"sessionRef": {"scid": SCID, "templateName": "FakeLobby", "name": name}, "uri": path}).encode()
    came = Headers(
        [*JSON, ("Location", path), ("Content-Location", path), ("ETag", '"9f1b7cd08a564d2e9f1b7cd08a564d2e"')]
    )
    scrubbed = Scrubber(Pseudonyms(b"a key that only tests have")).exchange(
        Request("PUT", path, JSON, body), Response(201, came, body), "host"
    )

    assert {} == scrubbed.found.withheld
    assert (path, body, body, came) == (
        scrubbed.request.target,
        scrubbed.request.body,
        scrubbed.response.body,
        scrubbed.response.headers,
    )


def test_long_properties_stay() -> None:
    """What people and games write into properties is not secret just because it is long."""
    custom = {
        "worldName": WORLD,
        "levelId": "world_level_42",
        "version": "1.21.113",
        "BroadcastSetting": 3,
        "TransportLayer": 2,
        "SupportedConnections": [{"ConnectionType": 3, "HostIpAddress": "", "HostPort": 0, "NetherNetId": 0}],
        "notes": f"{WORLD}. " * 20,
        "json": json.dumps({"rules": {"doDaylightCycle": True, "pvp": False}, "name": WORLD}),
        "long": "lobby_of_friends_who_play_every_friday_evening_until_midnight_or_later",
        "url": "https://example.invalid/worlds/friday-night/index.html?page=2&sort=newest_first#top",
    }
    body = json.dumps({"properties": {"custom": custom}}).encode()
    scrubbed = Scrubber(Pseudonyms(b"a key that only tests have")).exchange(
        Request("PUT", "/x", JSON, body), Response(200, JSON, body), "host"
    )

    assert {} == scrubbed.found.withheld
    assert (body, body) == (scrubbed.request.body, scrubbed.response.body)
