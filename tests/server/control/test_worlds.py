"""The control interface: worlds, for tests that run at the same time."""

from __future__ import annotations

from pathlib import Path

from tests.server.lobby import activity, arranged, invite
from tests.server.servers import call, connected, controlled, process


def test_a_token_of_the_tests_own_leads_to_its_world() -> None:
    """Its user hash begins with the name of the world; one that would lead elsewhere is refused."""
    with controlled() as remote:
        remote.ask("POST", "/worlds")
        mine = {"role": "host", "authorization": "XBL3.0 x=w1.7117;mine"}
        made = remote.ask("POST", "/worlds/w1/users", mine)
        others = [
            remote.ask("POST", "/worlds/w1/users", {"role": "guest", **words})
            for words in ({"authorization": "XBL3.0 x=7118;mine"}, {"user_hash": "7118"})
        ]
        answer = remote.post({"headers": made.json["headers"]}, activity())
        entries = remote.ask("GET", "/worlds/w1/journal").json["entries"]

        assert 1 == len(entries)

    assert ("XBL3.0 x=w1.7117;mine", 201) == (made.json["authorization"], made.status)
    assert 401 != answer.status
    assert [422, 422] == [other.status for other in others]
    assert {
        "in the world w1 every user hash begins with 'w1.', so that its tokens lead there; this one would lead to "
        "the default world\n"
    } == {other.text for other in others}


def test_parallel_tests_have_worlds_of_their_own() -> None:
    """Tokens lead to their world; addresses stay MPSD's own, and each world sees its own traffic."""
    with controlled() as remote:
        one, two = (remote.ask("POST", "/worlds", {"users": ["host"]}).json for _ in range(2))
        for world in (one, two):
            path = world["control"].partition("/_handlesfake")[2]
            state = {"sessions": [{"name": "lobby-1", "members": ["host"]}]}
            world["loaded"] = remote.ask("POST", f"{path}/state", state).status
            world["path"] = path
        first = remote.post(one["users"]["host"], activity()).status
        counts = [remote.ask("GET", f"{path}").json["requests"] for path in (one["path"], two["path"], "")]
        claims = [
            remote.ask("POST", f"{world['path']}/assert/activity", {"user": "host"}).status for world in (one, two)
        ]
        names = [world["name"] for world in remote.ask("GET", "/worlds").json]
        remote.ask("DELETE", f"/worlds/{one['name']}")

        assert [two["name"]] == [world["name"] for world in remote.ask("GET", "/worlds").json]

    assert [204, 204, 201] == [one["loaded"], two["loaded"], first]
    assert [1, 0, 0] == counts
    assert [200, 409] == claims
    assert ["w1", "w2"] == names


def test_a_service_token_leads_to_its_world() -> None:
    """A service has no user hash; its token still leads to its world, and nowhere else once that has ended."""
    with controlled(strict=True) as remote:
        arranged(remote)
        world = remote.ask("POST", "/worlds", {"users": ["host", "guest"]}).json
        path = f"/worlds/{world['name']}"
        remote.ask("POST", f"{path}/state", {"sessions": [{"name": "lobby-1", "members": ["host"]}]})
        usual = remote.ask("POST", "/service", {"users": ["host"]}).json
        inside = remote.ask("POST", f"{path}/service", {"users": ["host"]}).json
        statuses = [
            remote.post(one, invite(world["users"]["guest"]["xuid"])).status for one in (inside, inside, usual)
        ]
        counts = [remote.ask("GET", f"{where}").json["requests"] for where in (path, "")]
        remote.ask("DELETE", path)
        afterwards = remote.post(inside, invite("3210"))

        assert 1 == remote.ask("GET", "").json["requests"]

    assert [201, 201, 201] == statuses
    assert [2, 1] == counts
    assert 401 == afterwards.status
    assert afterwards.text.startswith("the world w1 has ended: it was deleted, ")


def test_a_renewed_service_token_leads_to_its_world() -> None:
    """A token that a world's service is given later leads there, too; that of another world's service stays good."""
    with controlled(strict=True) as remote:
        arranged(remote)
        path = f"/worlds/{remote.ask('POST', '/worlds', {'users': ['host', 'guest']}).json['name']}"
        guest = remote.ask("GET", f"{path}/users/guest").json["xuid"]
        remote.ask("POST", f"{path}/state", {"sessions": [{"name": "lobby-1", "members": ["host"]}]})
        usual = remote.ask("POST", "/service", {"users": ["host"]}).json
        old = remote.ask("POST", f"{path}/service", {"users": ["host"]}).json
        remote.ask("POST", f"{path}/service/expire")
        remote.ask("POST", f"{path}/service/renew")
        new = remote.ask("POST", f"{path}/service", {"users": ["host"]}).json
        statuses = [remote.post(one, invite(guest)).status for one in (old, new, usual)]
        counts = [remote.ask("GET", f"{where}").json["requests"] for where in (path, "")]

    assert [401, 201, 201] == statuses
    assert [2, 1] == counts


def test_a_world_begins_as_the_server_did(tmp_path: Path) -> None:
    """Each world has the state that the server was started with, and comes back to it by reset."""
    state = tmp_path / "party.yaml"
    state.write_text("users: [{role: host}]\nsessions: [{name: lobby-1, members: [host]}]\n")
    with process("--json", "--state", str(state)) as server, connected(server.ready["url"]) as connection:
        world = call(connection, "POST", "/_handlesfake/worlds").json
        path = world["control"].partition("/_handlesfake")[2]
        counts = []
        for _ in range(2):
            counts.append(call(connection, "GET", f"/_handlesfake{path}").json["sessions"])
            call(connection, "POST", f"/_handlesfake{path}/reset")

    assert [1, 1] == counts


def test_the_default_world_stays() -> None:
    """It has no name by which it could end."""
    with controlled() as remote:
        answer = remote.ask("DELETE", "/worlds/")

    assert answer.status in (404, 405)


def test_a_world_that_is_not_there() -> None:
    """It is 404, and what there is."""
    with controlled() as remote:
        answer = remote.ask("GET", "/worlds/w7/journal")

    assert (
        404,
        "there is no world 'w7'. Known: only the default one. POST /worlds makes one.\n",
    ) == (answer.status, answer.text)


def test_a_world_that_is_refused_is_not_there() -> None:
    """A role that cannot be leaves no unknown world behind."""
    with controlled() as remote:
        refused = remote.ask("POST", "/worlds", {"users": ["host", "12"]})
        worlds = remote.ask("GET", "/worlds").json

    assert (422, []) == (refused.status, worlds)
