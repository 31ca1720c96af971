"""Trying one call in a small world, and what came of it: a result, or the kind of the error and its text."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import handlesfake
from handlesfake.double.double import core_of
from handlesfake.exchange.faults import NAMES
from handlesfake.exchange.outcome import Answer
from handlesfake.mpsd.sessions.known_names import PROPERTIES
from handlesfake.options.options import Options
from handlesfake.services.table import operation_names
from handlesfake.templates.template import SYSTEM
from tests.sending import activity, invite

_LISTS = {
    "<faults>": ", ".join(NAMES),
    "<operations>": ", ".join(operation_names()),
    "<properties>": ", ".join(PROPERTIES),
    "<constants>": ", ".join(SYSTEM),
    "<options>": ", ".join(field.name for field in fields(Options)),
    "<choices>": ", ".join(field.name for field in fields(handlesfake.Choices)),
}
"""What messages list, and would fill the table."""

_REFUSALS = re.compile(r"(?:\n  \w+ +\d{3}  [\w ]+)+$")
_FIELDS = re.compile(r"(?<=and the fields of the request: ).*")
_ADDRESS = re.compile(r"0x[0-9a-f]+")
_FOUND = re.compile(r"\n  there are: .*")


@contextmanager
def world() -> Iterator[dict[str, Any]]:
    """The names that a call may use: host shows nothing and is in lobby-1, guest is there, held keeps nothing."""
    with handlesfake.fake() as mpsd:
        core = core_of(mpsd)
        host, guest = mpsd.user("host"), mpsd.user("guest")
        yield {
            "handlesfake": handlesfake,
            "mpsd": mpsd,
            "core": core,
            "host": host,
            "guest": guest,
            "lobby": mpsd.session("lobby-1", members=[host]),
            "held": mpsd.hold("create_handle"),
            "run": asyncio.run,
            "known": core.world.users,
            "fails": fails,
            "invited": lambda: invite(mpsd, host, guest.xuid),
            "send": lambda user: status_of_activity(mpsd, user),
            "follows": lambda user: sorted(core.world.users(user).follows),
        }
        core.tracker.forget_unfired()


def fails(claim: Callable[[], object]) -> bool:
    """Whether a claim does not hold."""
    try:
        claim()
    except AssertionError:
        return True
    return False


def status_of_activity(mpsd: handlesfake.Double, user: handlesfake.User) -> int | None:
    """What the service answers when ``user`` shows lobby-1."""
    answer = activity(mpsd, user)
    return answer.response.status if isinstance(answer, Answer) else None


def tried(call: str) -> tuple[str, str]:
    """The kind of error that ``call`` ends in, and its text; ``silent`` and its result where there is none."""
    with world() as names:
        try:
            done(call, names)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the table is about
            return type(error).__name__, shortened(str(error))
    return "silent", ""


def done(call: str, names: dict[str, Any]) -> None:
    """Do what ``call`` says: an expression, or an assignment."""
    exec(compile(call, "a call of the table", "exec"), names)


def shortened(text: str) -> str:
    """``text`` with the long lists of what is known, and the folder of this run, by their names."""
    for name, listed in _LISTS.items():
        text = text.replace(listed, name)
    text = _FIELDS.sub("<fields>", _REFUSALS.sub("\n  <refusals>", text))
    return _ADDRESS.sub("<address>", _FOUND.sub("", text).replace(str(Path.cwd()), "<cwd>"))
