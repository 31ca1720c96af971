"""What rules cost a request that fits none of them: the table of rules.md.

::

    python -m benchmarks.rules                  # prints the table; exit status 1 when a target is missed
    python -m benchmarks.rules --write benchmarks/rules.md

The targets: a rule that does not fit costs at most 10 µs a request, and a hundred rules at most three times as much.
Each row is a kind of condition, and every rule asks for something else of that kind; the request is an invite with
eight headers. Only the stage of the rules is counted: CPU time, the best of several rounds. What has to be read of
the request in any case (its route, its body) is read before. The last rows count whole calls of requests, on the
fake and on a replay.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time

import requests

import handlesfake
from benchmarks import surroundings
from handlesfake.cassettes.cassette import Interaction
from handlesfake.cassettes.format.writing import dump_cassette
from handlesfake.double.double import core_of
from handlesfake.exchange.outcome import Call, ConnectionEnd, Fault
from handlesfake.mpsd.http.message import MPSD_HOST, Headers, Request, Response
from handlesfake.rules.loading import load_rules_text
from handlesfake.rules.stage import Rules

MOST, FACTOR, MANY = 10.0, 3.0, 100
URL = f"https://{MPSD_HOST}/handles"
BODY = {
    "type": "invite",
    "version": 1,
    "sessionRef": {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"},
    "invitedXuid": "9000000000000009",
    "inviteAttributes": {"titleId": "1234567890"},
}
CONDITIONS = {
    "a field": "operation: create_handle, type: invite, invitedXuid: '#'",
    "a session": "session: room-#",
    "a caller": "caller: guest#",
    "a header": "headers: {X-Part: '#'}",
    "a pattern of a session, `like`": "session: {like: 'room-#-*'}",
    "the same, nearly fitting": "session: {like: 'lobby-#-*'}",
    "the same, by its end": "session: {like: '*-#'}",
    "a type and a pattern": "type: invite, session: {like: 'room-#-*'}",
    "a pattern of a field, `matches`": "invitedXuid: {matches: '[0-9]+x#'}",
    "a pattern of the path": "path: {like: '/handles/#*'}",
    "a pattern of a header": "headers: {User-Agent: {like: 'bot #*'}}",
    "a range": "version: {at_least: #, at_most: #}",
    "that a field is there": "fields: {part#: {absent: false}}",
    "a state": "operation: create_handle, state: {day: part#}",
}
"""Conditions by what readers call them; ``#`` is another number in each rule."""

BRINGING = "- {when: {fields: {bring: #}}, then: {state: {day: part#}}}"
"""What brings about a state: without it no rule may wait for that."""


def text_of(condition: str, count: int) -> str:
    """A file of ``count`` rules, none of which fits."""
    lines = [f"- {{when: {{{condition}}}, then: {{refuse: throttled}}}}"]
    lines += [BRINGING] if "state" in condition else []
    return "\n".join(
        ["rules:", *(line.replace("#", str(number)) for number in range(2, count + 2) for line in lines)]
    )


def best(call: Callable[[], object], number: int, rounds: int = 9) -> float:
    """Microseconds of CPU time for one call: the best of several rounds."""
    times = []
    for _ in range(rounds):
        start = process_time()
        for _ in range(number):
            call()
        times.append(process_time() - start)
    return min(times) / number * 1e6


def of_the_stage(double: handlesfake.Double, condition: str, count: int) -> float:
    """What ``count`` rules cost one request in their stage."""
    rules = Rules(core_of(double).rules.scene, load_rules_text(text_of(condition, count).encode(), "rules.yaml"))
    more = [(f"X-Header-{number}", "x") for number in range(4)]
    headers = Headers([*double.user("host").headers.items(), ("User-Agent", "game/1"), ("Accept", "*/*"), *more])
    call = Call(Request("POST", "/handles", headers, json.dumps(BODY).encode()), 0)
    assert (call.operation, call.type) == ("create_handle", "invite")  # both are read now, and kept
    passed = Fault(ConnectionEnd.CLOSE, "nobody")
    return best(lambda: rules(call, lambda _: passed), 400)


def of_a_call(double: handlesfake.Double, count: int) -> float:
    """What a whole call of requests costs, of which ``count`` rules decide nothing."""
    for condition in ("a field", "a pattern of a session, `like`"):
        more = load_rules_text(text_of(CONDITIONS[condition], count // 2).encode(), "rules.yaml") if count else ()
        core_of(double).rules.add(*more)
    headers = {**double.user("host").headers, "Content-Type": "application/json"}
    body = json.dumps(BODY).encode()
    with requests.Session() as session, double:
        assert session.post(URL, data=body, headers=headers).status_code == 201
        return best(lambda: session.post(URL, data=body, headers=headers), 40)


def fake() -> handlesfake.Double:
    """A fake in which the invite is accepted."""
    double = handlesfake.fake()
    double.session("lobby-1", members=[double.user("host")])
    return double


def replay(folder: Path) -> handlesfake.Double:
    """A replay of one recorded invite, which plays again and again."""
    said = Headers([("Authorization", "XBL3.0 x=host;removed"), ("Content-Type", "application/json")])
    asked = Request("POST", "/handles", said, json.dumps(BODY).encode())
    answered = Response(201, Headers([("Content-Type", "application/json")]), b'{"id": "made-up"}')
    path = folder / "invite.yaml"
    path.write_text(dump_cassette([Interaction(1, asked, answered)], {"host": "9000000000000001"}), encoding="utf-8")
    return handlesfake.replay(path, repeats="last")


def main() -> int:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    double = handlesfake.fake()
    stage = {name: [of_the_stage(double, one, count) for count in (1, MANY)] for name, one in CONDITIONS.items()}
    with tempfile.TemporaryDirectory() as folder:
        calls = {
            "fake": [of_a_call(fake(), count) for count in (0, MANY)],
            "replay": [of_a_call(replay(Path(folder)), count) for count in (0, MANY)],
        }
    lines = page(stage, calls)
    problems = [
        f"MISSED: {name}: {one:.1f} and {many:.1f} µs"
        for name, (one, many) in stage.items()
        if one > MOST or many > FACTOR * one
    ]
    print("\n".join([*lines, *problems]))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if problems else 0


def page(stage: dict[str, list[float]], calls: dict[str, list[float]]) -> Sequence[str]:
    """The page."""
    return [
        "# What rules cost a request that fits none of them",
        "",
        f"`python -m benchmarks.rules`, Python {platform.python_version()}, {os.cpu_count()} cores;",
        "the script says how it is measured. The targets: at most",
        f"{MOST:.0f} µs for one rule, and at most {FACTOR:.0f} times that for {MANY}.",
        "",
        f"| each rule asks for | one rule, µs | {MANY} rules, µs | times |",
        "|---|---|---|---|",
        *(f"| {name} | {one:.1f} | {many:.1f} | {many / one:.1f} |" for name, (one, many) in stage.items()),
        "",
        f"| a whole call of `requests` on a | without rules, µs | with {MANY} rules, µs |",
        "|---|---|---|",
        *(f"| {name} | {none:.0f} | {many:.0f} |" for name, (none, many) in calls.items()),
    ]


if __name__ == "__main__":
    surroundings.settle()
    sys.exit(main())
