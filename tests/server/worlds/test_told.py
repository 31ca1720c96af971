"""What was sent to a world is told under its name, also once it has ended."""

from __future__ import annotations

import json
from pathlib import Path

from tests.server.command.beside import beside, python
from tests.server.servers import call, connected, process

TWO = """
control = os.environ["MPSD_CONTROL"]
made = json.loads(ask(control + "/worlds", {"name": "lobby: joins", "expires_after": 60, "users": ["host"]})[1])
show(made["control"])
ask(made["control"] + "/expire", {})
late = ask(os.environ["MPSD_URL"] + "/handles", {}, **made["users"]["host"]["headers"])
again = json.loads(ask(control + "/worlds", {"name": "lobby: joins"})[1])
show(again["control"])
ask(again["control"] + "/assert/invited", {"xuids": ["host"]})
print(late[0], late[1].splitlines()[0])
sys.exit(1)
"""
"""Two worlds of one name, one after the other; a request comes too late for the first, a claim of the second fails."""


def test_a_failed_command_shows_each_world_by_name_and_how_it_ended() -> None:
    """Ids distinguish two worlds of one name; late requests are counted."""
    status, output, complaints = beside("--", *python(TWO))
    told = [line for line in complaints.splitlines() if line.startswith(("#", "--", "it "))]

    answer = output.partition(" s ago")[0].rpartition(", ")[0]

    assert (1, "401 the world 'lobby: joins' (w1) has ended: it ended by itself after 60 s without use") == (
        status,
        answer,
    )
    assert [
        "---- world 'lobby: joins' (w2): MPSD: 1 request, 2 assumptions ----",
        "#1  create_handle activity  Host 9000000000000001  201",
        "---- world 'lobby: joins' (w1): MPSD: 1 request, 2 assumptions ----",
        "it ended by itself after 60 s without use; 1 later request with its tokens answered 401",
        "#1  create_handle activity  Host 9000000000000001  201",
    ] == told


def test_the_report_as_json_has_names_ids_and_ends(tmp_path: Path) -> None:
    """For each world what it is called, how it ended and what came too late."""
    report = tmp_path / "report.json"
    beside("--report", str(report), "--", *python(TWO))
    worlds = json.loads(report.read_text())["worlds"]
    told = [[one[word] for word in ("world", "id", "end", "late", "sent")] for one in worlds]

    assert [
        ["", "", None, 0, 0],
        ["lobby: joins", "w1", "ended by itself after 60 s without use", 1, 1],
        ["lobby: joins", "w2", None, 0, 1],
    ] == told


def test_the_report_as_a_page_has_them_too(tmp_path: Path) -> None:
    """Each world has its own heading, and the sentence on its end."""
    report = tmp_path / "report.html"
    beside("--report", str(report), "--", *python(TWO))
    text = report.read_text()

    assert text.count("'lobby: joins' (w1)") > 0
    assert text.count("'lobby: joins' (w2)") > 0
    assert "it ended by itself after 60 s without use; 1 later request with its tokens answered 401" in text


def test_lines_of_the_journal_name_their_world(tmp_path: Path) -> None:
    """By name and id; those of a world that has ended stay."""
    journal = tmp_path / "sent.jsonl"
    with process("--json", "--journal", str(journal)) as server, connected(server.ready["url"]) as connection:
        for words in ({"name": "lobby: joins", "users": ["host"]}, {"users": ["host"]}):
            made = call(connection, "POST", "/_handlesfake/worlds", json.dumps(words)).json
            call(connection, "GET", "/handles/1", None, **made["users"]["host"]["headers"])
            call(connection, "DELETE", f"/_handlesfake/worlds/{made['id']}")
        call(connection, "GET", "/handles/1")
    lines = [json.loads(line) for line in journal.read_text().splitlines()]

    assert [("lobby: joins", "w1"), ("w2", "w2"), ("", "")] == [(one["world"], one["world_id"]) for one in lines]
