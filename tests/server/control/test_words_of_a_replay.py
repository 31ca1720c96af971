"""What a replay does not hold is told in the words of the command line and of control, for every reader."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

import handlesfake
from handlesfake.server.control.words import CONTROL
from handlesfake.vocabulary import speaking
from tests.server.control.test_own_words import PYTHON_WORDS
from tests.server.servers import ACTIVITY, HEADERS, Running, call, connected, process, thread
from tests.server.test_modes import CALLER, record, sent


@dataclass
class Missed:
    """A server that plays one exchange, asked for it twice and for two more, in the default world and in another."""

    server: Running
    answers: list[str]
    journal: Path

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """One call; status and text."""
        with connected(self.server.ready["control"]) as connection:
            sent = None if body is None else json.dumps(body)
            answer = call(connection, method, f"/_handlesfake{path}", sent)
            return answer.status, answer.text


@pytest.fixture
def missed(tmp_path: Path) -> Iterator[Missed]:
    """See there."""
    path, journal = tmp_path / "lobby.yaml", tmp_path / "sent.jsonl"
    with thread() as (_, url):
        record(url, path)
    arguments = ("--json", "--mode", "replay", "--cassette", str(path), "--journal", str(journal))
    with process(*arguments) as server, connected(server.ready["url"]) as connection:
        made = Missed(server, [], journal)
        made.ask("POST", "/worlds", {"name": "lobby: joins"})
        token = json.loads(made.ask("PUT", "/worlds/w1/users/host")[1])["headers"]
        other = ACTIVITY.replace("lobby-1", "lobby-0a1b2c3d4e5f")
        for body, headers in ((ACTIVITY, CALLER), (ACTIVITY, CALLER), (other, CALLER), (other, {**HEADERS, **token})):
            answer = call(connection, "POST", "/handles", body, **headers)
            made.answers += [answer.text] if answer.status == 501 else []
        yield made


def test_a_miss_speaks_of_options_of_the_command(missed: Missed) -> None:
    """In the answer, in the list of what was unanswered, in the claim about it, in the file and at the end."""
    texts = {"answers": "\n".join(missed.answers), "journal": missed.journal.read_text()}
    texts["list"] = missed.ask("GET", "/unanswered")[1]
    texts["claim"] = missed.ask("POST", "/assert/all_answered")[1]
    texts["end"] = missed.server.stop(signal.SIGTERM)[2]

    folder = str(missed.journal.parent)  # pytest's own
    texts = {place: text.replace(folder, "") for place, text in texts.items()}

    assert {} == {place: found[0] for place, text in texts.items() if (found := PYTHON_WORDS.search(text))}
    assert 3 == len(missed.answers)
    for place in ("answers", "list", "claim", "end"):
        assert "      handlesfake serve --repeats last" in texts[place].replace("\\n", "\n"), place


def test_a_field_that_is_new_in_each_run_is_an_option(tmp_path: Path) -> None:
    """The place of what differs is there as it is to be written."""
    path = tmp_path / "lobby.yaml"
    with (
        thread() as (_, url),
        process("--json", "--mode", "record", "--cassette", str(path), "--upstream", url) as server,
    ):
        sent(server, _shown_by("8f14e45fceea"))
        server.stop(signal.SIGTERM)
    with (
        process("--json", "--mode", "replay", "--cassette", str(path)) as server,
        connected(server.ready["url"]) as connection,
    ):
        text = call(connection, "POST", "/handles", _shown_by("c9f0f895fb98"), **CALLER).text

    assert "      handlesfake serve --volatile-fields buildId\n" in text.replace("\r\n", "\n")


def _shown_by(build: str) -> str:
    """An activity with a field of the client's own."""
    return json.dumps({**json.loads(ACTIVITY), "buildId": build})


def test_what_was_unanswered_names_its_world(missed: Missed) -> None:
    """At the end of the server, and in the list of all worlds, also of one that has ended."""
    before = json.loads(missed.ask("GET", "/unanswered?worlds=all")[1])
    own = [len(json.loads(missed.ask("GET", f"{place}/unanswered")[1])) for place in ("", "/worlds/w1")]
    missed.ask("DELETE", "/worlds/w1")
    after = json.loads(missed.ask("GET", "/unanswered?worlds=all")[1])
    refused = missed.ask("GET", "/unanswered?worlds=w1")
    status, _, end = missed.server.stop(signal.SIGTERM)

    def heads(texts: list[str]) -> list[str]:
        return sorted(text.partition(": ")[0] if text.startswith("in the default") else text[:31] for text in texts)

    assert ["in the default world", "in the default world", "in the world 'lobby: joins' (w1"] == heads(before)
    assert sorted(before) == sorted(after)
    assert [2, 1] == own
    assert (422, "worlds=w1: write worlds=all for those of all worlds, each with its world\n") == refused
    assert (1, sorted(after)) == (status, sorted(_texts(end)))


def _texts(end: str) -> list[str]:
    """The misses that the end of a server tells, each from its first word on."""
    return [f"in the {part}".rstrip("\n") for part in end.split("in the ") if part]


def test_users_of_a_recording(missed: Missed) -> None:
    """What cannot be arranged there says the call, and the call that does something like it."""
    missed.ask("PUT", "/users/host")
    said = [
        missed.ask("POST", "/users/host/expire"),
        missed.ask("POST", "/state", {"sessions": [{"name": "a", "members": ["host"]}]}),
    ]

    assert [422, 422] == [status for status, _ in said]
    assert [None, None] == [PYTHON_WORDS.search(text) for _, text in said]
    assert (
        "POST /users/host/expire: the answers here come from real or recorded traffic, which knows nothing of it.\n"
        '  Say instead: POST /rules {"rules": [{"when": {"caller": "host"}, "then": {"refuse": "token_expired"}}]}\n'
    ) == said[0][1]


def test_who_really_waited(mpsd: handlesfake.Double, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note of the journal shows how to avoid the wait, by an option and a call."""
    real = [100.0]
    monkeypatch.setattr("handlesfake.engine.early_retries.monotonic", lambda: real[0])
    mpsd.refuse("throttled", times=1, retry_after=5)
    body: dict[str, Any] = json.loads(ACTIVITY)
    with speaking(CONTROL):
        for _ in range(2):
            requests.post(
                "https://sessiondirectory.xboxlive.com/handles", json=body, headers=mpsd.user("host").headers
            )
            real[0] += 5.25

    (note,) = mpsd.journal[1].notes
    assert (
        "really waited 5.2 s: #1 asked to wait 5 s (Retry-After); with handlesfake serve --clock virtual, the test "
        "moves the time by POST /clock, and does not have to wait"
    ) == note
