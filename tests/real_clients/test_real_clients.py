"""friend-connect, xbox-webapi and python-xbox against the server, which they take for the service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from handlesfake.server.run.fixture import TRUST
from tests.patience import PATIENCE
from tests.server.servers import process

HERE = Path(__file__).parent
STATE = """
users: [{role: host, xuid: "9000000000000001"}, {role: guest, xuid: "9000000000000002"}]
friends: [[host, guest]]
"""


@dataclass
class Stage:
    """A server that stands where the service does."""

    ca: str
    control: str

    def says(self, *command: str) -> Any:
        """What a program prints that knows nothing but whom to trust."""
        environment = {**os.environ, **dict.fromkeys(TRUST, self.ca)}
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=PATIENCE)

        assert (0, "") == (done.returncode, done.stderr)
        return json.loads(done.stdout)

    @property
    def journal(self) -> list[tuple[str, str, int]]:
        """Operation, type and status of all requests, in order."""
        with urlopen(f"{self.control}/journal") as answer:
            entries = json.load(answer)["entries"]
        return [(entry["operation"], entry["type"], entry["status"]) for entry in entries]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Port 443 of the one machine that there is here."""
    state = tmp_path / "state.yaml"
    state.write_text(STATE)
    with process("--json", "--port", "443", "--tls", str(tmp_path), "--strict", "--state", str(state)) as server:
        yield Stage(server.ready["ca"], server.ready["control"])


def test_friend_connect_hosts_a_party(stage: Stage) -> None:
    """Session, activity, a guest, handles, queries and taps: each as the service answers it."""
    said = stage.says("node", "--import", str(HERE / "extensions.mjs"), str(HERE / "friend_connect.mjs"))
    taps = [tap for frame in said["frames"] if frame[0] == 3 for tap in frame[2]["shoulderTaps"]]

    assert [1, 1, 0, 0] == said["frames"][0][:4]
    assert said["session"]["members"]["0"]["properties"]["system"]["active"]
    assert ["9000000000000001", "9000000000000002"] == [
        said[name]["ownerXuid"] for name in ("activity", "guestActivity")
    ]
    # it invites nobody in particular, forgets the question mark of its batch query, and removes a member as a service would
    assert {"invite": 400, "handle": 200, "session": 200, "batch": 404, "member": 403} == said["first"]
    assert [{"delete": 204}, {"handle": 404}] == [said["gone"], said["after"]]
    assert {"mpsd/session"} == {tap["resourceType"] for tap in taps}
    assert ("query_handles", "activity", 200) in stage.journal


@pytest.mark.parametrize("package", ["xbox.webapi", "pythonxbox"])
def test_a_python_client_goes_the_whole_way(stage: Stage, package: str) -> None:
    """Create, activity, invite, query, join by the invite, leave, delete, and a signed read."""
    said = stage.says(sys.executable, str(HERE / "python_client.py"), package)

    assert {
        "create": 201,
        "activity": 201,
        "invite": 201,
        "query": 200,
        "join": 200,
        "leave": 200,
        "delete": 204,
        "signed": 200,
    } == {name: status for name, (status, _) in said.items()}
    assert ["9000000000000001"] == [result["ownerXuid"] for result in json.loads(said["query"][1])["results"]]
    assert 8 == len(stage.journal)
