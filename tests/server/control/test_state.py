"""The control interface: state, snapshots, rules, time and holds."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlesfake.double.double import core_of
from tests.server.lobby import LOBBY, activity, arranged, invite
from tests.server.servers import HEADERS, call, connected, controlled

# ---- state


def test_what_get_gives_put_takes() -> None:
    """The dumped state, put back, is the same state; as YAML and as JSON."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.post(host, activity())
        dumped = remote.ask("GET", "/state").text
        status = remote.ask("PUT", "/state", dumped).status
        again = remote.ask("GET", "/state").text
        as_json = remote.ask("GET", "/state", Accept="application/json").json
        remote.ask("PUT", "/state", as_json)

        assert again == remote.ask("GET", "/state").text

    assert [204, dumped] == [status, again]


def test_put_replaces_and_post_adds() -> None:
    """PUT leaves nothing of what was there before; POST leaves all of it."""
    with controlled() as remote:
        remote.mpsd.session("old", members=[remote.mpsd.user("old")])
        remote.ask("PUT", "/state", LOBBY)
        remote.ask("POST", "/state", {"users": [{"role": "late"}]})
        roles = [user["role"] for user in remote.ask("GET", "/users").json]
        sessions = remote.ask("GET", "").json["sessions"]

    assert [["host", "guest", "late"], 1] == [roles, sessions]


def test_put_leaves_nothing_of_what_the_double_began_with(tmp_path: Path) -> None:
    """A double that was made with a state is as any other to PUT; reset goes back to that state."""
    (tmp_path / "party.yaml").write_text("users: [host, guest]")
    with controlled(state=tmp_path / "party.yaml") as remote:
        remote.ask("PUT", "/state", {"users": [{"role": "late"}]})
        put = [user["role"] for user in remote.ask("GET", "/users").json]
        remote.ask("POST", "/reset")
        again = [user["role"] for user in remote.ask("GET", "/users").json]

    assert [["late"], ["host", "guest"]] == [put, again]


def test_a_state_that_cannot_be_changes_nothing() -> None:
    """It is 422 with the sentence, and what was there is there."""
    with controlled() as remote:
        arranged(remote)
        before = remote.ask("GET", "/state").text
        answer = remote.ask("PUT", "/state", {"usres": {}})

        assert before == remote.ask("GET", "/state").text

    assert 422 == answer.status
    assert "did you mean 'users'?" in answer.text


def test_tokens_and_hashes_of_the_tests_own_are_known() -> None:
    """``POST /users`` and ``POST /service`` take what ``mpsd.user()`` and ``mpsd.service()`` take."""
    with controlled() as remote:
        host = remote.ask("POST", "/users", {"role": "host", "authorization": "XBL3.0 x=7117;mine"})
        guest = remote.ask("POST", "/users", {"role": "guest", "user_hash": "7118"})
        service = remote.ask("POST", "/service", {"authorization": "XBL3.0 x=-;service-1", "users": ["host"]})
        statuses = [remote.post(one.json, activity()).status for one in (host, service)]

    assert "XBL3.0 x=7117;mine" == host.json["authorization"]
    assert guest.json["authorization"].startswith("XBL3.0 x=7118;")
    assert "XBL3.0 x=-;service-1" == service.json["authorization"]
    assert 401 not in statuses


def test_a_restriction_acts_in_either_shape() -> None:
    """``properties`` of a state file are the system properties alone, or in the shape of the wire; a typo is 422."""
    with controlled() as remote:
        answers = [
            remote.ask("POST", "/state", {"sessions": [{"name": name, "properties": properties}]})
            for name, properties in {
                "flat": {"joinRestriction": "followed"},
                "wire": {"system": {"joinRestriction": "followed"}, "custom": {"a": 1}},
                "typo": {"system": {"joinRestrictoin": "followed"}},
            }.items()
        ]
        world = core_of(remote.mpsd).world
        found = [world.directory.session(world.ref(name)) for name in ("flat", "wire")]

    assert [204, 204, 422] == [answer.status for answer in answers]
    assert "did you mean 'joinRestriction'?" in answers[2].text
    assert [{"joinRestriction": "followed"}] * 2 == [one.properties["system"] for one in found if one is not None]


def test_reset_goes_back_to_the_beginning() -> None:
    """State, rules and journal are as when the server began; users have to be asked for again."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.ask("POST", "/rules", "rules: [{then: {refuse: throttled}}]")
        busy = remote.post(host, activity()).status
        status = remote.ask("POST", "/reset").status
        found = remote.ask("GET", "").json

        assert [] == remote.ask("GET", "/rules").json

    assert [429, 204, 0, 0, 0] == [busy, status, found["users"], found["sessions"], found["requests"]]


def test_snapshots_are_gone_back_to_by_name_and_forth() -> None:
    """A named snapshot survives a reset, users included."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.ask("PUT", "/snapshots/lobby")
        remote.ask("POST", "/reset")
        gone = remote.ask("GET", "/users").json
        remote.ask("POST", "/snapshots/lobby/restore")
        status = remote.post(remote.ask("GET", "/users/host").json, activity()).status

        assert ["lobby"] == remote.ask("GET", "/snapshots").json
        assert host["xuid"] == remote.ask("GET", "/users/host").json["xuid"]

    assert [[], 201] == [gone, status]


# ---- rules and time


def test_rules_on_and_off() -> None:
    """A rule acts from when it is posted until it is deleted, and tells how often it did."""
    with controlled() as remote:
        host, _ = arranged(remote)
        posted = remote.ask("POST", "/rules", "rules:\n  - name: busy\n    then: {refuse: throttled}\n")
        first = remote.post(host, activity()).status
        rule = remote.ask("GET", "/rules?fired=1").json[0]
        remote.ask("DELETE", "/rules/busy")
        second = remote.post(host, activity()).status

    assert [201, ["rule 'busy'"]] == [posted.status, posted.json]
    assert ["busy", 1] == [rule["name"], rule["fired"]]
    assert [429, 201] == [first, second]


def test_a_rule_that_says_something_else_is_422_by_line() -> None:
    """The text is that of a rule file: place, nearest word, all words."""
    with controlled() as remote:
        answer = remote.ask("POST", "/rules", "rules:\n  - then: {refuse: throtled}\n")

    assert 422 == answer.status
    assert answer.text.startswith("the body, line 2, column ")
    assert "did you mean 'throttled'?" in answer.text


def test_time_moves_as_the_test_says() -> None:
    """Set and advance; the answer is the new time."""
    with controlled() as remote:
        remote.ask("POST", "/clock", {"set": "2026-01-06T10:00:00Z"})
        moved = remote.ask("POST", "/clock", {"advance": "2h"}).json

    assert {"now": "2026-01-06T12:00:00+00:00", "frozen": True} == moved


def test_time_stands_still_and_goes_on() -> None:
    """A server's clock goes on by itself until it is frozen; a reset lets it go on as it did."""
    with controlled(clock="system") as remote:
        running = remote.ask("GET", "/clock").json["frozen"]
        frozen = remote.ask("POST", "/clock", {"freeze": True, "set": "2026-01-06T10:00:00Z"}).json
        later = remote.ask("GET", "/clock").json
        thawed = remote.ask("POST", "/clock", {"freeze": False}).json
        on = remote.ask("GET", "/clock").json["now"]
        remote.ask("POST", "/clock", {"freeze": True})
        remote.ask("POST", "/reset")
        again = remote.ask("GET", "/clock").json["frozen"]

    assert not running
    assert {"now": "2026-01-06T10:00:00+00:00", "frozen": True} == frozen == later
    assert not thawed["frozen"]
    assert on > "2026-01-06T10:00:00"
    assert not again


def test_the_systems_clock_stays_the_systems() -> None:
    """Neither a reset nor a snapshot takes it back; an invite that is made afterwards has its whole time."""
    with controlled(clock="system") as remote:
        arranged(remote)
        remote.ask("PUT", "/snapshots/lobby")
        begun = datetime.now(UTC)
        for path in ("/snapshots/lobby/restore", "/reset"):
            remote.ask("POST", path)

            assert begun <= datetime.fromisoformat(remote.ask("GET", "/clock").json["now"]) <= datetime.now(UTC)


def test_what_a_snapshot_holds_is_no_older_once_it_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """An invite of the snapshot has as long left as it had, whatever the system's clock says by then."""
    with controlled(clock="system") as remote:
        host, guest = arranged(remote)
        handle = f"/handles/{remote.post(host, invite('9000000000000002')).json['id']}"
        remote.ask("PUT", "/snapshots/invited")
        now = time.time_ns() + 48 * 3600 * 10**9
        monkeypatch.setattr("handlesfake.timing.virtual_time.time.time_ns", lambda: now)
        statuses = [call(remote.connection, "GET", handle, **guest["headers"]).status]
        remote.ask("POST", "/snapshots/invited/restore")
        statuses.append(call(remote.connection, "GET", handle, **guest["headers"]).status)

    assert [404, 200] == statuses


def test_a_moved_clock_goes_back() -> None:
    """To what it said as the snapshot was taken, and by a reset to the system's time."""
    with controlled(clock="system") as remote:
        remote.ask("POST", "/clock", {"freeze": True, "set": "2026-01-06T10:00:00Z"})
        remote.ask("PUT", "/snapshots/ten")
        remote.ask("POST", "/clock", {"advance": "2h"})
        remote.ask("POST", "/snapshots/ten/restore")
        ten = remote.ask("GET", "/clock").json
        begun = datetime.now(UTC)
        remote.ask("POST", "/reset")

        assert begun <= datetime.fromisoformat(remote.ask("GET", "/clock").json["now"])

    assert {"now": "2026-01-06T10:00:00+00:00", "frozen": True} == ten


# ---- holds


def test_requests_are_held_and_released() -> None:
    """They wait before the service acts, are seen as they do, and go one by one, then all."""
    with controlled() as remote, connected(remote.url) as first, connected(remote.url) as second:
        host, _ = arranged(remote)
        made = remote.ask("POST", "/hold", {"operation": "create_handle", "when": {"type": "activity"}})
        for one in (first, second):
            one.request("POST", "/handles", json.dumps(activity()), host["headers"])
        waiting = remote.ask("GET", "/hold?count=2&wait=30").json
        before = remote.ask("GET", "/journal").json["written"]
        remote.ask("POST", "/release", {"count": 1})
        one_gone = remote.ask("GET", "/hold").json
        remote.ask("POST", "/release", {"name": "create_handle"})
        statuses = [one.getresponse().status for one in (first, second)]
        left = remote.ask("GET", "/hold").json

    assert (201, {"name": "create_handle", "waiting": []}) == (made.status, made.json)
    assert [{"method": "POST", "target": "/handles"}] * 2 == waiting[0]["waiting"]
    assert [0, 1, [201, 201], []] == [before, len(one_gone[0]["waiting"]), statuses, left]


def test_nobody_waits_longer_than_the_hold_is_asked_for() -> None:
    """Too few requests are not an error: the answer is who waits."""
    with controlled() as remote:
        remote.ask("POST", "/hold", {})
        found = remote.ask("GET", "/hold?count=1&wait=0.01").json

    assert [{"name": "everything", "waiting": []}] == found


def test_a_reset_lets_go_who_is_held() -> None:
    """No test leaves a request to the next."""
    with controlled() as remote, connected(remote.url) as client:
        remote.ask("POST", "/hold", {"name": "all"})
        client.request("GET", "/handles/11111111-1111-4111-8111-111111111111", headers=HEADERS)
        remote.ask("GET", "/hold?count=1&wait=30")
        remote.ask("POST", "/reset")
        status = client.getresponse().status

        assert [] == remote.ask("GET", "/hold").json

    assert status >= 400


def test_a_hold_is_of_one_name() -> None:
    """A second of the same name is refused; a count needs to know which."""
    with controlled() as remote:
        for name in ("one", "two"):
            remote.ask("POST", "/hold", {"name": name})
        twice = remote.ask("POST", "/hold", {"name": "one"})
        which = remote.ask("POST", "/release", {"count": 1})
        remote.ask("POST", "/release")
        left = remote.ask("GET", "/hold").json

    assert "there is a hold 'one' already: give this one another name, or release that one\n" == twice.text
    assert "count=1 of which hold? There are: one, two.\n" == which.text
    assert [] == left
