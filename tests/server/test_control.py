"""The control interface, by nothing but HTTP."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.server.servers import HEADERS, REF, Remote, call, connected, controlled, process

LOBBY: dict[str, Any] = {
    "users": [{"role": "host"}, {"role": "guest"}],
    "sessions": [{"name": "lobby-1", "members": ["host"]}],
}


def activity() -> dict[str, Any]:
    """The body of an activity."""
    return {"type": "activity", "version": 1, "sessionRef": REF}


def invite(xuid: str) -> dict[str, Any]:
    """The body of an invite."""
    return {
        "type": "invite",
        "version": 1,
        "sessionRef": REF,
        "invitedXuid": xuid,
        "inviteAttributes": {"titleId": "1"},
    }


def arranged(remote: Remote) -> tuple[dict[str, Any], dict[str, Any]]:
    """A host in lobby-1, and a guest."""
    host = remote.ask("POST", "/users", {"role": "host"}).json
    guest = remote.ask("POST", "/users", {"role": "guest"}).json
    remote.mpsd.session("lobby-1", members=[remote.mpsd.user("host")])
    return host, guest


# ---- what there is


def test_health_counts_what_there_is() -> None:
    """GET of the root tells version, mode, switches and counts, and stands in no journal."""
    with controlled(strict=True) as remote:
        arranged(remote)
        found = remote.ask("GET", "").json

    assert ["fake", True, "observed", 2, 1, 0, 0] == [
        found[word] for word in ("mode", "strict", "dialect", "users", "sessions", "handles", "requests")
    ]


def test_a_users_token_is_asked_for_by_role() -> None:
    """The role gives xuid and headers that the service takes; the same role is the same user."""
    with controlled(strict=True) as remote:
        host, _ = arranged(remote)
        again = remote.ask("GET", "/users/host").json
        status = remote.post(host, activity()).status

    assert "9000000000000001" == host["xuid"]
    assert host == again
    assert 201 == status


def test_an_expired_token_is_401_and_a_renewed_one_is_not() -> None:
    """Expire and renew act on the tokens so far."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.ask("POST", "/users/host/expire")
        expired = remote.post(host, activity()).status
        renewed = remote.post(remote.ask("POST", "/users/host/renew").json, activity()).status

    assert [401, 201] == [expired, renewed]


def test_people_are_named_by_role() -> None:
    """Who is followed is named by role, and the service knows whom they are."""
    with controlled() as remote:
        arranged(remote)
        remote.ask("POST", "/users", {"role": "host", "follows": ["guest"]})

        assert {"9000000000000002"} == set(remote.mpsd._world.users("9000000000000001").follows)


def test_a_service_acts_for_its_players() -> None:
    """The headers of the title's service name the users that it acts for."""
    with controlled() as remote:
        _, guest = arranged(remote)
        service = remote.ask("POST", "/service", {"users": ["host"]}).json
        status = remote.post(service, invite(guest["xuid"])).status

    assert 201 == status


# ---- claims


def test_a_claim_that_holds_is_200() -> None:
    """Roles stand for xuids."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, invite(guest["xuid"]))
        held = remote.ask(
            "POST", "/assert/invited", {"xuids": ["guest"], "by": "host", "session": "lobby-1", "times": 1}
        )

    assert (200, {"holds": True}) == (held.status, held.json)


def test_a_failure_reads_as_in_python() -> None:
    """409 with the very text of Python's failure."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, invite(guest["xuid"]))
        with pytest.raises(AssertionError) as python:
            remote.mpsd.assert_invited("3210")
        failed = remote.ask("POST", "/assert/invited", {"xuids": ["3210"]})

    assert (409, f"{python.value}\n") == (failed.status, failed.text)
    assert failed.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("claim", "words", "status"),
    [
        ("not_invited", {"xuids": ["host"]}, 200),
        ("not_invited", {"xuids": ["guest"]}, 409),
        ("no_invites", {}, 409),
        ("activity", {"user": "host", "session": REF}, 200),
        ("activity", {"user": "guest"}, 409),
        ("no_activity", {"user": "guest"}, 200),
        ("sent", {"operation": "create_handle", "times": 2, "accepted": True}, 200),
        ("sent", {"operation": "create_handle", "fields": {"type": "invite"}, "times": 2}, 409),
        ("not_sent", {"operation": "put_session"}, 200),
        ("in_order", {"steps": [["create_handle", {"type": "activity"}], "create_handle"]}, 200),
        ("in_order", {"steps": ["put_session"]}, 409),
        ("no_assumptions", {}, 200),
    ],
)
def test_every_claim_is_there(claim: str, words: dict[str, Any], status: int) -> None:
    """Each assertion of Python has a call of its name and words."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, activity())
        remote.post(host, invite(guest["xuid"]))
        answer = remote.ask("POST", f"/assert/{claim}", words)

    assert (status, answer.text) == (answer.status, answer.text)


def test_a_claim_waits_for_what_is_still_to_come() -> None:
    """It waits for so many seconds, and ends as soon as the claim holds."""
    with controlled() as remote:
        host, guest = arranged(remote)
        with connected(remote.url) as waiting:
            body = json.dumps({"xuids": ["guest"], "within": 30})
            waiting.request("POST", "/_handlesfake/assert/invited", body)
            remote.post(host, invite(guest["xuid"]))
            status = waiting.getresponse().status

    assert 200 == status


def test_who_goes_away_waits_no_more() -> None:
    """A server ends at once although somebody left it with a claim that may wait for minutes."""
    with controlled() as remote, connected(remote.url) as waiting:
        waiting.request("POST", "/_handlesfake/assert/sent", '{"operation": "put_session", "within": 300}')
        remote.ask("GET", "")
        waiting.close()
        remote.ask("GET", "")
    left = [thread.name for thread in threading.enumerate() if "handlesfake" in thread.name]

    assert [] == left


# ---- the journal


def test_the_journal_in_order_with_a_cursor() -> None:
    """Entries after a number, of one kind and of one sender; no token is in them."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, activity())
        remote.post(host, invite(guest["xuid"]))
        remote.post(guest, activity())
        everything = remote.ask("GET", "/journal")
        rest = remote.ask("GET", f"/journal?since={everything.json['next'] - 1}").json
        hosts = remote.ask("GET", "/journal?by=host&type=invite&operation=create_handle").json

    assert [[1, 2, 3], [3], [2]] == [
        [one["number"] for one in found["entries"]] for found in (everything.json, rest, hosts)
    ]
    assert 3 == everything.json["next"]
    assert host["authorization"].partition(";")[2] not in everything.text


def test_the_journal_waits() -> None:
    """A long poll is answered by the request that it waits for."""
    with controlled() as remote:
        host, _ = arranged(remote)
        with connected(remote.url) as waiting:
            waiting.request("GET", "/_handlesfake/journal?count=2&wait=30")
            remote.post(host, activity())
            remote.post(host, activity())
            found = json.loads(waiting.getresponse().read())

    assert [1, 2] == [entry["number"] for entry in found["entries"]]


def test_the_journal_does_not_wait_longer_than_asked() -> None:
    """What never comes is no error: the answer is what there is."""
    with controlled() as remote:
        found = remote.ask("GET", "/journal?count=2&wait=0.01").json

    assert {"entries": [], "next": 0, "written": 0} == found


def test_the_journal_as_a_person_reads_it() -> None:
    """Accept: text/plain gives the timeline of a failed test."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.post(host, activity())
        text = remote.ask("GET", "/journal", Accept="text/plain").text

    assert text.startswith("#1  create_handle activity  Host 9000000000000001  201")


def test_the_journal_is_forgotten_and_counts_on() -> None:
    """After DELETE, the next entry bears the next number."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.post(host, activity())
        remote.ask("DELETE", "/journal")
        remote.post(host, activity())
        found = remote.ask("GET", "/journal").json

    assert [2] == [entry["number"] for entry in found["entries"]]


def test_what_was_accepted() -> None:
    """Invites and activities as records, by wire names, with who sent them."""
    with controlled() as remote:
        host, guest = arranged(remote)
        remote.post(host, activity())
        remote.post(host, invite(guest["xuid"]))
        invites, activities = remote.ask("GET", "/invites").json, remote.ask("GET", "/activities").json

    assert [(guest["xuid"], host["xuid"], 2)] == [(one["invitedXuid"], one["by"], one["number"]) for one in invites]
    assert [(host["xuid"], REF)] == [(one["ownerXuid"], one["sessionRef"]) for one in activities]


def test_what_was_assumed() -> None:
    """What nobody said is told, with the line that says it."""
    with controlled() as remote:
        call(remote.connection, "POST", "/handles", json.dumps(activity()))
        found = remote.ask("GET", "/assumptions").json

    assert {"session"} <= {one["question"] for one in found}


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


def test_a_state_that_cannot_be_changes_nothing() -> None:
    """It is 422 with the sentence, and what was there is there."""
    with controlled() as remote:
        arranged(remote)
        before = remote.ask("GET", "/state").text
        answer = remote.ask("PUT", "/state", {"usres": {}})

        assert before == remote.ask("GET", "/state").text

    assert 422 == answer.status
    assert "did you mean 'users'?" in answer.text


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
    """Too few requests are no error: the answer is who waits."""
    with controlled() as remote:
        remote.ask("POST", "/hold", {})
        found = remote.ask("GET", "/hold?count=1&wait=0.01").json

    assert [{"name": "everything", "waiting": []}] == found


def test_a_reset_lets_go_who_is_held() -> None:
    """No test leaves a request of its own to the next."""
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


# ---- what nothing could answer


def test_what_the_cassette_does_not_hold_fails_a_claim(tmp_path: Path) -> None:
    """A miss is 501 with its text, and so is the claim's failure: a client that swallows it stays red."""
    path = tmp_path / "lobby.yaml"
    path.write_text(CASSETTE)
    with controlled(cassette=path) as remote:
        before = remote.ask("POST", "/assert/all_answered").status
        missed = call(remote.connection, "GET", "/handles/11111111-1111-4111-8111-111111111111")
        told = remote.ask("POST", "/assert/all_answered")
        listed, count = remote.ask("GET", "/unanswered").json, remote.ask("GET", "").json["unanswered"]
        remote.ask("POST", "/reset")
        after = remote.ask("POST", "/assert/all_answered").status

    assert [200, 501, 409, 200] == [before, missed.status, told.status, after]
    assert missed.text.replace("\r\n", "\n") == told.text
    assert ([told.text.rstrip("\n")], 1) == (listed, count)


CASSETTE = """
interactions:
- request:
    body: '{"type":"activity","version":1,"sessionRef":{"scid":"7e570100-1111-4222-8333-444455556666","templateName":"FakeLobby","name":"lobby-1"}}'
    headers: {Authorization: ["XBL3.0 x=host;removed"], x-xbl-contract-version: ["107"]}
    method: POST
    uri: https://sessiondirectory.xboxlive.com/handles
  response:
    body: {string: ''}
    headers: {}
    status: {code: 201, message: Created}
version: 1
"""
"""One activity."""


# ---- worlds


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
        names = remote.ask("GET", "/worlds").json
        remote.ask("DELETE", f"/worlds/{one['name']}")

        assert [two["name"]] == remote.ask("GET", "/worlds").json

    assert [204, 204, 201] == [one["loaded"], two["loaded"], first]
    assert [1, 0, 0] == counts
    assert [200, 409] == claims
    assert ["w1", "w2"] == names


def test_a_service_token_leads_to_its_world() -> None:
    """A service has no user hash; its token leads to its world all the same, and to the default one once that ends."""
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
        afterwards = remote.post(inside, invite("3210")).status

    assert [201, 201, 201] == statuses
    assert [2, 1] == counts
    assert 401 == afterwards


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
    """It is 422, and what there is."""
    with controlled() as remote:
        answer = remote.ask("GET", "/worlds/w7/journal")

    assert (
        422,
        "there is no world 'w7'. Known: none but the default one. POST worlds makes one.\n",
    ) == (answer.status, answer.text)


# ---- what cannot be


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        (
            "POST",
            "/users",
            {"rolle": "host"},
            422,
            "the body has no 'rolle'; did you mean 'role'?\n  known: role, xuid, ",
        ),
        ("GET", "/journal?opration=x", None, 422, "the query has no 'opration'; did you mean 'operation'?\n"),
        ("GET", "/journal?operation=creat_handle", None, 422, "operation 'creat_handle' is not known; did you mean "),
        ("GET", "/journal?wait=long", None, 422, "wait=long: this is no number from 0\n"),
        ("POST", "/assert/invited", {"xuid": "1"}, 422, "the body has no 'xuid'; did you mean 'xuids'?\n"),
        ("POST", "/assert/sent", {"operation": "x"}, 422, "operation 'x' is not known."),
        ("POST", "/assert/invited", {"xuids": [3210]}, 422, "mpsd.assert_invited(): xuids are decimal strings on"),
        ("POST", "/users", "[1, 2", 422, "the body is neither JSON nor YAML: line "),
        ("POST", "/users", [1], 422, "the body must be a mapping of role, xuid, "),
        ("POST", "/users", {"xuid": 5}, 422, 'xuid: expected a text, got 5; write "5", in quotation marks\n'),
        ("POST", "/assert/invited", {"within": "soon"}, 422, "within: expected a number, got 'soon'\n"),
        (
            "POST",
            "/assert/not_invited",
            {"xuids": ["gest"]},
            422,
            "'gest' is no role here, and no xuid; did you mean 'guest'?\n  roles: host, guest\n",
        ),
        (
            "GET",
            "/journal?by=hots",
            None,
            422,
            "'hots' is no role here, and no xuid; did you mean 'host'?\n  roles: ",
        ),
        (
            "POST",
            "/users",
            {"role": "host", "follows": ["gest"]},
            422,
            "'gest' is no role here, and no xuid; did you",
        ),
        (
            "GET",
            "/user/host",
            None,
            404,
            "the control interface has no 'GET /user/host'; did you mean 'GET /users/{role}'?",
        ),
        ("POST", "/state", {"sessions": [{"member": []}]}, 422, "the body: a session has no 'member'; did you mean"),
        ("POST", "/assert/sent", {}, 422, "assert/sent needs 'operation', and the body does not say it\n"),
        ("POST", "/clock", {}, 422, 'the body must be {"advance": "2h"}, {"set": "2026'),
        ("POST", "/clock", {"advance": "soon"}, 422, "clock: 'soon' is no length of time; "),
        ("POST", "/clock", {"advance": [1]}, 422, "advance: expected a text or a number, got [1]\n"),
        ("POST", "/clock", {"freeze": "yes"}, 422, "freeze: expected true or false, got 'yes'\n"),
        ("POST", "/hold", {"operation": "put"}, 422, ""),
        ("POST", "/release", {"name": "x"}, 422, "there is no hold 'x'.\n  known: none: POST hold begins one\n"),
        ("POST", "/release", {"count": 1}, 422, "count=1 of which hold? There are: none; POST hold begins one.\n"),
        ("GET", "/rules?fired=yes", None, 422, "fired=yes: write 1 for the rules that acted, 0 for those that did"),
        ("DELETE", "/worlds/w9", None, 422, "there is no world 'w9'. Known: none but the default one. POST worlds"),
        ("DELETE", "/rules/none", None, 422, "there is no rule 'none'. Known: none with a name.\n"),
        ("POST", "/snapshots/no/restore", None, 422, "there is no snapshot 'no'.\n  known: none yet: "),
        ("PUT", "/reset", None, 405, "PUT /reset: there is POST only\n"),
        (
            "GET",
            "/jurnal",
            None,
            404,
            "the control interface has no 'GET /jurnal'; did you mean 'GET /journal'?\n  all ",
        ),
    ],
)
def test_a_mistake_is_named_with_the_nearest_word(
    method: str, path: str, body: object, status: int, text: str
) -> None:
    """The answer says what happened, the nearest thing known and what there is."""
    with controlled() as remote:
        arranged(remote)
        answer = remote.ask(method, path, body)

        assert (status, text) == (answer.status, answer.text[: len(text)])


def test_every_call_is_described_and_answers_as_described() -> None:
    """Each call of the table stands in the description once; the tests of this file hold its answers against it."""
    with controlled() as remote:
        document = remote.ask("GET", "/openapi.json").json
    asked = {(method.upper(), path) for path, found in document["paths"].items() for method in found}
    names = [one["operationId"] for found in document["paths"].values() for one in found.values()]

    assert EVERY_CALL == asked
    assert sorted(set(names)) == sorted(names)
    assert [] == [one for found in document["paths"].values() for one in found.values() if not one["summary"]]


EVERY_CALL = {
    ("GET", "/"), ("GET", "/openapi.json"), ("POST", "/reset"),
    ("GET", "/state"), ("PUT", "/state"), ("POST", "/state"),
    ("GET", "/snapshots"), ("PUT", "/snapshots/{name}"), ("POST", "/snapshots/{name}/restore"),
    ("GET", "/worlds"), ("POST", "/worlds"), ("DELETE", "/worlds/{name}"),
    ("GET", "/users"), ("POST", "/users"), ("GET", "/users/{role}"),
    ("POST", "/users/{role}/expire"), ("POST", "/users/{role}/renew"), ("POST", "/service"),
    ("GET", "/rules"), ("POST", "/rules"), ("DELETE", "/rules"), ("DELETE", "/rules/{name}"),
    ("GET", "/clock"), ("POST", "/clock"),
    ("GET", "/hold"), ("POST", "/hold"), ("POST", "/release"),
    ("GET", "/journal"), ("DELETE", "/journal"), ("GET", "/overview"),
    ("GET", "/invites"), ("GET", "/activities"), ("GET", "/assumptions"), ("GET", "/unanswered"), ("DELETE", "/unanswered"),
    ("GET", "/connections"), ("POST", "/connections/{id}/drop"), ("POST", "/connections/{id}/resync"), ("GET", "/taps"),
    ("POST", "/settle"),
    *{("POST", f"/assert/{claim}") for claim in (
        "invited", "not_invited", "no_invites", "activity", "no_activity", "sent", "not_sent", "in_order",
        "no_assumptions", "all_answered",
    )},
}  # fmt: skip
"""Method and path of every call, as the docs name them."""


def test_it_describes_itself() -> None:
    """The OpenAPI document holds every call, with its words."""
    with controlled() as remote:
        found = remote.ask("GET", "/openapi.json").json

    assert "3.1.0" == found["openapi"]
    assert {"/", "/reset", "/state", "/users/{role}", "/rules", "/journal", "/assert/invited", "/clock"} <= set(
        found["paths"]
    )
    words = found["paths"]["/assert/invited"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"xuids", "session", "title_id", "context", "by", "only", "times", "since", "within"} == set(
        words["properties"]
    )


# ---- where it is


def test_under_tls_it_speaks_plain_http_on_loopback(tmp_path: Path) -> None:
    """No call of it needs a CA: ready line and ready file say where; the service knows nothing of it."""
    ready = tmp_path / "ready.json"
    with process("--json", "--tls", str(tmp_path / "tls"), "--ready-file", str(ready)) as server:
        control = server.ready["control"]
        with connected(control) as connection:
            health = call(connection, "GET", "/_handlesfake").json
            elsewhere = call(connection, "GET", "/handles")
        with connected(server.ready["url"], server.ready["ca"]) as connection:
            status = call(connection, "GET", "/_handlesfake").status

        assert server.ready == json.loads(ready.read_text())

    assert control.startswith("http://127.0.0.1:")
    assert ["fake", 404, 404] == [health["mode"], elsewhere.status, status]
    assert f"There is only the control interface here: {control}\r\n" == elsewhere.text


def test_it_stays_on_loopback_unless_told(tmp_path: Path) -> None:
    """A service that others reach has its control interface on loopback; elsewhere it says so."""
    with process("--json", "--host", "0.0.0.0") as server:
        inside = server.ready["control"]
    with process("--json", "--control", "0.0.0.0:0") as server:
        server.process.terminate()
        complaint = server.process.communicate(timeout=10)[1]

    assert inside.startswith("http://127.0.0.1:")
    assert "handlesfake: whoever reaches 0.0.0.0:0 may read and change everything here\n" == complaint
