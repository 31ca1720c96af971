"""The cases of the push channel, played over a real WebSocket, step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from handlesfake.double.double import Double
from handlesfake.options.chosen import chosen
from handlesfake.users.user import User
from tests.contract.placeholders import Bound, difference, filled
from tests.server.rta import Rta, rta
from tests.server.servers import call, connected, thread

REF = {"scid": "7e570100-1111-4222-8333-444455556666", "templateName": "FakeLobby", "name": "lobby-1"}
PATH = "/serviceconfigs/{scid}/sessionTemplates/{templateName}/sessions/{name}".format(**REF)
QUIET = [2, "quiet?", 99]
"""What is asked to see that nothing was said: a missing subscription."""


def play(case: Mapping[str, Any]) -> None:
    """Play one case.

    :raises AssertionError: something else was heard or answered; the step is named.
    """
    words = {"choices": chosen(case.get("choices", {})), "clock": case.get("clock", "virtual")}
    with thread(**words) as (mpsd, url), ExitStack() as stack:
        run = _Run(mpsd, url, stack)
        for number, step in enumerate(case["steps"], 1):
            problems = [*run.do(dict(step))]

            assert not problems, f"{case['name']}, step {number}: {problems}"


class _Run:
    """One case on its way."""

    def __init__(self, mpsd: Double, url: str, stack: ExitStack) -> None:
        self.mpsd, self.url, self.stack = mpsd, url, stack
        self.bound: Bound = {}
        self.lines: dict[str, Rta] = {}
        self.users: dict[str, User] = {role: mpsd.user(role) for role in ("host", "guest")}
        self.puts = 0

    def do(self, step: dict[str, Any]) -> Iterator[str]:
        """Do what a step says; the differences from it."""
        heard = step.pop("hear", {})
        if "connect" in step:
            name = step.pop("connect")
            owner = self.users[step.pop("of", name)]
            self.lines[name] = self.stack.enter_context(rta(self.url, owner.authorization))
            step["over"] = name
        if "say" in step:
            self.lines[step.pop("over")].say(step.pop("say"))
        yield from self._requested(step)
        self._upset(step)
        for name, frames in heard.items():
            yield from self._heard(name, frames)
        yield from self._known(step)
        yield from (f"the step has no {word!r}" for word in step)

    def _requested(self, step: dict[str, Any]) -> Iterator[str]:
        for word, method, path, usual in (("put", "PUT", PATH, (200, 201)), ("post", "POST", "/handles", (201,))):
            if word not in step:
                continue
            self.puts += 1
            user = self.users[step.pop(word)]
            body = json.dumps(filled(step.pop("body"), self.bound)).replace("<any>", f"map {self.puts}")
            with connected(self.url) as connection:
                status = call(connection, method, path, body, **user.headers).status
            wanted = (step.pop("status"),) if "status" in step else usual
            if status not in wanted:
                yield f"{method}: expected {wanted}, got {status}"

    def _upset(self, step: dict[str, Any]) -> None:
        if "advance" in step:
            self.mpsd.clock.advance(step.pop("advance"))
        if "drop" in step:
            self.mpsd.drop_connection(self.users[step.pop("drop")], **step.pop("words", {}))
        if "expire" in step:
            self.users[step.pop("expire")].expire()
        if "leave" in step:
            line = self.lines.pop(step.pop("leave"))
            line.close()
            while line.hear() is not None:
                pass
            with connected(self.url) as connection:  # the server has noticed by the time it answers another client
                call(connection, "GET", "/nonce", **self.users["guest"].headers)

    def _heard(self, name: str, frames: list[Any]) -> Iterator[str]:
        line = self.lines[name]
        for expected in frames:
            said = line.hear()
            got = "pong" if said == b"" else {"ended": int(line.code)} if said is None else said
            yield from difference(expected, got, self.bound, exact=True, at=f"{name} heard")
            if said is None:
                del self.lines[name]
                return
        line.say(QUIET)
        said = line.hear()
        if said != [*QUIET[:2], 1]:
            yield f"{name} heard {said} besides"

    def _known(self, step: dict[str, Any]) -> Iterator[str]:
        host = self.users["host"]
        with connected(self.url) as connection:
            found = call(connection, "GET", PATH, None, **host.headers)
        active = found.json["membersInfo"]["active"] if found.status == 200 else 0
        shown = int(self.mpsd.activity_of(host) is not None)
        for word, got in (("active", active), ("activities", shown)):
            if word in step and step.pop(word) != got:
                yield f"{word}: got {got}"
