"""Clients of others against the server, which they take for the service."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_clients.stage import Stage, standing
from tests.real_clients.table import RealClient, real_client, real_clients

HERE = Path(__file__).parent


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A server for clients that have their tokens already."""
    with standing(tmp_path) as stage:
        yield stage


def test_friend_connect_hosts_a_party(stage: Stage) -> None:
    """Session, activity, a guest, handles, queries and taps: each as the service answers it; and a second beginning."""
    said = stage.says("node", "--import", str(HERE / "extensions.mjs"), str(HERE / "friend_connect.mjs"))
    taps = [tap for frame in said["frames"] if frame[0] == 3 for tap in frame[2]["shoulderTaps"]]

    assert [1, 1, 0, 0] == said["frames"][0][:4]
    assert said["session"]["members"]["0"]["properties"]["system"]["active"]
    assert ["9000000000000001", "9000000000000002"] == [
        said[name]["ownerXuid"] for name in ("activity", "guestActivity")
    ]
    # it names no invitee, forgets the question mark of its batch query, and removes a member as a service would
    assert {"invite": 400, "handle": 200, "session": 200, "batch": 404, "member": 403} == said["first"]
    assert [{"delete": 204}, {"handle": 404}] == [said["gone"], said["after"]]
    assert {"mpsd/session"} == {tap["resourceType"] for tap in taps}
    assert [[2, 1, 2], 200] == [said["counted"], said["left"]]
    assert [["9000000000000001"]] * 2 == said["owners"]
    assert said["again"]["ownerXuid"] == "9000000000000001"
    assert said["again"]["sessionRef"]["name"] != said["activity"]["sessionRef"]["name"]
    assert ("query_handles", "activity", 200) in stage.journal
    assert {
        "published",
        "activities of people",
        "activities of xuids",
        "joined by handle",
        "members counted",
        "taps counted",
        "left",
    } == real_client("friend-connect").sees


@pytest.mark.parametrize(
    ("name", "package"),
    [("xbox-webapi", "xbox.webapi"), ("python-xbox", "pythonxbox")],
    ids=["xbox-webapi", "python-xbox"],
)
def test_a_python_client_goes_the_whole_way(stage: Stage, name: str, package: str) -> None:
    """Create, activity, invite, both queries, join by the invite and by the handle, leave, delete, and a signed read."""
    said = stage.says(sys.executable, str(HERE / "python_client.py"), package)

    assert {
        "create": 201,
        "activity": 201,
        "invite": 201,
        "people": 200,
        "xuids": 200,
        "join by invite": 200,
        "both": 200,
        "leave": 200,
        "one": 200,
        "join by handle": 200,
        "leave again": 200,
        "delete": 204,
        "signed": 200,
    } == said["statuses"]
    assert real_client(name).sees == set(said["sees"])
    assert 13 == len(stage.journal)


def test_elytra_hears_of_an_invite(stage: Stage) -> None:
    """A resource of another service is granted, and the invite comes under the number of the second, which is 1."""
    said = stage.says(sys.executable, str(HERE / "elytra_client.py"))

    assert [3, 1] == said["frame"][:2]
    assert real_client("elytra-ms").sees == set(said["sees"])


@pytest.mark.parametrize(
    "client", [one for one in real_clients() if one.source.startswith("a program")], ids=lambda one: one.name
)
def test_a_program_sees_what_the_table_says(stage: Stage, client: RealClient) -> None:
    """A client that no registry here has, run by a program from the folder ``REAL_PROGRAMS``."""
    folder = os.environ.get("REAL_PROGRAMS")
    program = Path(folder or "", client.name)
    if not folder or not program.is_file():
        pytest.skip(
            f"{client.name}: REAL_PROGRAMS={folder or ''} has no program of this name. The client is {client.source}, "
            f"at {client.version}; README.md in tests/real_clients says what such a program does."
        )
    said = stage.says(str(program.resolve()), complaints=None)

    assert client.sees == set(said["sees"])
