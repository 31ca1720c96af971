"""A world that has ended takes no memory: a server lives longer than thousands of them."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from handlesfake.server.journal_file import JournalFile
from handlesfake.server.run.chronicle import Chronicle
from tests.server.lobby import activity, invite
from tests.server.rta import rta
from tests.server.worlds.lived import Lived, lived


def _deleted(server: Lived) -> None:
    server.ask("DELETE", "/worlds/lobby")


def _expired(server: Lived) -> None:
    server.machine.now += 60
    server.ask("GET", "/worlds")


@pytest.mark.parametrize("end", [_deleted, _expired])
def test_an_ended_world_is_freed(end: Callable[[Lived], None], tmp_path: Path) -> None:
    """Its double, its service and its journal are gone, whichever client was connected and whatever wrote down what came."""
    with lived() as server, ExitStack() as stack:
        chronicle, journal = Chronicle(server.site.worlds, 1000), JournalFile(tmp_path / "sent.jsonl")
        server.site.worlds.listen(lambda world: journal.follow(world.name, world.id, world.double))
        world = server.world("lobby", 60)
        client = stack.enter_context(rta(server.url, world["users"]["host"]["authorization"]))
        client.subscribe()
        server.show(world)
        server.post(world["users"]["host"], invite("3210"))
        _arrange(server)
        found = server.site.worlds["w1"]
        kept: list[weakref.ref[Any]] = [
            weakref.ref(one) for one in (found, found.double, found.core, found.core.engine, found.core.journal)
        ]
        del found
        end(server)

        assert client.hear() is None

        server.post(world["users"]["host"], activity())
        _until_freed(server, kept)
        journal.close()
        (default, story) = chronicle.stories()

    assert (0, 2, 1, "lobby") == (default.sent, story.sent, story.late, story.world.name)
    assert 2 == len((tmp_path / "sent.jsonl").read_text().splitlines())


def _arrange(server: Lived) -> None:
    """Whatever a test may leave behind."""
    for method, path, body in (
        ("POST", "rules", {"rules": [{"then": {"fault": "hang"}, "when": {"nth": 99}}]}),
        ("PUT", "snapshots/before", None),
        ("POST", "hold", {"operation": "delete_handle"}),
        ("POST", "service", {}),
        ("POST", "clock", {"freeze": True}),
    ):
        assert server.ask(method, f"/worlds/lobby/{path}", body).status < 300


def _until_freed(server: Lived, kept: list[weakref.ref[Any]]) -> None:
    for _ in range(200):
        gc.collect()
        if all(one() is None for one in kept):
            return
        server.ask("GET", "/clock")  # the loop has its turns meanwhile

    assert [] == [one() for one in kept if one() is not None]


def test_what_is_remembered_of_worlds_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the oldest it is only known that they existed: their tokens are still refused."""
    monkeypatch.setattr("handlesfake.server.worlds.past_worlds.KEPT", 2)
    with lived() as server:
        worlds = [server.world(f"lobby {number}") for number in range(4)]
        for world in worlds:
            server.ask("DELETE", f"/worlds/{world['id']}")
        texts = [server.post(world["users"]["host"], activity()).text.splitlines()[0] for world in worlds]
        oldest = server.ask("GET", "/worlds/w1/users")

        assert 0 == server.ask("GET", "/").json["requests"]

    assert [
        "the world w1 has ended, long ago.",
        "the world w2 has ended, long ago.",
        "the world 'lobby 2' (w3) has ended: it was deleted, 0.0 s ago.",
        "the world 'lobby 3' (w4) has ended: it was deleted, 0.0 s ago.",
    ] == texts
    assert 410 == oldest.status
