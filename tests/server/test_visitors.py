"""Which requests the control interface accepts: known names, no page of another site; and no GET changes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.mpsd.http.message import Headers, Request
from handlesfake.server.control.visitors import Visitors
from tests.server.lobby import activity, arranged
from tests.server.servers import Remote, call, connected, controlled, process, raw

URL = "http://127.0.0.1:8080/_handlesfake"


def refusal(host: str | None, *names: str, **headers: str) -> str:
    """What is said to a request with that ``Host``."""
    said = {} if host is None else {"Host": host}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Visitors(names).refusal(Request("GET", "/_handlesfake", Headers((said | given).items())), URL)


# ---- names


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.0.0.1:8080", "10.0.0.7:80", "[::1]", "[::1]:8080", "[fe80::1]:1", "localhost", "LOCALHOST:1",
        "localhost.", "app.localhost:8080", "mpsd", "MPSD:8080", "mpsd.", "fake.test:1",
    ],
)  # fmt: skip
def test_it_answers_to_addresses_and_to_names_that_it_was_told_of(host: str) -> None:
    """Case, port and the dot of the root make no difference: ports are forwarded."""
    assert "" == refusal(host, "mpsd", "Fake.Test.")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8080", "localhost.evil.example", "notlocalhost", "mpsd.evil.example", "127.0.0.1.x",
     "[evil.example]", "", ":8080", "2130706433.", "a b", "user@127.0.0.1", "127.0.0.1, evil.example"],
)  # fmt: skip
def test_any_other_name_could_be_that_of_a_web_page(host: str) -> None:
    """What only looks like an address or a known name is refused."""
    assert refusal(host, "mpsd").startswith("the control interface does not answer to the name ")


def test_a_program_that_says_no_name_is_heard() -> None:
    """A browser always says one; HTTP/1.0 need not."""
    assert "" == refusal(None)


def test_the_refusal_prints_the_option() -> None:
    """Name, option, and what always works."""
    assert (
        "the control interface does not answer to the name 'mpsd': a web page may have led it here.\n"
        "  to call it so: handlesfake serve --name mpsd, or in Python handlesfake.serve(mpsd, names=['mpsd'])\n"
        "  it always answers to IP addresses, localhost, and the hosts of --host and --control"
    ) == refusal("mpsd:8080")


def test_nothing_that_a_shell_would_run_is_advised() -> None:
    """What is not a host name is shown in quotes, and is in no command."""
    assert "--name HOST," in refusal("$(id)")


# ---- pages


@pytest.mark.parametrize(
    ("headers", "heard"),
    [
        ({}, True),
        ({"Origin": "http://localhost:8080", "Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "none"}, True),
        ({"Origin": "http://LOCALHOST:8080"}, True),
        ({"Origin": "http://localhost:8081"}, False),
        ({"Origin": "https://elsewhere.test"}, False),
        ({"Origin": "null"}, False),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": "Cross-Site"}, False),
    ],
)
def test_only_the_live_page_may_ask_in_a_browser(headers: dict[str, str], heard: bool) -> None:
    """Another port is another page; a person who types the address is not a page."""
    assert heard is (refusal("localhost:8080", **headers) == "")


def test_the_refusal_of_a_page_names_the_live_page() -> None:
    """Both sentences end with where a person may look."""
    assert [
        f"a page of https://elsewhere.test asks; a browser may only do so from the live page: {URL}/",
        f"a page of another site asks; a browser may only do so from the live page: type {URL}/ by hand",
    ] == [
        refusal("localhost", Origin="https://elsewhere.test"),
        refusal("localhost", Sec_Fetch_Site="cross-site"),
    ]


# ---- all of it, and nothing else


def asked(remote: Remote, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Status and body of one call, with those headers alone."""
    answer = call(remote.connection, method, f"/_handlesfake{path}", **headers)
    return answer.status, answer.text


def test_each_call_in_each_method_is_refused_alike() -> None:
    """Live page, description, worlds, a missing address, HEAD and OPTIONS: before anything is looked at."""
    with controlled() as remote:
        arranged(remote)
        paths = [*remote.described.document["paths"], "/nothing", "/worlds/w1/users"]
        methods = ("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS", "PATCH")
        statuses = {asked(remote, method, path, Host="evil.example")[0] for path in paths for method in methods}
        page = asked(remote, "GET", "/", Host="evil.example", Accept="text/html")

    assert {403} == statuses
    assert (403, False) == (page[0], "<" in page[1])


def test_the_service_answers_to_any_name() -> None:
    """A client is led to it by names of every kind, the real ones among them."""
    with controlled() as remote:
        host, _ = arranged(remote)
        statuses = [
            call(remote.connection, "GET", "/handles/none", Host=name, **host["headers"]).status
            for name in ("sessiondirectory.xboxlive.com", "evil.example", "127.0.0.1")
        ]

    assert 1 == len(set(statuses))
    assert 403 not in statuses


def test_a_web_socket_leads_to_no_control() -> None:
    """It answers requests only; an upgrade is 404 there."""
    upgrade = (
        b"GET /_handlesfake/users HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as server, controlled() as remote:
        answers = []
        for url in (server.control_url, remote.url):
            with raw(url) as connection:
                connection.sendall(upgrade)
                answers.append(connection.recv(65536).split(b"\r\n", 1)[0])

    assert [b"HTTP/1.1 404 "] * 2 == [answer[:13] for answer in answers]


# ---- how it is told


def test_a_name_of_the_command_line(tmp_path: Any) -> None:
    """--name, which may be said again, and the host of --control."""
    options = ("--name", "mpsd", "--name", "fake.test", "--control", "localhost:0")
    with process("--json", *options) as server, connected(server.ready["control"]) as connection:
        statuses = [
            call(connection, "GET", "/_handlesfake", Host=name).status
            for name in ("mpsd", "fake.test:80", "localhost", "127.0.0.1", "other.test")
        ]

    assert [200, 200, 200, 200, 403] == statuses


def test_names_in_python() -> None:
    """``handlesfake.serve(mpsd, names=...)``, one or several: the certificate is good for them, too."""
    with (
        handlesfake.fake() as mpsd,
        handlesfake.serve(mpsd, names="fake.test") as server,
        connected(server.control_url) as connection,
    ):
        statuses = [
            call(connection, "GET", "/_handlesfake", Host=name).status for name in ("fake.test", "other.test")
        ]

    assert [200, 403] == statuses


# ---- no GET changes anything


@pytest.fixture
def filled() -> Iterator[Remote]:
    """A server with a world, users, a session, a request, a rule, a snapshot and a hold."""
    with controlled() as remote:
        host, _ = arranged(remote)
        remote.post(host, activity())
        for method, path, body in (
            ("POST", "/worlds", {"users": ["host"]}),
            ("POST", "/worlds/w1/state", {"users": [{"role": "late"}]}),
            ("POST", "/rules", {"rules": [{"name": "busy", "then": {"refuse": "throttled"}, "when": {"nth": 9}}]}),
            ("PUT", "/snapshots/lobby", None),
            ("POST", "/hold", {"operation": "put_session"}),
        ):
            assert remote.ask(method, path, body).status < 300
        yield remote


def state_of(remote: Remote) -> Mapping[str, Any]:
    """Everything that calls can change, of both worlds, by what lies below the calls."""
    worlds = [{**one, "age": 0} for one in remote.ask("GET", "/worlds").json]
    told = ("/state", "/users", "/rules", "/journal", "/snapshots", "/hold", "/unanswered", "/taps", "/assumptions")
    kept = {
        f"{where}{path}": remote.ask("GET", f"{where}{path}").text for where in ("", "/worlds/w1") for path in told
    }
    return {"worlds": worlds, "directory": repr(core_of(remote.mpsd).world.directory), **kept}


def test_no_get_changes_anything(filled: Remote) -> None:
    """Each GET of the description, of existing and missing names, in both worlds."""
    before = state_of(filled)
    paths = [path for path, found in filled.described.document["paths"].items() if "get" in found]
    statuses = {
        filled.ask("GET", where + re.sub(r"\{\w+\}", name, path)).status
        for where in ("", "/worlds/w1")
        for path in paths
        for name in ("host", "nothing-there", "late")
    }

    assert before == state_of(filled)
    assert {200, 404} == statuses


def test_put_makes_a_user_once(filled: Remote) -> None:
    """201 when it was missing, 200 when it existed; additional words count."""
    first = filled.ask("PUT", "/users/new", {"gamertag": "FarAway"})
    again = filled.ask("PUT", "/users/new")

    assert [201, 200] == [first.status, again.status]
    assert first.json == again.json == filled.ask("GET", "/users/new").json
    assert ["new", "FarAway"] == [first.json["role"], first.json["gamertag"]]


def test_the_token_of_a_state_leads_to_its_world_at_once(filled: Remote) -> None:
    """A user that a state file has made in a world is read as it is: its token leads there already."""
    token = filled.ask("GET", "/worlds/w1/users/late").json["authorization"]

    assert token.startswith("XBL3.0 x=w1.")
