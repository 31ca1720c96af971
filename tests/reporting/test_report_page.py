"""The report as a file: what is in it, and that nothing else is needed or let in."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from tests.reporting.pages import data_of, page_of, part_of, scope
from tests.sending import a_double, activity, invite, send

NASTY = "</script><script>alert(1)</script><!--\u2028\ud800"


def test_a_page_needs_nothing_and_lets_nothing_run_but_itself() -> None:
    """Its policy names its own style and script by their digests, and allows no address at all."""
    page = page_of(scope("test_it"))
    allowed = re.search(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', page)
    assert allowed is not None
    policy = dict(part.split(" ", 1) for part in allowed[1].split("; "))
    digests = {
        kind: f"'sha256-{b64encode(sha256(found.encode()).digest()).decode()}'"
        for kind in ("style", "script")
        for found in re.findall(f"<{kind}>(.*?)</{kind}>", page, re.S)
    }

    assert {"style": policy["style-src"], "script": policy["script-src"]} == digests
    assert ["'none'", "'none'"] == [policy["default-src"], policy["connect-src"]]
    assert [] == re.findall(r"(?:src|href)=[\"'](?!data:|#)", page)
    assert "innerHTML" not in page


def test_what_was_sent_cannot_leave_its_place() -> None:
    """Markup, line separators and lone surrogates are data; the file has no more scripts than the page's own."""
    double = a_double()
    activity(double, double.user("host"), session=NASTY)
    page = page_of(scope(NASTY, part_of(double), failures=[{"when": "call", "message": NASTY, "text": NASTY}]))
    (found,) = data_of(page)["scopes"]

    assert 2 == page.count("</script>")
    assert "<!--" not in page.partition("</style>")[2]
    assert NASTY == found["id"] == found["failures"][0]["message"] == found["parts"][0]["entries"][0]["session"]


def test_an_entry_has_all_that_a_reader_asks_for() -> None:
    """Who, what, why, by which rule, how long, headers less credentials, both bodies; what says nothing is left out."""
    double = a_double()
    host, guest = double.user("host"), double.user("guest")
    double.session("lobby-1", members=[host])
    double.refuse("throttled", times=1, retry_after=2)
    invite(double, host, guest.xuid)
    (entry,) = part_of(double)["entries"]
    headers, answered = dict(entry["headers"]), dict(entry["answer_headers"])

    assert {
        "who": "Host 9000000000000001",
        "invited": "Guest 9000000000000002",
        "session": "lobby-1",
        "outcome": "429",
        "refusal": "throttled",
        "decided_by": "refuse('throttled', times=1)",
        "evidence": "documented",
        "method": "POST",
        "target": "/handles",
    } == {
        name: entry[name]
        for name in entry
        if name in ["who", "invited", "session", "outcome", "refusal", "decided_by", "evidence", "method", "target"]
    }
    assert ["XBL3.0 (masked)", "2"] == [headers["Authorization"], answered["Retry-After"]]
    assert "invite" == entry["body"]["type"]
    assert "In production" in "\n".join(entry["explained"])
    assert set() == {"fault", "notes", "straggler", "body_text", "answer_text"} & entry.keys()


def test_bodies_that_are_no_json_are_shown_as_text() -> None:
    """A request that cannot be read, and the page of a gateway."""
    double = a_double()
    send(double, "POST", "/handles", double.user("host").headers, b"{broken")
    double.rule({"when": {"operation": "create_handle"}, "then": {"respond": {"status": 502, "body": "<h1>"}}})
    activity(double, double.user("host"))
    broken, gateway = part_of(double)["entries"]

    assert ["{broken", "<h1>"] == [broken["body_text"], gateway["answer_text"]]
    assert "body" not in broken


def test_what_is_pushed_stands_behind_the_request_that_made_it() -> None:
    """A tap has the number of its request; one that the test itself made, that of the last request before it."""
    double = a_double()
    host, guest = double.user("host"), double.user("guest")
    lobby = double.session("lobby-1", members=[host, guest])
    listening = {
        "active": True,
        "connection": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "subscription": {"id": "845cc784-7348-4a27-bcde-c083579dd113", "changeTypes": ["everything"]},
    }
    send(double, "PUT", lobby.path, guest.headers, {"members": {"me": {"properties": {"system": listening}}}})
    send(double, "PUT", lobby.path, host.headers, {"members": {"me": {"properties": {"custom": {"n": 1}}}}})
    taps = part_of(double)["taps"]

    assert [(2, "Guest 9000000000000002", "lobby-1", ["membersCustomProperty"])] == [
        (tap["after"], tap["who"], tap["session"], tap["changes"]) for tap in taps
    ]
