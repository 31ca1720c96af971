"""``handlesfake serve -- COMMAND``: the command has the server, its own streams, and the last word."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from handlesfake.server.command.process import Command
from tests.patience import PATIENCE
from tests.server.command.beside import LOBBY, beside, python, running
from tests.server.servers import process, refused
from tests.systems.needed import system_has

SAYS = "print('begun', flush=True); "
"""What a command says once it runs, so that a test need not guess when."""


def test_a_command_has_the_server_and_its_own_streams() -> None:
    """Input reaches it, and standard output is its alone; what the server says is on standard error."""
    status, output, complaints = beside("--", *python("print(show(), sys.stdin.read())"), given="hello")

    assert (0, "201 hello\n") == (status, output)
    ready, runs, ended = complaints.splitlines()

    assert re.fullmatch(
        r"handlesfake answers as MPSD on (http://127\.0\.0\.1:\d+); look at it and ask it on \1/_handlesfake/", ready
    )
    assert runs.startswith(f"handlesfake: runs {sys.executable} -c ")
    assert re.fullmatch(r"handlesfake: [^\n]*… ended with status 0 after \d+\.\d s; 1 request", ended)


def test_it_trusts_the_server_and_the_system(tmp_path: Path) -> None:
    """Under TLS, a client of Python reaches the server by the bundle, and what a user has named stays trusted."""
    mine = tmp_path / "mine.pem"
    trustme.CA().cert_pem.write_to_path(str(mine))
    text = f"print(show(), open({str(mine)!r}).read().strip() in open(os.environ['REQUESTS_CA_BUNDLE']).read())"

    status, output, _ = beside("--tls", str(tmp_path), "--", *python(text), REQUESTS_CA_BUNDLE=str(mine))

    assert (0, "201 True\n") == (status, output)


def test_a_failure_shows_what_the_service_saw(tmp_path: Path) -> None:
    """The world of the claim that did not hold, with what was assumed, and the rule that never acted."""
    text = """
world = json.loads(ask(os.environ["MPSD_CONTROL"] + "/worlds", {})[1])["control"]
ask(world + "/rules", {"rules": [{"name": "busy", "when": {"type": "invite"}, "then": {"refuse": "throttled"}}]})
show(world)
sys.exit(ask(world + "/assert/invited", {"xuids": ["host"]})[0] - 400)
"""
    report = tmp_path / "report.json"
    status, output, complaints = beside("--report", str(report), "--", *python(text))

    assert (9, "") == (status, output)
    told = "\n".join(complaints.splitlines()[2:-2])

    assert told.startswith(
        "---- world w1: MPSD: 1 request, 2 assumptions ----\n#1  create_handle activity  Host 9000000000000001  201\n"
    ), told
    assert "rule 'busy' never acted: no request fitted it. Made in the body, line 1, column 12\n" in told
    assert "the last claim that did not hold:\n    Host 9000000000000001 was not invited" in told
    found = json.loads(report.read_text())
    worlds = [
        (one["world"], one["sent"], len(one["failed_claims"]), len(one["unused_rules"])) for one in found["worlds"]
    ]

    assert (9, "ended with status 9") == (found["command"]["status"], found["command"]["ended"])
    assert [("", 0, 0, 0), ("w1", 1, 1, 1)] == worlds
    assert ["create_handle"] == [entry["operation"] for entry in found["worlds"][1]["journal"]]


def test_what_a_reset_forgets_is_told_all_the_same() -> None:
    """A suite that resets between its tests is told as one; the end of a world takes nothing away either."""
    text = """
control = os.environ["MPSD_CONTROL"]
for _ in range(2):
    show()
    ask(control + "/reset", {})
world = json.loads(ask(control + "/worlds", {})[1])["control"]
show(world)
urllib.request.urlopen(urllib.request.Request(world, method="DELETE"))
sys.exit(1)
"""
    status, _, complaints = beside("--", *python(text))
    told = [line for line in complaints.splitlines() if line.startswith(("#", "--"))]

    assert 1 == status
    assert [
        "---- world w1: MPSD: 1 request, 2 assumptions ----",
        "#1  create_handle activity  Host 9000000000000001  201",
        "---- the default world: MPSD: 2 requests, 4 assumptions ----",
        "#1  create_handle activity  Host 9000000000000001  201",
        "-- reset --",
        "#1  create_handle activity  Host 9000000000000001  201",
    ] == told


def test_of_many_requests_and_worlds_the_newest_are_shown() -> None:
    """Ten worlds, and ten requests of each: the report has all."""
    text = """
control = os.environ["MPSD_CONTROL"]
for _ in range(11):
    world = json.loads(ask(control + "/worlds", {})[1])["control"]
    show(world)
for _ in range(12):
    show(world)
sys.exit(1)
"""
    _, _, complaints = beside("--", *python(text))
    lines = complaints.splitlines()

    assert "---- 1 world more not shown; --report FILE has all" in lines
    assert "3 earlier requests not shown; --report FILE has all" in lines
    assert ["#4", "#13"] == [line.split()[0] for line in lines if line.startswith("#")][:10][::9]
    assert lines[-1].endswith("; 23 requests in 11 worlds")


def test_nothing_was_sent() -> None:
    """A command that never found the service is told by which name it would."""
    status, _, complaints = beside("--", sys.executable, "-c", "raise SystemExit(5)")

    assert 5 == status
    assert "MPSD: nothing was sent. The command finds the service by MPSD_URL" == complaints.splitlines()[2]


@system_has("sh", "signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_signals_are_the_commands(name: str) -> None:
    """It gets them, with all that it has started, and its answer to them is the status."""
    number = getattr(signal, name)
    # blocked from before it says so: one that comes between two calls of Python would not wake signal.pause()
    held = f"import signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, [{number:d}]); {SAYS}"
    text = f"{held}sys.exit(7 if signal.sigwait([{number:d}]) else 0)"
    started = f"{shlex.quote(sys.executable)} -c {shlex.quote(text)} & trap '' {number:d}; wait $!"
    with running("--", "sh", "-c", started) as process:
        assert process.stdout is not None
        assert "begun\n" == process.stdout.readline()
        process.send_signal(number)
        _, complaints = process.communicate(timeout=PATIENCE)

    assert 7 == process.returncode, complaints


@system_has("sh", "signals")
def test_a_command_that_a_signal_ends() -> None:
    """The status is that of a shell: 128 and its number."""
    status, _, complaints = beside("--", "sh", "-c", "kill -KILL $$")

    assert 137 == status
    assert "was ended by SIGKILL after" in complaints


@system_has("signals")
def test_a_command_that_takes_too_long() -> None:
    """It is ended, and the status is that of timeout(1), whatever it makes of that."""
    text = "import signal, sys; signal.signal(15, lambda *_: sys.exit(0)); signal.pause()"
    status, _, complaints = beside("--timeout", "0.3", "--", sys.executable, "-c", text)

    assert 124 == status
    assert re.search(r"took longer than its --timeout of 0\.3 s, and was told to end: it ", complaints), complaints


@system_has("sh")
def test_what_it_leaves_behind_is_ended() -> None:
    """A process that goes on in the background would keep the step of a CI open; it is told so."""
    status, output, complaints = beside("--", "sh", "-c", "sleep 600 & echo $!")

    assert 0 == status
    assert "handlesfake: the command left processes behind, which were ended: wait for them in it" in complaints
    assert output.strip().isdigit()


def test_a_replay_that_lacked_something_fails() -> None:
    """A command may swallow a 501: the end tells, as it does without a command."""
    cassette = Path(__file__).parents[3] / "cassettes" / "test_recorded" / "first-night.yaml"
    text = f"print(ask(os.environ['MPSD_URL'] + '/handles/{'0' * 8}-1111-4111-8111-{'0' * 12}')[0])"
    status, output, complaints = beside("--cassette", str(cassette), "--", *python(text))

    assert (1, "501\n") == (status, output), complaints
    assert "first-night.yaml" in complaints


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--",), "behind -- stands the command that runs beside the server: handlesfake serve -- npm test"),
        (("--timeout", "3"), "--timeout is about a command: handlesfake serve --timeout ... -- COMMAND"),
        (("--report", "r.json"), "--report is about a command: handlesfake serve --report ... -- COMMAND"),
        (("--timeout", "0", "--", "true"), "--timeout 0: write how many seconds the command may take"),
        (
            ("--report", "r.txt", "--", "true"),
            "--report r.txt: the name says the form, and ends with .json, .html or .xml",
        ),
        (
            ("--report", "/proc/nope/r.json", "--", "true"),
            "--report /proc/nope/r.json: No such file or directory.\n  name a file in a folder that this user may write",
        ),
    ],
)
def test_what_cannot_be_asked(arguments: tuple[str, ...], words: str) -> None:
    """It is said before anything runs."""
    assert (2, "", f"handlesfake: {words}\n") == refused(*arguments)


@system_has("signals")
def test_a_signal_while_the_command_is_being_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the command's as soon as there is one, and is not lost; one that came before starts nothing."""
    command, begin = Command(["sleep", "600"]), subprocess.Popen

    def begun(*words: Any, **more: Any) -> subprocess.Popen[bytes]:
        process = begin(*words, **more)
        os.kill(os.getpid(), signal.SIGTERM)
        return process

    monkeypatch.setattr(subprocess, "Popen", begun)
    with command.signals():
        during = command.run(os.environ)
        before = command.run(os.environ)

    assert (143, "was ended by SIGTERM") == (during.status, during.words)
    assert (143, "was not started: SIGTERM came before") == (before.status, before.words)


def test_a_recording_of_a_command_that_failed_is_not_the_cassette(tmp_path: Path) -> None:
    """As in pytest, it is put beside it, and the end says why."""
    cassette = tmp_path / "lobby.yaml"
    body = f'{{"type": "activity", "version": 1, "sessionRef": {LOBBY}}}'
    headers = '**{"Authorization": "XBL3.0 x=7;t", "X-Xbl-Contract-Version": "107"}'
    text = f"ask(os.environ['MPSD_URL'] + '/handles', {body}, {headers}); sys.exit(4)"
    with process("--json") as real:
        options = ("--mode", "record", "--cassette", str(cassette), "--upstream", real.ready["url"])
        status, _, complaints = beside(*options, "--", *python(text))

    assert (4, ["lobby.yaml.rejected"]) == (status, [path.name for path in tmp_path.glob("lobby.yaml*")])
    assert "rejected" in complaints, complaints
