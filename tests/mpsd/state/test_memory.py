"""What the service holds of an activity, a session and a user, counted instead of weighed: the same on every machine.

Megabytes are in ``benchmarks/growth.md``. An object costs 50 to 100 bytes, a dict 200 or more, a reference eight.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

from handlesfake.fake_service.ids import Ids
from handlesfake.mpsd import arrange
from handlesfake.mpsd.callers import new_user
from handlesfake.mpsd.settings import DEFAULT_SCID, Settings
from handlesfake.mpsd.state.directory import Directory
from handlesfake.mpsd.state.identity import fingerprint
from handlesfake.mpsd.state.session import SessionRef

NOW = 17_676_936_000_000_000
FEW, MANY = 1000, 3000
MOST = 23, 1.5, 95
"""Objects, dicts and references of one activity, and a little for the nodes of the maps that hold it."""


def town(count: int) -> Directory:
    """So many users, each active in a separate session, and showing it."""
    directory, ids, settings = Directory(users_named=True), Ids("memory"), Settings(strict=True)
    for number in range(count):
        user = new_user(directory, settings)
        user = user.with_token(fingerprint(f"XBL3.0 x={user.user_hash};memory"))
        ref = SessionRef(DEFAULT_SCID, "FakeLobby", f"lobby-{number}")
        directory = directory.with_user(user)
        directory = arrange.session(directory, ref, members=(user,), now=NOW, new_id=ids, settings=settings)
        directory = arrange.activity(directory, user, ref, now=NOW + number, new_id=ids, settings=settings)
    return directory.at_rest()  # as the fake keeps it


def held_by(directory: Directory) -> Iterator[object]:
    """Every object that the directory holds, except classes."""
    seen: set[int] = set()
    waiting: list[object] = [directory]
    while waiting:
        one = waiting.pop()
        if id(one) not in seen and not isinstance(one, type):
            seen.add(id(one))
            waiting += gc.get_referents(one)
            yield one


def counts(directory: Directory) -> tuple[int, int, int]:
    """Objects, dicts among them, and references."""
    held = [*held_by(directory)]
    return len(held), sum(type(one) is dict for one in held), sum(len(gc.get_referents(one)) for one in held)


def test_an_activity_holds_few_objects() -> None:
    """With its session and its user; what is equal in all of them is held once."""
    few, many = counts(town(FEW)), counts(town(MANY))
    each = [(more - less) / (MANY - FEW) for more, less in zip(many, few, strict=True)]

    assert [True] * 3 == [count < most for count, most in zip(each, MOST, strict=True)], each
