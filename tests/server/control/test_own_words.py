"""What the control interface says to a test in another language is in its own words: nothing in it is Python."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

from handlesfake.mpsd.refusals.catalogue import Refusal
from handlesfake.mpsd.state.identity import Caller, KnownUser
from handlesfake.mpsd.state.session import SessionRef
from handlesfake.reporting.advice import advice
from handlesfake.server.control.words import CONTROL
from handlesfake.services.table import refusals
from handlesfake.vocabulary import PYTHON, speaking, spoken
from tests.server.servers import ACTIVITY, HEADERS, call, controlled

PYTHON_WORDS = re.compile(
    r"\bmpsd\.[a-z]|\bhandlesfake\.\w+\(|\w\(\)|\b(?:held|clock|choices|service|host|guest)\.[a-z]|\bchoices=|\b(?:json|data)="
    r"|\b(?:True|False|None)\b(?!-)|\bawait\b|\b\w+Error\b|\bdict\b|\bin Python\b|\bpytest\b|\bfixture\b|\bini file\b"
    r"|\bmpsd_[a-z]+"
    r"|\b(?:authorization|user_hash|title_id|xuid|members|times)=(?!\d)"
)
"""What only a reader of Python understands."""

MPSD = Path(__file__).parents[3] / "handlesfake" / "mpsd"
HOST = KnownUser("9000000000000001", "uhs-9000000000000001", "1234567890", "FakeTag 0001", "host")
LOBBY = SessionRef("7e570100-1111-4222-8333-444455556666", "FakeLobby", "lobby-1")
ELSEWHERE = SessionRef("7e570100-1111-4222-8333-444455556666", "Other", "lobby-1")
FACTS = {"caller": HOST, "session": LOBBY, "members": (HOST.xuid,), "user_hash": "1234567890123456789"}
OTHER_FACTS = {
    "caller": Caller("1234567890", (), is_service=True),
    "user_hash": "-",
    "session": LOBBY,
    "nearest": ELSEWHERE,
}


def _refused(name: str, **facts: object) -> Refusal:
    """The refusal of that name, with something in each gap of its sentence."""
    gaps = [gap for _, gap, _, _ in Formatter().parse(refusals()[name].sentence) if gap]
    return Refusal(refusals()[name], **{**dict.fromkeys(gaps, "x"), **facts})


def test_the_ways_out_of_each_refusal() -> None:
    """For every refused client, and every user of the test."""
    with speaking(CONTROL):
        found = {
            (name, line)
            for name in refusals()
            for facts in (FACTS, OTHER_FACTS)
            for users in ({}, {HOST.xuid: "host"})
            for line in advice(_refused(name, **facts), users)
        }

    assert len(found) > 100
    assert set() == {one for one in found if PYTHON_WORDS.search(one[1])}


def test_the_sieve_finds_python() -> None:
    """The same texts in Python's words do not pass it; a block that speaks otherwise has ended."""
    found = {name: "\n".join(advice(_refused(name, **FACTS))) for name in refusals()}

    assert PYTHON is spoken()
    assert sum(PYTHON_WORDS.search(text) is not None for text in found.values()) > 30


def test_each_assumption_says_both() -> None:
    """Each assumption shows how to say it in Python, and over the control interface."""
    made = [
        (path.name, node.lineno, len(node.args))
        for path in MPSD.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Assumption"
    ]

    assert len(made) > 6
    assert [] == [one for one in made if one[2] != 4]


BODIES: tuple[tuple[str, str, object], ...] = (
    ("POST", "/users", {"role": "x", "xuid": "abc"}),
    ("POST", "/users", {"role": "12"}),
    ("POST", "/users", {"role": " x"}),
    ("POST", "/users", {"role": "x", "title_id": "t"}),
    ("POST", "/users", {"role": "x", "authorization": "no"}),
    ("POST", "/users", {"role": "x", "authorization": "XBL3.0 x=-;t"}),
    ("POST", "/users", {"role": "x", "authorization": "XBL3.0 x=7;t", "user_hash": "8"}),
    ("POST", "/users", {"role": "x", "user_hash": "uhs-9000000000000001"}),
    ("POST", "/users", {"role": "x", "user_hash": "-"}),
    ("POST", "/users", {"role": "x", "user_hash": "a;b"}),
    ("POST", "/users", {"role": "guest", "xuid": "9000000000000001"}),
    ("POST", "/users", {"role": "new", "xuid": "9000000000000001"}),
    ("POST", "/users", {"role": "x", "follows": ["nobody"]}),
    ("PUT", "/users/123", None),
    ("POST", "/service", {"title_id": "x"}),
    ("POST", "/service", {"authorization": "XBL3.0 x=7;t"}),
    ("POST", "/service", {"authorization": "x"}),
    ("POST", "/service", {"users": ["nobody"]}),
    ("POST", "/clock", {"advance": "2x"}),
    ("POST", "/clock", {"advance": -1}),
    ("POST", "/clock", {"advance": 1e12}),
    ("POST", "/clock", {"set": "yesterday"}),
    ("POST", "/hold", {"operation": "x"}),
    ("POST", "/hold", {"operation": "create_handle", "when": {"type": "Invite"}}),
    ("POST", "/hold", {"when": {"caller": "nobody"}}),
    ("POST", "/release", {"name": "nope"}),
    ("POST", "/release", {"count": 5}),
    ("POST", "/release", {"count": 0}),
    ("POST", "/connections/host/drop", {"code": 1}),
    ("POST", "/connections/host/drop", {"mute": True, "code": 1001}),
    ("POST", "/connections/host/drop", {"mute": True}),
    ("POST", "/connections/nobody/drop", {}),
    ("POST", "/choices", {"x": 1}),
    ("POST", "/choices", {"invite_to_self": 3}),
    ("POST", "/choices", {"invite_attributes_required": 3}),
    ("POST", "/choices", [3]),
    ("POST", "/choices", {"custom_size_limit": "x"}),
    ("POST", "/rules", {"rules": [{"then": {"fault": "x"}}]}),
    ("POST", "/rules", {"rules": [{"when": {"caller": "nobody"}, "then": {"refuse": "throttled"}}]}),
    ("POST", "/rules", {"rules": [{"when": {"type": "Invite"}, "then": {"refuse": "throttled"}}]}),
    ("POST", "/state", {"users": [{"role": "1"}]}),
    ("POST", "/state", {"titles": [{"title_id": "x"}]}),
    ("POST", "/state", {"users": [{"role": "zz", "xuid": "9000000000000001"}]}),
    ("POST", "/state", {"friends": [["host"]]}),
    ("POST", "/state", {"activities": [{"user": "host", "session": "zz"}]}),
    ("POST", "/state", {"invites": [{"sender": "host", "invited": ["zz"], "session": "lobby-1"}]}),
    ("POST", "/assert/invited", {"xuids": ["guest"]}),
    ("POST", "/assert/invited", {"xuids": ["nobody"]}),
    ("POST", "/assert/invited", {"xuids": ["guest"], "since": 99}),
    ("POST", "/assert/not_invited", {"xuids": []}),
    ("POST", "/assert/activity", {"user": "guest"}),
    ("POST", "/assert/no_activity", {"user": "host"}),
    ("POST", "/assert/sent", {"operation": "zz"}),
    ("POST", "/assert/sent", {"operation": "unrouted"}),
    ("POST", "/assert/sent", {"operation": "invite"}),
    ("POST", "/assert/sent", {"operation": "create_handle", "accepted": False}),
    ("POST", "/assert/sent", {"operation": "create_handle", "times": 9}),
    ("POST", "/assert/sent", {"operation": "create_handle", "fields": {"session": "https://x/y"}}),
    ("POST", "/assert/in_order", {"steps": ["put_session"]}),
    ("POST", "/assert/in_order", {"steps": []}),
    ("POST", "/assert/no_assumptions", {"except": ["zz"]}),
    ("POST", "/settle", {"seconds": -1}),
    ("GET", "/journal?type=Invite", None),
    ("GET", "/journal?operation=unrouted", None),
    ("POST", "/snapshots/y/restore", None),
    ("DELETE", "/worlds/zz", None),
    ("DELETE", "/rules/zz", None),
)
"""Calls that cannot be, or claims that do not hold."""


def test_what_cannot_be_asked() -> None:
    """Each complaint and each failed claim."""
    with controlled() as remote:
        host = remote.ask("POST", "/users", {"role": "host"}).json
        remote.ask("POST", "/users", {"role": "guest"})
        remote.ask("POST", "/state", {"sessions": [{"name": "lobby-1", "members": ["host"]}]})
        call(remote.connection, "POST", "/handles", ACTIVITY, **host["headers"])
        remote.ask("POST", "/hold", {"operation": "delete_handle"})
        said = {(path, str(body)): remote.ask(method, path, body) for method, path, body in BODIES}

    assert {} == {asked: one.status for asked, one in said.items() if one.status not in (404, 409, 422)}
    assert {} == {asked: one.text for asked, one in said.items() if PYTHON_WORDS.search(one.text)}


def test_what_was_sent_and_how_it_reads() -> None:
    """The journal as JSON and as text, the assumptions, and the description: a form, a wrong token, a stranger."""
    with controlled() as remote:
        call(remote.connection, "POST", "/handles", ACTIVITY, **{**HEADERS, "Authorization": "XBL3.0 x=7;made-up"})
        host = remote.ask("POST", "/users", {"role": "host"}).json
        form = {**host["headers"], "Content-Type": "application/x-www-form-urlencoded"}
        call(remote.connection, "POST", "/handles", "type=activity", **form)
        call(remote.connection, "POST", "/handles", ACTIVITY, **{**HEADERS, "Authorization": "XBL3.0 x=8;made-up"})
        texts = {
            path: remote.ask("GET", path, None, Accept=accept).text
            for path, accept in (("/journal", "*/*"), ("/journal?since=0", "text/plain"), ("/assumptions", "*/*"))
        }
        texts["/assert/no_assumptions"] = remote.ask("POST", "/assert/no_assumptions", {}).text
        texts["/openapi.json"] = remote.ask("GET", "/openapi.json").text
        entry = remote.ask("GET", "/journal").json["entries"][-1]

    assert {} == {path: found[0] for path, text in texts.items() if (found := PYTHON_WORDS.search(text))}
    assert "send JSON, with Content-Type: application/json" in texts["/journal?since=0"]
    assert 'POST /state {"sessions": [{"name": "lobby-1", "members": ["host"]}]}' in texts["/journal?since=0"]
    assert ("server", "", "") == (entry["client"], entry["source"], entry["thread"])
