"""The control interface: what is said of wrong use, and its description of itself."""

from __future__ import annotations

import pytest

from tests.server.lobby import arranged
from tests.server.servers import call, controlled

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
        ("GET", "/journal?type=invit", None, 422, "type 'invit' is not known; did you mean 'invite'?\n"),
        ("GET", "/journal?wait=long", None, 422, "wait=long: this is not a number from 0\n"),
        ("POST", "/assert/invited", {"xuid": "1"}, 422, "the body has no 'xuid'; did you mean 'xuids'?\n"),
        ("POST", "/assert/invited", {"xuids": []}, 422, "xuids: the list is empty; leave it out to claim that any "),
        ("POST", "/assert/invited?times=2", None, 422, "the query has no 'times'.\n  known: nothing\n"),
        ("POST", "/assert/sent", {"operation": "x"}, 422, "operation 'x' is not known."),
        ("POST", "/assert/invited", {"xuids": [3210]}, 422, "POST /assert/invited: xuids are decimal strings on the"),
        ("POST", "/users", "[1, 2", 422, "the body is neither JSON nor YAML: line "),
        ("POST", "/users", [1], 422, "the body must be a mapping of role, xuid, "),
        ("POST", "/users", {"xuid": 5}, 422, 'xuid: expected a text, got 5; write "5", in quotation marks\n'),
        ("POST", "/assert/invited", {"within": "soon"}, 422, "within: expected a number, got 'soon'\n"),
        (
            "POST",
            "/assert/not_invited",
            {"xuids": ["gest"]},
            422,
            "POST /assert/not_invited: 'gest' is not a role and not a xuid; did you mean 'guest'?\n  roles: host, guest\n",
        ),
        (
            "GET",
            "/journal?by=hots",
            None,
            422,
            "by: 'hots' is not a role and not a xuid; did you mean 'host'?\n  roles: ",
        ),
        (
            "POST",
            "/users",
            {"role": "host", "follows": ["gest"]},
            422,
            "the body: 'gest' is not a role and not a xuid; did you",
        ),
        (
            "GET",
            "/user/host",
            None,
            404,
            "the control interface has no 'GET /user/host'; did you mean 'GET /users/{role}'?",
        ),
        (
            "GET",
            "/users/hots",
            None,
            404,
            "no user has the role 'hots' here; did you mean 'host'?\n  roles: host, guest\n  to make one: PUT http://",
        ),
        ("POST", "/users/gest/expire", None, 422, "no user has the role 'gest' here; did you mean 'guest'?\n"),
        ("POST", "/users/gest/renew", None, 422, "no user has the role 'gest' here; did you mean 'guest'?\n"),
        (
            "POST",
            "/service/expire",
            {"title_id": "1234567891"},
            422,
            "no service has the title '1234567891' here.\n  titles: none yet\n  to make one: POST http://",
        ),
        ("POST", "/service/renew", {"title": "1"}, 422, "the body has no 'title'; did you mean 'title_id'?\n"),
        ("POST", "/service/renew", {"title_id": 5}, 422, 'title_id: expected a text, got 5; write "5", in quotation'),
        ("PUT", "/users/host", {"role": "x"}, 422, "the body has no 'role'.\n  known: xuid, gamertag, "),
        (
            "POST",
            "/state",
            {"sessions": [{"member": []}]},
            422,
            "the body, line 1, column 16: a session has no 'member'; did you mean",
        ),
        ("POST", "/assert/sent", {}, 422, "assert/sent needs 'operation', and the body does not say it\n"),
        ("POST", "/clock", {}, 422, 'the body must be {"advance": "2h"}, {"set": "2026'),
        ("POST", "/clock", {"advance": "soon"}, 422, "clock: 'soon' is not a length of time; "),
        ("POST", "/clock", {"advance": [1]}, 422, "advance: expected a text or a number, got [1]\n"),
        ("POST", "/clock", {"freeze": "yes"}, 422, "freeze: expected true or false, got 'yes'\n"),
        ("POST", "/hold", {"operation": "put"}, 422, ""),
        (
            "POST",
            "/hold",
            {"when": {"caller": "hots"}},
            422,
            "POST /hold: caller 'hots' is not a role and not a xuid; did you mean 'host'?\n"
            "  roles: host, guest; PUT /users/hots makes one\n",
        ),
        (
            "POST",
            "/rules",
            {"rules": [{"when": {"invitee": "gest"}, "then": {"refuse": "throttled"}}]},
            422,
            "the body, line 1, column 33: invitee 'gest' is not a role and not a xuid; did you mean 'guest'?\n  roles: ",
        ),
        ("POST", "/release", {"name": "x"}, 422, "there is no hold 'x'.\n  known: none: POST hold begins one\n"),
        ("POST", "/release", {"count": 1}, 422, "count=1 of which hold? There are: none; POST hold begins one.\n"),
        ("GET", "/rules?fired=yes", None, 422, "fired=yes: write 1 for the rules that acted, 0 for those that did"),
        (
            "GET",
            "/journal?by=a&count=1&count=2",
            None,
            422,
            "the query says 'count' more than once: 1 and 2. Say it once.\n",
        ),
        ("DELETE", "/worlds/w9", None, 404, "there is no world 'w9'. Known: only the default one. POST /worlds"),
        ("DELETE", "/rules/none", None, 422, "there is no rule 'none'. Known: none with a name.\n"),
        ("POST", "/snapshots/no/restore", None, 422, "there is no snapshot 'no'.\n  known: none yet: "),
        ("PUT", "/reset", None, 405, "PUT /reset: there is POST only\n"),
        ("DELETE", "/", None, 405, "DELETE /: there is GET only\n"),
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
    """The description has each call of the table once; the tests of this file compare its answers with it."""
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
    ("GET", "/worlds"), ("POST", "/worlds"), ("GET", "/worlds/{name}"), ("DELETE", "/worlds/{name}"),
    ("POST", "/worlds/{name}/renew"), ("POST", "/worlds/{name}/expire"),
    ("GET", "/users"), ("POST", "/users"), ("GET", "/users/{role}"), ("PUT", "/users/{role}"),
    ("POST", "/users/{role}/expire"), ("POST", "/users/{role}/renew"), ("POST", "/service"),
    ("POST", "/service/expire"), ("POST", "/service/renew"),
    ("GET", "/rules"), ("POST", "/rules"), ("DELETE", "/rules"), ("DELETE", "/rules/{name}"),
    ("GET", "/choices"), ("POST", "/choices"), ("PUT", "/choices"), ("GET", "/clock"), ("POST", "/clock"),
    ("GET", "/hold"), ("POST", "/hold"), ("POST", "/release"),
    ("GET", "/journal"), ("DELETE", "/journal"), ("GET", "/overview"),
    ("GET", "/invites"), ("GET", "/activities"), ("GET", "/assumptions"), ("GET", "/unanswered"), ("DELETE", "/unanswered"),
    ("GET", "/connections"), ("POST", "/connections/{who}/drop"), ("POST", "/connections/{who}/resync"), ("GET", "/taps"),
    ("POST", "/settle"),
    *{("POST", f"/assert/{claim}") for claim in (
        "invited", "not_invited", "no_invites", "activity", "no_activity", "sent", "not_sent", "in_order",
        "no_assumptions", "all_answered",
    )},
}  # fmt: skip
"""Method and path of every call, as the docs name them."""


def test_only_what_reads_is_404_where_a_role_is_unknown() -> None:
    """``GET`` of a missing user is 404, and of a missing world; what would change a user says 422, as other words."""
    with controlled() as remote:
        paths = remote.ask("GET", "/openapi.json").json["paths"]
    lacking = {
        (method, path) for path, found in paths.items() for method, one in found.items() if "404" in one["responses"]
    }

    assert {("get", "/users/{role}")} == {one for one in lacking if not one[1].startswith("/worlds/")}
    assert {"/worlds/{name}", "/worlds/{name}/renew", "/worlds/{name}/expire"} == {
        path for _, path in lacking if path.startswith("/worlds/")
    }


def test_what_ends_or_renews_tokens_makes_no_user() -> None:
    """A misspelt role leaves the users as they were."""
    with controlled() as remote:
        arranged(remote)
        before = remote.ask("GET", "/users").json
        answers = [remote.ask("POST", f"/users/hots/{what}").status for what in ("expire", "renew")]

        assert [422, 422] == answers
        assert before == remote.ask("GET", "/users").json


def test_it_describes_itself() -> None:
    """The OpenAPI document holds every call, with its words."""
    with controlled() as remote:
        found = remote.ask("GET", "/openapi.json").json

    assert "3.1.0" == found["openapi"]
    assert {"/", "/reset", "/state", "/users/{role}", "/rules", "/journal", "/assert/invited", "/clock"} <= set(
        found["paths"]
    )
    words = found["paths"]["/assert/invited"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"xuids", "session", "title_id", "context", "by", "only", "times", "service", "since", "within"} == set(
        words["properties"]
    )


def test_a_mistake_of_ours_is_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client in another language sees the traceback, and that it is not its own."""
    with controlled() as remote:
        monkeypatch.setattr(type(remote.mpsd), "dump", lambda _: 1 / 0)
        answer = call(remote.connection, "GET", "/_handlesfake/state")

    assert 500 == answer.status
    assert answer.text.startswith("GET /_handlesfake/state has met a mistake in handlesfake itself:\n\nTraceback ")
    assert answer.text.endswith("ZeroDivisionError: division by zero\n")
