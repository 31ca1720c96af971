"""``handlesfake serve`` as another process: what it says, what it takes, how it ends."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

import handlesfake
from tests.server.servers import (
    ACTIVITY,
    HEADERS,
    call,
    command,
    connected,
    post,
    posted,
    process,
    raw,
    refused,
    refused_by_a_process,
)
from tests.systems.needed import system_has


def test_one_line_says_that_it_is_ready() -> None:
    """For people: where it answers, where to look, and how to end it."""
    with process() as server:
        url = re.escape(server.line.split()[5].rstrip(";"))
        line = server.line

    assert re.fullmatch(r"http://127\\.0\\.0\\.1:\d+", url)
    assert re.fullmatch(
        f"handlesfake answers as MPSD on {url}; look at it and ask it on {url}/_handlesfake/ \\(Ctrl-C ends it\\)\n",
        line,
    )


def test_the_help_says_what_the_ready_line_says() -> None:
    """Each field of the ready object and each exit status is in --help."""
    done = subprocess.run([*command(), "--help"], check=True, capture_output=True, text=True)
    with process("--json") as server:
        fields = set(server.ready) | {"ca"}

    assert set() == {field for field in fields if f'"{field}"' not in done.stdout}
    assert "--ready-file FILE" in done.stdout
    assert "Exit status: 0 a clean end; 1 " in done.stdout


def test_the_certificate_is_good_for_more_names(tmp_path: Path) -> None:
    """--name is how a container is called by its neighbours."""
    with process("--json", "--tls", str(tmp_path), "--name", "mpsd.test") as server:
        context = ssl.create_default_context(cafile=server.ready["ca"])
        port = int(server.ready["url"].rpartition(":")[2])
        names = []
        for name in ("mpsd.test", "sessiondirectory.xboxlive.com", "rta.xboxlive.com"):
            plain = socket.create_connection(("127.0.0.1", port))
            with context.wrap_socket(plain, server_hostname=name) as wrapped:
                names.append(wrapped.version() is not None)

    assert [True, True, True] == names


def test_the_same_for_programs() -> None:
    """With --json the line is one object, and what it says is true."""
    with process("--json") as server:
        status = posted(server.ready["url"]).status

        assert server.process.pid == server.ready["pid"]

    assert 201 == status


def test_a_port_of_ones_own() -> None:
    """--port is the port, and a server that has ended leaves it free for the next."""
    with process("--json") as first:
        port = first.ready["url"].rpartition(":")[2]
        first.stop(signal.SIGTERM)
    with process("--json", "--port", port) as second:
        url = second.ready["url"]

    assert f"http://127.0.0.1:{port}" == url


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked(number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end it with status 0 and without a word of complaint."""
    with process() as server:
        end = server.stop(number)

    assert (0, "", "") == end


def test_it_ends_cleanly_with_clients_that_stay(tmp_path: Path) -> None:
    """So it does with an idle connection, one that waits for its answer, and one that never ends its request."""
    rules = tmp_path / "lost.yaml"
    rules.write_text("rules:\n  - when: {operation: create_handle, nth: 2}\n    then: {lose_answer: timeout}\n")
    with process("--json", "--rules", str(rules)) as server:
        url = server.ready["url"]
        with connected(url) as idle, connected(url) as waiting, raw(url) as slow:
            post(idle)
            waiting.request("POST", "/handles", ACTIVITY, HEADERS)
            slow.sendall(b"POST /handles HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
            end = server.stop(signal.SIGTERM)

    assert (0, "", "") == end


def test_it_ends_cleanly_with_a_client_in_its_tls_handshake(tmp_path: Path) -> None:
    """A client that never says hello is not yet a connection, but is cut off."""
    with process("--json", "--tls", str(tmp_path)) as server:
        url = server.ready["url"]
        with raw(url) as silent:
            posted(url, server.ready["ca"])  # the silent client was accepted before
            end = server.stop(signal.SIGTERM)
            rest = silent.recv(1)

    assert (0, "", "", b"") == (*end, rest)


@system_has("modes")
def test_it_serves_tls_under_a_ca_of_its_own(tmp_path: Path) -> None:
    """With --tls, a client that trusts DIR/ca.pem connects without more; no other user can read the key."""
    folder = tmp_path / "tls"
    with process("--json", "--tls", str(folder)) as server:
        status = posted(server.ready["url"], server.ready["ca"]).status
        end = server.stop(signal.SIGTERM)

        assert str(folder / "ca.pem") == server.ready["ca"]

    assert 201 == status
    modes = {path.name.partition("-")[0]: path.stat().st_mode & 0o777 for path in folder.iterdir()}

    assert {"ca.key": 0o600, "server": 0o600} == {name: mode for name, mode in modes.items() if name != "ca.pem"}
    assert (0, "", "") == end


def test_switches_reach_the_service(tmp_path: Path) -> None:
    """--strict assumes nothing, --dialect documented gives no body, and --rules decide."""
    rules = tmp_path / "busy.yaml"
    rules.write_text("rules:\n  - when: {type: activity, nth: 2}\n    then: {refuse: throttled}\n")
    with process("--json", "--strict") as server:
        unknown = posted(server.ready["url"])
    with process("--json", "--dialect", "documented", "--rules", str(rules)) as server:
        created, busy = posted(server.ready["url"]), posted(server.ready["url"])

    assert [403, 201, 429] == [unknown.status, created.status, busy.status]
    assert b"" == created.body


def test_a_recording_is_played(tmp_path: Path) -> None:
    """--cassette answers what it holds; anything else is 501, with the text that says what is nearest."""
    path = tmp_path / "lobby.yaml"
    with handlesfake.fake() as mpsd, handlesfake.serve(mpsd) as service:
        recorded = handlesfake.record(path, record="rewrite", hosts=(service.url.removeprefix("https://"),))
        with recorded:
            first = posted(service.url, service.ca_file)
    with process("--json", "--cassette", str(path)) as server:
        played = posted(server.ready["url"])
        with connected(server.ready["url"]) as connection:
            unknown = call(connection, "DELETE", f"/handles/{'0' * 8}-1111-4111-8111-{'0' * 12}")

    assert [201, 201, 501] == [first.status, played.status, unknown.status]
    assert "lobby.yaml" in unknown.text


# ---- what it cannot do: status 2, and a sentence that says what to do


def test_a_port_that_is_taken() -> None:
    """It is named, with the way to a free one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        end = refused_by_a_process("--port", str(port))

    assert (
        2,
        "",
        f"handlesfake: cannot listen on 127.0.0.1:{port}: Address already in use.\n"
        "  take another port, or --port 0 for any free one\n",
    ) == end


def what_a_look_up_says(host: str) -> str:
    """The words of this system for a host that it does not find."""
    with socket.socket() as any_socket, pytest.raises(socket.gaierror) as caught:
        any_socket.bind((host, 0))
    return caught.value.strerror


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ("--port", "70000"),
            "cannot listen on 127.0.0.1:70000: no such port.\n"
            "  a port is a number from 0 (any free one) to 65535, a host a name or an address of this machine",
        ),
        (
            ("--host", "192.0.2.1"),
            f"cannot listen on 192.0.2.1:0: {os.strerror(errno.EADDRNOTAVAIL)}.\n"
            "  that is not an address of this machine: 127.0.0.1 is its loopback, 0.0.0.0 is all it has",
        ),
        (
            ("--host", "a..b"),
            f"cannot listen on a..b:0: {what_a_look_up_says('a..b')}.\n"
            "  that is not an address of this machine: 127.0.0.1 is its loopback, 0.0.0.0 is all it has",
        ),
        (
            ("--host", "\xe9" * 70),
            "cannot listen on " + "\xe9" * 70 + ":0: no such host.\n"
            "  a port is a number from 0 (any free one) to 65535, a host a name or an address of this machine",
        ),
    ],
    ids=["port", "address", "unknown host", "no host"],
)
def test_an_address_that_cannot_be(arguments: tuple[str, ...], complaint: str) -> None:
    """It is named, and what can be."""
    assert (2, "", f"handlesfake: {complaint}\n") == refused(*arguments)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """--tls with a file instead of its folder."""
    path = tmp_path / "tls"
    path.write_text("")

    assert (
        2,
        "",
        f"handlesfake: --tls {path}: File exists.\n  name a folder that this user may write, or one to be made\n",
    ) == refused("--tls", str(path))


def test_a_rule_file_that_says_something_else(tmp_path: Path) -> None:
    """Its mistake is named by line before anything listens."""
    path = tmp_path / "busy.yaml"
    path.write_text("rules:\n  - then: {refuse: throtled}\n")

    status, output, complaint = refused("--rules", str(path))

    assert (2, "") == (status, output)
    assert complaint.startswith(f"handlesfake: {path}, line 2, column ")
    assert "did you mean 'throttled'?" in complaint


def test_the_ready_line_waits_for_no_buffer() -> None:
    """A program that reads one line gets it at once, although the output is a pipe; it is whole JSON."""
    with process("--json") as server:
        found = json.loads(server.line)

    assert {"url", "pid"} <= set(found)


def test_choices_come_from_a_file_and_single_ones(tmp_path: Path) -> None:
    """Single ones go over those of the file, in their order."""
    path = tmp_path / "choices.yaml"
    path.write_text("tap_interval: 1.5\nactivity_bumps: 2\ninvite_lifetime_seconds: 60\n")
    said = ("--choice", "realistic", "--choice", "activity_bumps=3", "--choice", "invite_to_self=400")
    said += ("--choice", "debug_header=true", "--choice", "custom_merge=deep", "--choice", "custom_size_limit=None")
    with process("--json", "--choices", str(path), *said) as server, connected(server.ready["url"]) as connection:
        found = call(connection, "GET", "/_handlesfake/choices", Accept="*/*").json

    assert [2.6, 30, 3, 60, 400, True, "deep", None] == [
        found[name]
        for name in (
            "tap_interval", "rta_inactive_seconds", "activity_bumps", "invite_lifetime_seconds", "invite_to_self",
            "debug_header", "custom_merge", "custom_size_limit",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("invite_to_slef=400", "the choice 'invite_to_slef' is not known; did you mean 'invite_to_self'?"),
        ("invite_to_self=500", 'the choice invite_to_self cannot be "500"; wanted 201 or 400.'),
        (
            "invite_to_self",
            "no set of choices is called 'invite_to_self'. Known: realistic; a single choice is written",
        ),
        ("tap_interval=", 'the choice tap_interval cannot be ""; wanted a number from 0 on.'),
        ("tap_interval=NaN", "the choice tap_interval cannot be"),
    ],
)
def test_a_choice_that_cannot_be(said: str, problem: str) -> None:
    """What is wrong, and what is known."""
    status, _, complaints = refused("--choice", said)

    assert (2, True) == (status, f"--choice {said}: {problem}" in complaints), complaints


def test_a_file_of_choices_that_cannot_be(tmp_path: Path) -> None:
    """It is named, and what is wrong in it."""
    path = tmp_path / "choices.yaml"
    said = []
    for text in ("tap_intervall: 1\n", "a: [\n", None):
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
        said.append(refused("--choices", str(path))[2].strip())

    assert 3 == sum(f"--choices {path}: " in one for one in said)
    assert "the choice 'tap_intervall' is not known; did you mean 'tap_interval'?" in said[0]
    assert "line 2, column 1: it cannot be read" in said[1]
    assert "No such file or directory: it cannot be read" in said[2]
