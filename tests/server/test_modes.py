"""``handlesfake serve`` that records and replays, and its journal as a file."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

import pytest

from tests.server.servers import ACTIVITY, HEADERS, Running, call, connected, posted, process, refused, thread

SECRET = "never.to.be.written.7f3a9c"
CALLER = {**HEADERS, "Authorization": f"XBL3.0 x=1234567890123456789;{SECRET}", "Content-Type": "application/json"}


def record(url: str, path: Path, *arguments: str) -> tuple[int, str]:
    """Record one activity of ``url`` into ``path``; status and complaints of the end."""
    with process("--json", "--mode", "record", "--cassette", str(path), "--upstream", url, *arguments) as server:
        assert 201 == sent(server)
        status, _, complaint = server.stop(signal.SIGTERM)
    return status, complaint


def sent(server: Running, body: str = ACTIVITY) -> int:
    """The status that ``CALLER`` is answered for a POST /handles."""
    with connected(server.ready["url"]) as connection:
        return call(connection, "POST", "/handles", body, **CALLER).status


def test_a_client_in_any_language_is_recorded_and_replayed(tmp_path: Path) -> None:
    """What the real service said is played without it; a token is in no file, and the report says what was done."""
    path = tmp_path / "lobby.yaml"
    with thread() as (real, url):
        status, report = record(url, path)
        asked = len(real.journal)
    with process("--json", "--mode", "replay", "--cassette", str(path)) as server:
        played = sent(server)
        with connected(server.ready["control"]) as connection:
            entry = call(connection, "GET", "/_handlesfake/journal").json["entries"][0]
        end = server.stop(signal.SIGTERM)

    assert [0, 1, 201] == [status, asked, played]
    assert report.startswith(f"recorded {path}: 1 exchange with sessiondirectory.xboxlive.com in ")
    assert "  removed    1 Authorization" in report
    assert SECRET not in path.read_text() + report
    assert "cassette lobby.yaml #1" == entry["decided_by"]
    assert (0, "", "") == end


def test_roles_are_named_by_a_file(tmp_path: Path) -> None:
    """--credentials says who a role really is; the recording has the role and a made-up xuid."""
    path, people = tmp_path / "lobby.yaml", tmp_path / "people.yaml"
    people.write_text(f"host: {{xuid: '2814749767105002', authorization: 'XBL3.0 x=1234567890123456789;{SECRET}'}}\n")
    with thread() as (_, url):
        _, report = record(url, path, "--credentials", str(people))

    assert "host 28...02 -> 9000000000000001" in report
    assert "x=host;" in path.read_text()
    assert "2814749767105002" not in path.read_text()


def test_what_a_recording_does_not_hold_is_told(tmp_path: Path) -> None:
    """The answer is 501 with what is nearest and how to record it; the server's end tells it again, with status 1."""
    path = tmp_path / "lobby.yaml"
    with thread() as (_, url):
        record(url, path)
    with process("--json", "--mode", "replay", "--cassette", str(path)) as server:
        with connected(server.ready["url"]) as connection:
            missed = call(connection, "POST", "/handles", ACTIVITY.replace("lobby-1", "lobby-2"), **CALLER)
            text = missed.text.replace("\r\n", "\n")
        status, _, complaint = server.stop(signal.SIGTERM)

    assert 501 == missed.status
    assert text.startswith(f"create_handle is not in {path} (1 exchange, 0 used).\n  nearest: #1 create_handle")
    assert f"handlesfake serve --mode record --cassette {path} --record rewrite\n" in text
    assert (1, text) == (status, complaint)


@pytest.mark.parametrize("mode", ["replay", "hybrid"])
def test_a_reset_begins_the_recording_anew(mode: str, tmp_path: Path) -> None:
    """Each exchange plays once, and again after a reset; nothing else leads back."""
    path = tmp_path / "lobby.yaml"
    with thread() as (_, url):
        record(url, path)
    decided = []
    with (
        process("--json", "--mode", mode, "--cassette", str(path)) as server,
        connected(server.ready["control"]) as connection,
    ):
        for _ in range(2):
            assert 201 == sent(server)
            decided.append(call(connection, "GET", "/_handlesfake/journal").json["entries"][0]["decided_by"])
            call(connection, "POST", "/_handlesfake/reset")
        assert 201 == sent(server)
        kept = call(connection, "PUT", "/_handlesfake/snapshots/here")
        again = sent(server)

    assert ["cassette lobby.yaml #1"] * 2 == decided
    assert {"replay": 501, "hybrid": 201}[mode] == again
    assert (422, "a recording plays from its beginning to its end: POST reset starts it again.\n") == (
        kept.status,
        kept.text,
    )


def test_what_was_wanted_is_no_miss(tmp_path: Path) -> None:
    """A test of a client's failure takes its misses back."""
    path = tmp_path / "lobby.yaml"
    with thread() as (_, url):
        record(url, path)
    with process("--json", "--mode", "replay", "--cassette", str(path)) as server:
        missed = sent(server, ACTIVITY.replace("lobby-1", "lobby-2"))
        with connected(server.ready["control"]) as connection:
            call(connection, "DELETE", "/_handlesfake/unanswered")
        end = server.stop(signal.SIGTERM)

    assert 501 == missed
    assert (0, "", "") == end


def test_a_hybrid_answers_the_rest_by_itself(tmp_path: Path) -> None:
    """What is recorded is played, everything else is the fake's."""
    path = tmp_path / "lobby.yaml"
    with thread() as (_, url):
        record(url, path)
    with process("--json", "--mode", "hybrid", "--cassette", str(path)) as server:
        statuses = [sent(server), sent(server, ACTIVITY.replace("lobby-1", "lobby-2"))]
        with connected(server.ready["control"]) as connection:
            entries = call(connection, "GET", "/_handlesfake/journal").json["entries"]

    assert [201, 201] == statuses
    assert ["cassette lobby.yaml #1", "mpsd"] == [entry["decided_by"] for entry in entries]


def test_an_upstream_that_is_not_there(tmp_path: Path) -> None:
    """The client is told 502 with the reason, and so is who serves; nothing is recorded."""
    path = tmp_path / "lobby.yaml"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    upstream = f"http://127.0.0.1:{port}"
    with process("--json", "--mode", "record", "--cassette", str(path), "--upstream", upstream) as server:
        answer = posted(server.ready["url"])
        end = server.stop(signal.SIGTERM)

    assert 502 == answer.status
    assert answer.text.startswith(f"{upstream} cannot be reached: ")
    assert not path.exists()
    told = "handlesfake: 1 request got no answer of the real service, and nothing was recorded: "
    hint = (
        "  --upstream URL says where it answers; SSL_CERT_FILE names authorities to trust besides those of the "
        "system\n"
    )
    assert (1, "", f"{told}{answer.text.strip()}\n{hint}") == end


def test_a_recording_that_nobody_asks_for(tmp_path: Path) -> None:
    """It says that no request came, which is not a fault of the real service."""
    with process("--json", "--mode", "record", "--cassette", str(tmp_path / "lobby.yaml")) as server:
        end = server.stop(signal.SIGTERM)

    assert (0, "", "handlesfake: no client sent a request, and nothing was recorded\n") == end


def test_an_upstream_that_is_this_server_itself(tmp_path: Path) -> None:
    """Where a name is mapped for the client, it is for the server, too: it says so, and does not ask itself without end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    path, upstream = tmp_path / "lobby.yaml", f"http://127.0.0.1:{port}"
    with process("--mode", "record", "--cassette", str(path), "--upstream", upstream, "--port", port):
        answer = posted(upstream)

    assert 502 == answer.status
    assert "that name leads back to this very server" in answer.text


def test_a_recording_has_one_world(tmp_path: Path) -> None:
    """One cassette cannot be of several tests at the same time; it says what to do instead."""
    upstream = "http://127.0.0.1:9"
    with (
        process(
            "--json", "--mode", "record", "--cassette", str(tmp_path / "x.yaml"), "--upstream", upstream
        ) as server,
        connected(server.ready["control"]) as connection,
    ):
        answer = call(connection, "POST", "/_handlesfake/worlds")

    assert 422 == answer.status
    assert answer.text.startswith("a recording has one world: its cassette is one. ")


def test_the_journal_as_a_file(tmp_path: Path) -> None:
    """--journal appends a line for each request before its client has the answer, with no token in it."""
    path = tmp_path / "sent.jsonl"
    path.write_text('{"of": "an earlier run"}\n')
    with process("--json", "--journal", str(path)) as server:
        sent(server)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        with connected(server.ready["control"]) as connection:
            world = call(connection, "POST", "/_handlesfake/worlds", '{"users": ["host"]}').json
        with connected(server.ready["url"]) as connection:
            call(connection, "POST", "/handles", ACTIVITY, **world["users"]["host"]["headers"])
        more = [json.loads(line) for line in path.read_text().splitlines()]

    assert [{"of": "an earlier run"}, "create_handle"] == [lines[0], lines[1]["operation"]]
    assert ["", "w1"] == [line["world"] for line in more[1:]]
    assert SECRET not in path.read_text()


def test_the_journal_of_a_recording_shows_nobody_real(tmp_path: Path) -> None:
    """While the server records, --journal has the pseudonyms of the cassette, and no secret, from the first line on."""
    path, journal, people = tmp_path / "lobby.yaml", tmp_path / "sent.jsonl", tmp_path / "people.yaml"
    real, stranger = "2814749767105002", "2814749767105003"
    people.write_text(f"host: {{xuid: '{real}', authorization: 'XBL3.0 x=1234567890123456789;{SECRET}'}}\n")
    invite = {**json.loads(ACTIVITY), "type": "invite", "invitedXuid": stranger, "token": SECRET}
    with thread() as (_, url):
        told = ("--credentials", str(people), "--journal", str(journal))
        arguments = ("--json", "--mode", "record", "--cassette", str(path), "--upstream", url, *told)
        with process(*arguments) as server:
            sent(server, json.dumps(invite))
            sent(server, json.dumps({**invite, "invitedXuid": real}))
            while_it_records = journal.read_text()
            server.stop(signal.SIGTERM)
    recorded = path.read_text()

    first, second = map(json.loads, while_it_records.splitlines())
    assert [] == [word for word in (SECRET, real, stranger) if word in while_it_records + recorded]
    assert first["body"]["invitedXuid"] in recorded
    assert "9000000000000001" == second["body"]["invitedXuid"]
    assert "create_handle" == first["operation"] == second["operation"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--mode", "record"), "--mode record needs a recording: --cassette FILE\n"),
        (("--mode", "replay"), "--mode replay needs a recording: --cassette FILE\n"),
        (
            ("--mode", "fake", "--cassette", "x.yaml"),
            "--mode fake answers by itself: leave out --cassette, or take --mode hybrid\n",
        ),
        (
            ("--upstream", "https://mpsd.test"),
            "--upstream is where --mode record asks; without that nothing leaves this machine\n",
        ),
        (
            ("--mode", "record", "--cassette", "x.yaml", "--upstream", "mpsd.test:70000"),
            "--upstream mpsd.test:70000: write the address of the real service, https://sessiondirectory.xboxlive.com, "
            "without a path\n",
        ),
        (
            ("--journal", "/nowhere/at/all.jsonl"),
            "--journal /nowhere/at/all.jsonl: No such file or directory.\n"
            "  name a file in a folder that this user may write\n",
        ),
        (("--journal-limit", "0"), "--journal-limit 0: write how many requests are kept whole, from 1 on\n"),
        (
            ("--mode", "record", "--cassette", "x.yaml", "--credentials", "/nowhere.yaml"),
            "--credentials /nowhere.yaml: No such file or directory: it cannot be read\n",
        ),
    ],
    ids=["record", "replay", "fake", "upstream", "no URL", "journal", "journal limit", "credentials"],
)
def test_a_contradiction_is_named(arguments: tuple[str, ...], complaint: str) -> None:
    """Status 2, and what to write instead; nothing listens."""
    assert (2, "", f"handlesfake: {complaint}") == refused(*arguments)


def test_a_recording_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    """A server that records what it finds recorded would replay it in silence."""
    path = tmp_path / "lobby.yaml"
    path.write_text("interactions: []\nversion: 1\n")

    assert (
        2,
        "",
        f"handlesfake: --mode record --cassette {path}: there is one already.\n"
        "  --record rewrite records it again, --record new_episodes adds what it lacks, --mode replay replays it\n",
    ) == refused("--mode", "record", "--cassette", str(path))


def test_credentials_are_never_printed(tmp_path: Path) -> None:
    """What cannot be read of them is named by its place alone."""
    people = tmp_path / "people.yaml"
    people.write_text(f"host: {{authorization: '{SECRET}\n")
    status, output, complaint = refused(
        "--mode", "record", "--cassette", str(tmp_path / "x.yaml"), "--credentials", str(people)
    )

    assert [2, ""] == [status, output]
    assert SECRET not in complaint
    assert f"--credentials {people}: line " in complaint
